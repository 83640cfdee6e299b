"""In which language a page speaks: what was chosen, else what the browser asks for, else the desk's.

Accept-Language: RFC 9110, 12.5.4.
"""

from __future__ import annotations

from flask import Response, current_app, g, request

from ticketctl.present.words import Say, Texts, say_in
from ticketctl.web.current import site
from ticketctl.web.doors import door_of

LANGUAGES = ("sv", "en")
COOKIE = "language"
YEAR = 365 * 24 * 3600


def language() -> str:
    """ "sv" or "en", the same for the whole request."""
    if "language" not in g:
        g.language = _chosen()
    return str(g.language)


def speak(texts: Texts) -> Say:
    """Says what `texts` has, in the language of the page."""
    return say_in(language(), texts)


def remember(response: Response) -> Response:
    """Whoever chose a language keeps it; nothing is stored where nobody chose."""
    chosen = request.args.get("lang", "")
    if request.endpoint and door_of(current_app, request.endpoint) == "visitor":
        return response  # the shop's page says in which language its frame speaks
    if chosen in LANGUAGES and request.cookies.get(COOKIE) != chosen:
        response.set_cookie(
            COOKIE, chosen, max_age=YEAR, secure=request.is_secure, httponly=True, samesite="Lax", path="/"
        )
    return response


def _chosen() -> str:
    for one in (request.args.get("lang", ""), request.cookies.get(COOKIE, "")):
        if one in LANGUAGES:
            return one
    own = site().shown.language
    return request.accept_languages.best_match(LANGUAGES, own if own in LANGUAGES else "en") or "en"
