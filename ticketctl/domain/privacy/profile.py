"""What the desk knows of a customer beside their tickets: addresses that are theirs, notes, a restriction."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ticketctl.domain.privacy.person import Identity, folded


class PersonNote(msgspec.Struct, frozen=True, kw_only=True):
    """A fact about a customer, shown on each of their tickets."""

    at: datetime
    by: str
    text: str


class Profile(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`addresses` are canonical, the current one first, then old and merged ones; `names` were given with them once;
    `callers` are how somebody without mail was noted. Since `restricted_at` the data is kept and not used."""

    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()
    notes: tuple[PersonNote, ...] = ()
    restricted_at: datetime | None = None
    restricted_by: str = ""

    @property
    def identity(self) -> Identity:
        return Identity(
            addresses=frozenset(self.addresses), names=self.names, callers=frozenset(map(folded, self.callers))
        )

    @property
    def bare(self) -> bool:
        """Whether it says no more than an address does."""
        known = len(self.addresses) + len(self.callers)
        return known < 2 and not (self.names or self.notes or self.restricted_at)

    def is_of(self, who: Identity) -> bool:
        return bool(who.addresses & set(self.addresses) or who.callers & set(map(folded, self.callers)))
