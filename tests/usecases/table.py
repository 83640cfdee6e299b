"""Every use case with a request that does something on the desk of `test_tickets.desk`. It imports no click and no
tests/conftest: a process that has neither reads it too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec.structs import replace

from ticketctl.domain.config import ChatSource
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.plain_message import PlainMessage
from ticketctl.usecases.absences import SetAway, set_away
from ticketctl.usecases.access.keys import AddKey, RevokeKey, add_key, keys, revoke_key
from ticketctl.usecases.automation.escalate import Escalate, escalate
from ticketctl.usecases.chat.end import EndChat, end_chat
from ticketctl.usecases.chat.rooms import FindChats, find_chats
from ticketctl.usecases.chat.say import Say, say
from ticketctl.usecases.chat.see import See, see
from ticketctl.usecases.chat.visitor import new_token
from ticketctl.usecases.customer.ask_links import ask_links
from ticketctl.usecases.customer.form import Submission, submit
from ticketctl.usecases.customer.help_pages import help_pages
from ticketctl.usecases.customer.links import issue_link, link_for, revoke_links
from ticketctl.usecases.customer.page import AnswerByLink, Rate, answer, close_by_link, page, rate
from ticketctl.usecases.import_tickets import Import, import_tickets
from ticketctl.usecases.intake import quarantine
from ticketctl.usecases.intake.fetch import Fetch, fetch
from ticketctl.usecases.intake.inspect import Inspect, inspect
from ticketctl.usecases.intake.receive import Receive, receive
from ticketctl.usecases.intake.reconcile import Comparison, compare
from ticketctl.usecases.measures.effects import ReportMeasure, list_measures, report_measure
from ticketctl.usecases.measures.measure import StartMeasure, StopMeasure, start_measure, stop_measure
from ticketctl.usecases.outgoing.outbox import MailNamed, drop, outbox, release, retry
from ticketctl.usecases.outgoing.send import Send, send
from ticketctl.usecases.outgoing.webhooks import ResumeHook, resume_hook, webhooks
from ticketctl.usecases.patterns.change import (
    HidePattern,
    MergePatterns,
    NamePattern,
    SplitPattern,
    hide_pattern,
    merge_patterns,
    name_pattern,
    split_pattern,
)
from ticketctl.usecases.patterns.overview import FindPatterns, ShowPattern, patterns, show_pattern
from ticketctl.usecases.privacy.erase import Erase, erase
from ticketctl.usecases.privacy.export import ExportPerson, export_person
from ticketctl.usecases.privacy.link import LinkPersons, UnlinkPersons, link_persons, unlink_persons
from ticketctl.usecases.privacy.profiles import Restrict, WriteFact, restrict, write_fact
from ticketctl.usecases.privacy.rectify import Rectify, rectify
from ticketctl.usecases.privacy.show import ShowPerson, show_person
from ticketctl.usecases.reply.drafts import DropDraft, FindDrafts, drafts, drop_draft
from ticketctl.usecases.reply.past_answers import AskPast, past_answers
from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.reply.suggest_draft import SuggestDraft, suggest_draft
from ticketctl.usecases.reply.take_back import TakeBack, take_back
from ticketctl.usecases.rules.check import check_rules, check_snippets
from ticketctl.usecases.rules.replay import Replay, replay
from ticketctl.usecases.rules.test import run_tests
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.assign import Assign, Gift, Reallocate, assign, reallocate
from ticketctl.usecases.tickets.close import Close, MarkSpam, Reopen, close, mark_spam, reopen
from ticketctl.usecases.tickets.handover import Handover, handover
from ticketctl.usecases.tickets.hold import Hold, hold
from ticketctl.usecases.tickets.label import Label, label
from ticketctl.usecases.tickets.link import LinkTickets, link
from ticketctl.usecases.tickets.merge import Merge, Unmerge, merge, suggest_merges, unmerge
from ticketctl.usecases.tickets.move import Move, Split, move, split
from ticketctl.usecases.tickets.new import NewTicket, new
from ticketctl.usecases.tickets.note import WriteNote, write_note
from ticketctl.usecases.tickets.priority import Prioritise, prioritise
from ticketctl.usecases.tickets.promise import Promise, promise
from ticketctl.usecases.tickets.requester import SetRequester, set_requester
from ticketctl.usecases.tickets.set_fields import SetFields, set_fields
from ticketctl.usecases.tickets.take import Take, take
from ticketctl.usecases.tickets.triage import Triage, suggest_triage, triage
from ticketctl.usecases.tickets.undo import Undo, undo
from ticketctl.usecases.tickets.wait import Wait, wait
from ticketctl.usecases.tickets.watch import Unwatch, Watch, unwatch, watch
from ticketctl.usecases.upkeep.audit import VerifyAudit, verify_audit
from ticketctl.usecases.upkeep.cron import JOBS, Cron
from ticketctl.usecases.upkeep.cron import show as show_cron
from ticketctl.usecases.upkeep.doctor import Examine, examine
from ticketctl.usecases.upkeep.login import LogOut, log_out, logins
from ticketctl.usecases.upkeep.privacy_check import CheckPrivacy, check_privacy
from ticketctl.usecases.upkeep.privacy_record import DraftRecord, draft_record
from ticketctl.usecases.views.board import board
from ticketctl.usecases.views.explain import Explain, explain
from ticketctl.usecases.views.explain_figure import ExplainFigure, explain_figure
from ticketctl.usecases.views.export import export
from ticketctl.usecases.views.file import GetFile, get_file
from ticketctl.usecases.views.inbox import inbox
from ticketctl.usecases.views.list import ListTickets, list_tickets, search
from ticketctl.usecases.views.people import people
from ticketctl.usecases.views.period import ReportOn
from ticketctl.usecases.views.product import product_report
from ticketctl.usecases.views.report import mail_report, report
from ticketctl.usecases.views.show import Show, show
from ticketctl.usecases.views.snippets import TrySnippet, show_snippet, snippet_values, snippets, try_snippet
from ticketctl.usecases.views.workload import propose_reallocation


def exported(session: Session) -> list[Ticket]:
    return list(export(session))


FILE = hashlib.sha256(b"Kvitto").hexdigest()  # on ticket 2
IMPORTED_LINE = {"number": 70, "subject": "Från annat håll", "requester": {"address": "asa@kund.example"}}


def link_to(session: Session, number: int) -> str:
    """The token of the link that tests/usecases/conftest.py gave out."""
    with session.store.reading() as desk:
        return link_for(session, desk.get(number), desk).rpartition("/")[2]


def seen_page(session: Session) -> Any:
    return page(session, link_to(session, 1))


def answered_page(session: Session, text: str, *, keep: bool = True) -> Any:
    return answer(session, AnswerByLink(token=link_to(session, 1), id="3@page.example", text=text), keep=keep)


def closed_page(session: Session, _request: None, *, keep: bool = True) -> Any:
    return close_by_link(session, link_to(session, 1), keep=keep)


def rated_page(session: Session, rating: int, *, keep: bool = True) -> Any:
    return rate(session, Rate(token=link_to(session, 2), rating=rating, text="Tack"), keep=keep)


SUBMITTED = PlainMessage(id="1@form.example", sender=Person("asa@kund.example"), text="Var är min kanna?")


class Row(NamedTuple):
    """`call(session, request, keep=…)`. `refused` are actors whom it refuses whatever their role."""

    call: Callable[..., Any]
    request: Any
    refused: tuple[str, ...] = ()


def fetch_inbox(session: Session, request: Fetch, *, keep: bool = True) -> Any:
    sources = (f"maildir:{session.folder / request.sources[0]}",)
    ended = fetch(session, Fetch(sources=sources), keep=keep)
    assert [one.error for one in ended.results] == [""]
    return ended


def compare_inbox(session: Session, folder: str) -> Comparison:
    found = compare(session, f"maildir:{session.folder / folder}", progress=lambda _count, _expected: None)
    assert (found.compared, found.error) == (1, "")
    return found


def known_logins(session: Session) -> list[Any]:
    return list(logins(session))


def in_chat(call: Callable[..., Any]) -> Callable[..., Any]:
    """The use case on a desk that has a chat, with a visitor's token."""

    def called(session: Session, request: Any, **given: Any) -> Any:
        config = replace(session.config, sources=(*session.config.sources, ChatSource(name="shop")))
        session = replace(session, app=replace(session.app, open_config=lambda _app: config))
        return call(session, replace(request, token=new_token(session, "shop")), **given)

    return called


def end_said(session: Session, request: EndChat, **given: Any) -> Any:
    """Of a chat in which something was said; first of one in which nothing was."""
    end_chat(session, request, **given)
    say(session, Say(source="shop", token=request.token, client="fedcba9876543210", text="Hej!"), **given)
    return end_chat(session, request, **given)


# By its name in permissions.USE_CASES. Ticket 1 is open and alice's (two messages: m1, m2), 2 is closed, 3 is open and
# of another customer, 4 is bo's
# and watched by the whole team, 5 was merged into 6, 7 was labelled by everybody.
# On 8 a reply waits for Monday, on 9 one is to be sent, 10 has
# a draft of a rule.
# Measure 1 runs. In the Maildir inkorg/ lies a mail, and two are in quarantine.
TABLE: dict[str, Row] = {
    "assign": Row(assign, Assign(tickets=(1,), to="none")),
    "close": Row(close, Close(tickets=(1,), cause="leverans", fields={"category": "faktura"})),
    "label": Row(label, Label(tickets=(1,), add=("vip",))),
    "link": Row(link, LinkTickets(ticket=1, others=(3,))),
    "merge": Row(merge, Merge(tickets=(3,), into=4)),
    "new": Row(new, NewTicket(text="Ringde om leveransen.", requester=Person("åsa@kund.example"), assign="alice")),
    "note": Row(write_note, WriteNote(tickets=(1,), text="Ringde kunden.")),
    "fetch": Row(fetch_inbox, Fetch(sources=("inkorg",))),
    "receive": Row(receive, Receive(source="web", channel="form", message=SUBMITTED)),
    "form": Row(submit, Submission(id="2@form.example", source="web", email="asa@kund.example", text="Hej!")),
    "chat say": Row(in_chat(say), Say(source="shop", token="", client="0123456789abcdef", text="Hej!")),
    "chat end": Row(in_chat(end_said), EndChat(source="shop", token="")),
    "page issue": Row(issue_link, 4),
    "page revoke": Row(revoke_links, 1),
    "page answer": Row(answered_page, "Och en sak till."),
    "page close": Row(closed_page, None),
    "page ask": Row(ask_links, "åsa@kund.example"),
    "page rate": Row(rated_page, 4),
    "login": Row(log_out, LogOut(source="support")),
    "quarantine release": Row(quarantine.release, quarantine.Release(id="aside1")),
    "quarantine drop": Row(quarantine.drop, quarantine.Drop(id="aside2")),
    "priority": Row(prioritise, Prioritise(tickets=(1,), priority="high")),
    "reply": Row(reply, ReplyRequest(ticket=1, text="Den kommer snart.", promise="none", check="off")),
    "suggest_draft": Row(suggest_draft, SuggestDraft(ticket=1)),
    "reopen": Row(reopen, Reopen(tickets=(2,))),
    "set": Row(set_fields, SetFields(tickets=(1,), fields={"area": "app"})),
    "spam": Row(mark_spam, MarkSpam(tickets=(1,))),
    "unmerge": Row(unmerge, Unmerge(tickets=(5,))),
    "unwatch": Row(unwatch, Unwatch(tickets=(4,)), refused=("system",)),
    "wait": Row(wait, Wait(tickets=(1,), until="5d")),
    "watch": Row(watch, Watch(tickets=(1,)), refused=("system",)),
    "move": Row(move, Move(ticket=1, message="m2", target=3)),
    "split": Row(split, Split(ticket=1, message="m2")),
    "requester": Row(set_requester, SetRequester(ticket=1, requester="Eva Ek <eva@kund.example>")),
    "promise": Row(promise, Promise(tickets=(1,), when="friday")),
    "take": Row(take, Take(), refused=("system",)),
    "import": Row(import_tickets, Import(tickets=lambda: [("t.jsonl:1", IMPORTED_LINE)])),
    "handover": Row(handover, Handover(giver="bo", receiver="alice")),
    "webhook resume": Row(resume_hook, ResumeHook(name="lager")),
    "key add": Row(add_key, AddKey(name="lager", scopes=("read", "write"), agent="bo")),
    "key revoke": Row(revoke_key, RevokeKey(name="butik")),
    "away": Row(set_away, SetAway(agent="bo", days="tomorrow")),
    "triage": Row(triage, Triage(tickets=(10,))),
    "reallocate": Row(reallocate, Reallocate((Gift(1, 3, "bo"),))),
    "undo": Row(undo, Undo(tickets=(7,))),
    "send": Row(send, Send()),
    "release": Row(release, MailNamed("8")),
    "retry": Row(retry, MailNamed("8")),
    "drop": Row(drop, MailNamed("8")),
    "drop_draft": Row(drop_draft, DropDraft(tickets=(10,))),
    "escalate": Row(escalate, Escalate()),
    "take_back": Row(take_back, TakeBack(mail="8")),
    "hold": Row(hold, Hold(tickets=(1,), why="tvist")),
    "person link": Row(link_persons, LinkPersons(person="åsa@kund.example", other="070-123 45 67")),
    "person unlink": Row(unlink_persons, UnlinkPersons(person="åsa@kund.example", other="bo@kund.example")),
    "person note": Row(write_fact, WriteFact(person="åsa@kund.example", text="faktura kvartalsvis")),
    "person restrict": Row(restrict, Restrict(person="åsa@kund.example")),
    "person rectify": Row(rectify, Rectify(person="per@annan.example", name="Per Eklund")),
    "person export": Row(export_person, ExportPerson(person="åsa@kund.example")),
    "person erase": Row(erase, Erase(person="åsa@kund.example", accept=frozenset({"erase_person"}))),
    "patterns name": Row(name_pattern, NamePattern(id=1, name="Leveranser")),
    "patterns merge": Row(merge_patterns, MergePatterns(id=1, others=(2,))),
    "patterns split": Row(split_pattern, SplitPattern(id=1, tickets=(1, 2, 3, 4, 6))),
    "patterns hide": Row(hide_pattern, HidePattern(id=1)),
    "measure start": Row(start_measure, StartMeasure(name="Ny FAQ", cause="leverans")),
    "measure stop": Row(stop_measure, StopMeasure(number=1)),
    "mail_report": Row(mail_report, ReportOn(week="2026-W46")),
}


