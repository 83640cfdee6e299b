"""What every answer and every request of the site has in common: headers, and who may post.

Content Security Policy Level 3; Fetch Metadata (Sec-Fetch-Site); the Origin header (RFC 6454).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import Forbidden

from ticketctl.web.current import site
from ticketctl.web.doors import door_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def keep_safe(app: Flask) -> None:
    app.before_request(_from_here)
    app.after_request(_headers)


def frames(endpoint: str | None) -> bool:
    """Whether the route may stand in a frame of the sites in `web: frames:`."""
    view = current_app.view_functions.get(endpoint or "")
    return bool(getattr(view, "framed", False))


def _headers(response: Response) -> Response:
    own = bool(getattr(current_app.view_functions.get(request.endpoint or ""), "framed_by_us", False))
    ancestors = " ".join(site().shown.web.frames) if frames(request.endpoint) else "'self'" if own else ""
    policy = POLICY.format(ancestors=ancestors or "'none'")
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if not ancestors:
        response.headers["X-Frame-Options"] = "DENY"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store, private"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _from_here() -> None:
    """What changes something comes from a page of ours: no browser sends another site's request with our Origin. A
    program that sends neither header is no browser, and has no cookie that others could use."""
    if request.method not in CHANGING or request.endpoint is None:
        return
    if door_of(current_app, request.endpoint) in ("api", "hook", "signed"):
        return  # they have a key or a signature, and no cookie
    origin = request.headers.get("Origin", "")
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        raise Forbidden
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden
