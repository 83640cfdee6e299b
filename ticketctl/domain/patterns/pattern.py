"""What a store keeps of patterns. No text of a customer is in it but the words of names, each of which at least two
customers used; stems are disguised with the desk's key (likeness.Disguise)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

SHOWN = 5  # a group of fewer tickets is not shown, and has no number yet


class NameWord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A word of a name, and some tickets of different customers who used it: when fewer than two of these are left, the
    name goes. `form`: another form of the word before it. `rare`: fewer than half of the group's tickets have it, and
    no other word is in more."""

    word: str
    tickets: tuple[int, ...] = ()
    form: bool = False
    rare: bool = False


def spelled(words: Iterable[NameWord]) -> list[str]:
    """As a name shows them: forms of a word together, "undvika/undviker"."""
    found: list[str] = []
    for one in words:
        if one.form and found:
            found[-1] += f"/{one.word}"
        else:
            found.append(one.word)
    return found


class Pattern(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A group of tickets about the same thing. `key` is its number for life (7 for P7) from `SHOWN` tickets on; a group
    that is still smaller has one below 0.

    `tickets` are numbers, in order of arrival. `gone` counts members that were deleted since, by ISO week of their
    arrival. `terms`: disguised stem → sum of the members' features; `square`: the square of their
    weighted length when it was stored, 0 where it is not known. `words` is the name that was found, `top` the disguised
    stems that told most when it was looked for, () where it is to be looked for anew; `given` is the name that a person
    gave. `into`: the pattern that it was merged into, 0 for none."""

    key: int
    tickets: tuple[int, ...] = ()
    terms: dict[str, float] = {}
    square: float = 0.0
    words: tuple[NameWord, ...] = ()
    top: tuple[str, ...] = ()
    given: str = ""
    born: datetime | None = None
    hidden: bool = False
    into: int = 0
    gone: dict[str, int] = {}

    @property
    def living(self) -> bool:
        return self.key > 0 and not self.into

    @property
    def size(self) -> int:
        """Its members, deleted ones too."""
        return len(self.tickets) + sum(self.gone.values())

    @property
    def name(self) -> str:
        """The one that a person gave, else the words found; "" where no word is used by two customers."""
        return self.given or self.found_name

    @property
    def found_name(self) -> str:
        """With dots behind it where its tickets have little in common."""
        return ", ".join(spelled(self.words)) + " …" * any(word.rare for word in self.words)


class Alike(msgspec.Struct, frozen=True):
    """Two patterns that have grown alike: `likeness` 0 … 1."""

    one: int
    other: int
    likeness: float


class Vocabulary(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What grouping remembers beside the groups. `seen` is the highest ticket number that it has looked at; `counts`:
    disguised stem → in how many of `total` texts it was. `last` and `least` are the last keys given above and below 0.
    `stems` tells how stems were made (words.STEMS). `alike` was found in the month `month` ("2026-12")."""

    seen: int = 0
    total: int = 0
    counts: dict[str, int] = {}
    last: int = 0
    least: int = 0
    stems: str = ""
    month: str = ""
    alike: tuple[Alike, ...] = ()
