"""The web pages and the API of `serve`, one file a resource; may import present, usecases, content, ports, domain,
errors.

This module alone knows how a session is made (wiring). A route declares its door (doors.py), calls a use case, and
renders its result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from ticketctl.domain.config import Web
    from ticketctl.usecases.session import Session, Via


def open_site(*, desk: str = "", environ: Mapping[str, str] | None = None) -> tuple[Flask, Web]:
    """The application of that desk ("": found from here), and how it is to be reached. `environ` has the keys and
    secrets of its doors (None: the process's environment). Raises NoDesk, BadRules, MissingExtra."""
    from ticketctl.wiring import build_session, find_desk

    folder = str(find_desk(desk))
    config = build_session(desk=folder, user="system", via="web").config
    _must_have_extra()
    from ticketctl.web.site import create_site
    from ticketctl.wiring import warmth

    kept = warmth()

    def open_session(user: str, via: Via) -> Session:
        return build_session(desk=folder, user=user, via=via, environ=environ, warmth=kept)

    return create_site(open_session), config.web


def _must_have_extra() -> None:
    from importlib.util import find_spec

    from ticketctl.errors import MissingExtra

    if any(find_spec(name) is None for name in ("flask", "waitress", "argon2", "nh3", "pyotp")):
        raise MissingExtra(
            "web pages need the extra: pip install 'ticketctl[web]'",
            code="no_web_extra",
        )