class View(NamedTuple):
    """`call(session, *requests)` changes no ticket. `refused` are actors whom it refuses whatever their role."""

    call: Callable[..., Any]
    requests: tuple[Any, ...] = ()
    refused: tuple[str, ...] = ()


# What everybody may look at, by its name in permissions.USE_CASES; on the same desk.
VIEWS: dict[str, View] = {
    "chats": View(find_chats, (FindChats(also=frozenset({1})),)),
    "chat see": View(in_chat(see), (See(source="shop", token=""),)),
    "inspect": View(inspect, (Inspect(raw=b"From: asa@kund.example\n\nHej"),)),
    "cron show": View(show_cron, (Cron(("ticketctl",), {name: (name,) for name in JOBS}),)),
    "doctor": View(lambda session, request: tuple(examine(session, request)), (Examine(offline=True),)),
    "rules check": View(check_rules),
    "rules replay": View(replay, (Replay(since="90d"),)),
    "rules test": View(run_tests),
    "snippets check": View(check_snippets),
    "logins": View(known_logins),
    "quarantine": View(quarantine.quarantined),
    "quarantine show": View(quarantine.look, ("aside1",)),
    "reconcile": View(compare_inbox, ("inkorg",)),
    "audit verify": View(verify_audit, (VerifyAudit(),)),
    "privacy check": View(check_privacy, (CheckPrivacy(offline=True),)),
    "privacy record": View(draft_record, (DraftRecord(),)),
    "board": View(board),
    "propose_reallocation": View(propose_reallocation),
    "explain": View(explain, (Explain(tickets=(1, 2)),)),
    "export": View(exported),
    "inbox": View(inbox, refused=("system",)),
    "list": View(list_tickets, (ListTickets(owner="me"),)),
    "people": View(people),
    "product": View(product_report, (ReportOn(),)),
    "report": View(report, (ReportOn(by="label", over="day"),)),
    "measure list": View(list_measures),
    "measure report": View(report_measure, (ReportMeasure(number=1),)),
    "explain_figure": View(explain_figure, (ExplainFigure(figure="first_response"),)),
    "help": View(help_pages, ("sv", "retur")),
    "page": View(seen_page),
    "show": View(show, (Show(tickets=(1, 2), why=True),)),
    "past_answers": View(past_answers, (AskPast(ticket=1),)),
    "patterns": View(patterns, (FindPatterns(since="90d"),)),
    "patterns show": View(show_pattern, (ShowPattern(id=1),)),
    "outbox": View(outbox),
    "drafts": View(drafts, (FindDrafts(mine=True),)),
    "snippets": View(snippets),
    "show_snippet": View(show_snippet, ("mottaget",)),
    "try_snippet": View(try_snippet, (TrySnippet(name="mottaget", ticket=1),)),
    "snippet_values": View(snippet_values),
    "suggest_merges": View(suggest_merges, ((1, 3),)),
    "suggest_triage": View(suggest_triage, (Triage(tickets=(1,)),)),
    "person show": View(show_person, (ShowPerson(person="åsa@kund.example"),)),
    "key list": View(keys),
    "webhook list": View(webhooks),
    "file": View(get_file, (GetFile(ticket=2, sha256=FILE),)),
    "search": View(search, (ListTickets(search="fakturan"),)),
}
# Tried in tests/usecases/test_upkeep.py: what they change is no ticket.
UPKEEP = {
    *("audit show", "backup", "cron install", "cron remove", "privacy breach", "purge", "recover", "resume", "unmask"),
}
# Tried in tests/commands/test_patterns_faq.py: it writes a page.
PAGES = {"patterns faq"}
# Tried in tests/web/test_team_pages.py: it needs a mail with HTML.
FILES = {"message_html"}
# What changes nothing here, but sends something: tests/commands/test_webhook.py.
SENDS = {"webhook test"}
# Tried in tests/usecases/test_users.py: passwords need an extra.
USERS = {
    *("user add", "user list", "user remove", "user password", "user sessions", "user logout"),
    *("log_in", "second_step", "save_view", "use_keys"),
}
