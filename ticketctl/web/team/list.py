"""The list of tickets: filters, search, saved views, pages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ticketctl.content.terminal import line
from ticketctl.content.words import PRIORITY, STATUS
from ticketctl.domain.ticket.ticket import PRIORITIES, STATUSES
from ticketctl.errors import TicketctlError
from ticketctl.present.words.web_list import TEXTS
from ticketctl.usecases.users.preferences import SaveView, save_view, saved_views
from ticketctl.usecases.views.list import Listed, ListTickets, list_tickets
from ticketctl.web.doors import door
from ticketctl.web.errors import sentence, status_of
from ticketctl.web.language import language, speak
from ticketctl.web.team.guard import mine
from ticketctl.web.team.rows import row

pages = Blueprint("list", __name__)
PAGE = 50
FILTERS = ("status", "owner", "priority", "label", "overdue", "all", "q")


@pages.get("/tickets")
@door("agent", needs="list")
def page() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "")[:200] for name in FILTERS if request.args.get(name)}
    wrong, status = "", 200
    try:
        found = list_tickets(mine(), _request(asked))
    except TicketctlError as error:
        found, wrong, status = Listed((), (), True), sentence(error, language()), status_of(error)
    number = asked.get("q", "").strip().lstrip("#")
    if number.isascii() and number.isdecimal() and found.tickets and str(found.tickets[0].ticket.number) == number:
        return redirect(url_for("ticket.page", number=number), 303)
    return _drawn(asked, found, wrong), status


@pages.post("/tickets/views")
@door("agent", needs="save_view")
def keep() -> ResponseReturnValue:
    """Saves the filters of the page under a name, or forgets that name."""
    query = urlencode([one for one in parse_qsl(request.form.get("query", "")) if one[0] in FILTERS])
    forget = request.form.get("do") == "forget"
    save_view(mine(), SaveView(name=request.form.get("name", ""), query="" if forget else query or "all="))
    return redirect(f"{url_for('.page')}?{query}", 303)


def _request(asked: Mapping[str, str]) -> ListTickets:
    owner = asked.get("owner")
    status = tuple(one for one in STATUSES if one == asked.get("status"))
    return ListTickets(
        owner="" if owner == "none" else owner,
        statuses=status,
        priorities=tuple(one for one in PRIORITIES if one == asked.get("priority")),
        labels=(asked["label"],) if asked.get("label") else (),
        search=asked.get("q", ""),
        overdue=bool(asked.get("overdue")),
        everything=bool(asked.get("all") or asked.get("q") or "closed" in status),
    )


def _chosen(asked: Mapping[str, str]) -> list[str]:
    """The filters that are set, in words."""
    spoken, say = language(), speak(TEXTS)
    words = {
        "status": STATUS[spoken].get(asked.get("status", ""), ""),
        "owner": {"me": say("me"), "none": say("nobody")}.get(asked.get("owner", ""), asked.get("owner", "")),
        "priority": PRIORITY[spoken].get(asked.get("priority", ""), ""),
        "overdue": say("overdue"),
        "all": say("all"),
    }
    return [line(words.get(name, given)) for name, given in asked.items() if words.get(name, given)]


def _drawn(asked: Mapping[str, str], found: Listed, wrong: str) -> str:
    last = max(1, -(-len(found.tickets) // PAGE))
    given = request.args.get("page", "1")
    at = min(last, max(1, int(given))) if given.isascii() and given.isdecimal() else 1
    config, spoken = mine().config, language()
    views = saved_views(mine())
    query = urlencode(asked)
    writing = {one.number: one.agent for one in found.writing}
    return render_template(
        "agent/list.html",
        say=speak(TEXTS),
        rows=[row(one) for one in found.tickets[(at - 1) * PAGE : at * PAGE]],
        writing=writing,
        count=len(found.tickets),
        late=sum(one.overdue for one in found.tickets),
        asked=asked,
        chosen=_chosen(asked),
        asked_words=asked.get("q", ""),
        query=query,
        views=views,
        view=next((name for name, kept in views.items() if kept == query), ""),
        at=at,
        last=last,
        link=lambda number: f"{url_for('.page')}?{urlencode({**asked, 'page': number})}",
        statuses=[(one, STATUS[spoken][one]) for one in STATUSES],
        priorities=[(one, PRIORITY[spoken][one]) for one in PRIORITIES],
        owners=[one.name for one in config.team],
        labels=config.labels,
        wrong=wrong,
        here="mine" if asked == {"owner": "me"} else "list",
    )
