"""Who may come in by which route. A route without a door is refused when the site is made, so that none is forgotten;
the test of all routes reads the same table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

Door = Literal["public", "login", "form", "link", "visitor", "agent", "api", "hook", "signed"]
"""public: for everybody, and it changes nothing; login: everybody who wants to come in, and attempts are counted; form:
everybody, with a form token of ours; link: whoever has the link of one ticket; visitor: whoever has the token of one
chat; agent: who is logged in; api: a key with a scope; hook: another system, by a key of ours; signed: another system,
by what proves each of its calls."""

Guard = Callable[[], ResponseReturnValue | None]  # what is answered instead of the route; None: come in
View = TypeVar("View", bound=Callable[..., Any])


def door(kind: Door, *, needs: str = "") -> Callable[[View], View]:
    """Declares the door of a route; `needs` is the use case whose role an agent must have, or the scope of a key."""

    def mark(view: View) -> View:
        view.door, view.needs = kind, needs  # type: ignore[attr-defined]  # functions take attributes
        return view

    return mark


def framed(view: View) -> View:
    """The route may stand in a frame of the sites in `web: frames:`."""
    view.framed = True  # type: ignore[attr-defined]  # functions take attributes
    return view


def door_of(app: Flask, endpoint: str) -> Door:
    """Raises LookupError where the route declares none."""
    if endpoint == "static":
        return "public"
    kind: Door | None = getattr(app.view_functions[endpoint], "door", None)
    if kind is None:
        raise LookupError(f"the route {endpoint} declares no door")
    return kind


def needs_of(app: Flask, endpoint: str) -> str:
    return str(getattr(app.view_functions[endpoint], "needs", ""))


def keep_doors(app: Flask, guards: dict[Door, Guard]) -> None:
    """From now on each request is looked at by the guard of its door first."""
    for rule in app.url_map.iter_rules():
        door_of(app, rule.endpoint)

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        keeper = guards.get(door_of(current_app, request.endpoint))
        return keeper() if keeper else None
