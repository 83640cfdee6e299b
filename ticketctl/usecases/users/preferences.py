"""What a page remembers for an agent: saved views of the list, and whether single letters are commands."""

from __future__ import annotations

import msgspec

from ticketctl.errors import Usage
from ticketctl.usecases.session import Session
from ticketctl.usecases.users.accounts import account, must_be_user, save_account

VIEW = "view "  # facts of the desk: "view bo Mina VIP" → the query of the list's address
MOST, LONGEST = 30, 60


class SaveView(msgspec.Struct, frozen=True, kw_only=True):
    """`query` as it stands in the list's address; "" forgets the view."""

    name: str
    query: str = ""


def saved_views(session: Session) -> dict[str, str]:
    """Of the actor: queries by name."""
    beginning = f"{VIEW}{session.actor} "
    with session.store.reading() as desk:
        return {key.removeprefix(beginning): value for key, value in desk.facts(beginning)}


def save_view(session: Session, request: SaveView, *, keep: bool = True) -> None:
    """Raises Usage for a name that is none, or one too many."""
    session.must("save_view", keep=keep)
    name = " ".join(request.name.split())
    if not name or len(name) > LONGEST:
        raise Usage("a view has a name of 1 to {most} characters", code="view_name", most=LONGEST)
    beginning = f"{VIEW}{session.actor} "
    with session.store.transaction(keep=keep) as desk:
        known = {key for key, _ in desk.facts(beginning)}
        if request.query and len(known - {beginning + name}) >= MOST:
            raise Usage("there are {most} views; delete one first", code="many_views", most=MOST)
        desk.remember(f"{VIEW}{session.actor} {name}", request.query[:1000])


def uses_keys(session: Session) -> bool:
    """Whether single letters are commands for the actor (WCAG 2.1.4)."""
    with session.store.reading() as desk:
        found = account(desk, session.actor)
    return found is None or found.keys


def use_keys(session: Session, on: bool, *, keep: bool = True) -> None:
    session.must("use_keys", keep=keep)
    known = must_be_user(session, session.actor)
    with session.store.transaction(keep=keep) as desk:
        now = account(desk, session.actor) or known
        save_account(desk, session.actor, msgspec.structs.replace(now, keys=on))
