"""What stands at the root of the site: the ways in, and that it is alive."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from ticketctl.domain.config import FormSource
from ticketctl.web.current import site
from ticketctl.web.doors import door

pages = Blueprint("pages", __name__)


@pages.get("/")
@door("public")
def start() -> str:
    """The forms and chats that are open."""
    forms = [one for one in site().config.web_sources if isinstance(one, FormSource) and one.open]
    return render_template("start.html", forms=forms)


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
