"""/help: the help pages that are public, with search, and what is suggested to somebody who fills in a form."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from werkzeug.exceptions import NotFound

from ticketctl.errors import NoSuchTicket
from ticketctl.present.markdown import html
from ticketctl.present.words.web_help import TEXTS
from ticketctl.usecases.customer.help_pages import help_page, help_pages, suggested
from ticketctl.web.current import session, site
from ticketctl.web.doors import door
from ticketctl.web.language import language, speak

helps = Blueprint("help", __name__)

LONGEST = 300  # characters of what is asked


@helps.get("/help")
@door("public")
def find() -> str:
    words = request.args.get("q", "")[:LONGEST]
    pages = help_pages(session("web"), language(), words)
    return render_template("help.html", say=speak(TEXTS), words=words, pages=pages, forms=site().open_forms)


@helps.get("/help/<name>")
@door("public")
def show(name: str) -> str:
    try:
        page = help_page(session("web"), name)
    except NoSuchTicket:
        raise NotFound from None
    text = html(page.text)
    return render_template("help_page.html", say=speak(TEXTS), page=page, text=text, forms=site().open_forms)


@helps.get("/help-for-form")
@door("public")
def suggest() -> Response:
    pages = suggested(session("web"), language(), request.args.get("q", "")[:LONGEST])
    return jsonify(pages=[{"title": one.title, "address": url_for("help.show", name=one.name)} for one in pages])
