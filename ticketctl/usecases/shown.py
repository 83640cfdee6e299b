"""`privacy: mask_shown`: what is stored as it came, and starred out wherever it is shown or sent.

Whatever reads a snapshot of the store, and cannot save it, is given masked tickets; what changes a ticket has it whole,
and its result is masked before it is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import msgspec

if TYPE_CHECKING:
    from ticketctl.domain.ticket.ticket import Ticket
    from ticketctl.ports.store import Desk, Store
    from ticketctl.usecases.session import Session


def shown(session: Session, ticket: Ticket) -> Ticket:
    """A ticket as it may be shown."""
    kinds = session.masked_where_shown
    return _masked(ticket, kinds) if kinds else ticket


def shown_in(session: Session, result: Any) -> Any:
    """A result, or a batch of them, with every ticket in it as it may be shown."""
    kinds = session.masked_where_shown
    return _within(result, kinds) if kinds else result


def _within(value: Any, kinds: tuple[str, ...]) -> Any:
    from ticketctl.domain.ticket.ticket import Ticket

    if isinstance(value, Ticket):
        return _masked(value, kinds)
    if isinstance(value, tuple | list) and type(value) in (tuple, list):
        return type(value)(_within(one, kinds) for one in value)
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        after = {name: _within(one, kinds) for name, one in fields.items()}
        changed = {name: one for name, one in after.items() if one is not fields[name]}
        return msgspec.structs.replace(value, **changed) if changed else value
    return value


def shown_text(session: Session, text: str) -> str:
    kinds = session.masked_where_shown
    if not kinds:
        return text
    from ticketctl.domain.privacy.masking import mask

    return mask(text, kinds)


def showing(store: Store, kinds: tuple[str, ...]) -> Store:
    """The store, whose snapshots give masked tickets."""
    return cast("Store", _Store(store, kinds))


class _Store:
    def __init__(self, store: Store, kinds: tuple[str, ...]) -> None:
        self._store = store
        self._kinds = kinds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def reading(self) -> Iterator[Desk]:
        with self._store.reading() as desk:
            yield cast("Desk", _Snapshot(desk, self._kinds))


class _Snapshot:
    def __init__(self, desk: Desk, kinds: tuple[str, ...]) -> None:
        self._desk = desk
        self._kinds = kinds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

    def get(self, number: int) -> Ticket:
        return _masked(self._desk.get(number), self._kinds)

    def find(self, *query: Any, **how: Any) -> Iterator[Ticket]:
        return (_masked(ticket, self._kinds) for ticket in self._desk.find(*query, **how))


def _masked(ticket: Ticket, kinds: tuple[str, ...]) -> Ticket:
    from ticketctl.domain.rules.actions import unreadable

    return unreadable(ticket, kinds)
