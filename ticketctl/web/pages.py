"""What stands at the root of the site: the ways in, and that it is alive."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from ticketctl.usecases.customer.help_pages import help_pages
from ticketctl.web.current import session, site
from ticketctl.web.doors import door
from ticketctl.web.language import language

pages = Blueprint("pages", __name__)


@pages.get("/")
@door("public")
def start() -> str:
    """The forms and chats that are open."""
    pages = help_pages(session("web"), language())
    return render_template("start.html", forms=site().open_forms, chats=site().open_chats, any_help=bool(pages))


@pages.get("/health")
@door("public")
def health() -> Response:
    """For a proxy or a watchdog: rules.yaml can be read.

    It says nothing about the desk.
    """
    site().config  # noqa: B018 - raises where it cannot
    return Response("ok\n", mimetype="text/plain")


@pages.get("/robots.txt")
@door("public")
def robots() -> Response:
    """Only the help pages are for search engines: what a link opens is nobody else's (RFC 9309)."""
    lines = ["User-agent: *", "Allow: /help", "Disallow: /", ""]
    return Response("\n".join(lines), mimetype="text/plain")
