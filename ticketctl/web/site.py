"""The site: all resources together."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

from ticketctl.domain.settings.settings import as_words
from ticketctl.present.words.web import TEXTS
from ticketctl.web import chat, form, form_api, help_pages, hooks, link, pages
from ticketctl.web.api import changes, openapi, tickets
from ticketctl.web.api.guard import keep_out
from ticketctl.web.caps import Caps
from ticketctl.web.chat_gate import Gate
from ticketctl.web.current import Lasting, OpenSession, Site, site
from ticketctl.web.doors import Door, Guard, keep_doors
from ticketctl.web.errors import handle_errors
from ticketctl.web.language import language, remember, speak
from ticketctl.web.security import keep_safe
from ticketctl.web.team import account, board, duplicates, figures, guard, login, quarantine, reply, ticket, work
from ticketctl.web.team import list as list_
from ticketctl.web.together import Together

LARGEST = 64 * 1024 * 1024  # bytes of a request; each route has its own limit below
FORM_TEXT = 2 * 1024 * 1024  # bytes of the text fields of a form
TEAM = (
    *(login.pages, account.pages, board.pages, list_.pages, ticket.pages, reply.pages, work.pages),
    figures.pages,
    quarantine.pages,
    duplicates.pages,
)
BLUEPRINTS = (
    pages.pages,
    form.forms,
    form_api.form_api,
    chat.pages,
    help_pages.helps,
    hooks.hooks,
    link.links,
    tickets.tickets,
    changes.changes,
    openapi.description,
    *TEAM,
)
GUARDS: dict[Door, Guard] = {"api": keep_out, "agent": guard.enter, "visitor": chat.guard}


class TicketNumber(IntegerConverter):
    """`<ticket:number>` in a route: a number that a ticket may have."""

    regex = r"[1-9][0-9]{0,8}"


def create_site(open_session: OpenSession) -> Flask:
    """`open_session` makes a session of somebody by a front end, for one request."""
    app = Flask("ticketctl.web")
    app.config.update(MAX_CONTENT_LENGTH=LARGEST, MAX_FORM_MEMORY_SIZE=FORM_TEXT, MAX_FORM_PARTS=200)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["ticketctl"] = Site(Lasting(open_session))
    app.extensions["caps"] = Caps()
    app.extensions["together"] = Together()
    app.url_map.converters["ticket"] = TicketNumber
    handle_errors(app)
    keep_safe(app)
    app.after_request(remember)
    app.context_processor(_common)
    app.jinja_env.filters["as_words"] = as_words
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    keep_doors(app, GUARDS)
    gate = Gate(app.wsgi_app, open_session)
    app.extensions["chat"] = gate
    app.wsgi_app = gate  # type: ignore[method-assign]  # as Flask says that middleware is put before it
    return app


def _common() -> dict[str, Any]:
    """What every template may say."""
    return {"common": speak(TEXTS), "language": language(), "desk_name": site().shown.name, **guard.common()}
