"""The name of a group: three words that tell it from all other tickets.

Words are ranked by the log-odds of being in a ticket of the group against all others, divided by the standard error
that the group's own count gives (after Monroe, Colaresi & Quinn 2008, "Fightin' Words"; with the error of the other
count too, words that nobody else has would come last). A name has words as people write them, not stems; the first one
is in half of the group's tickets, where any word is. A word of one customer alone never names a group, nor does a part
of somebody's name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import log, sqrt

import msgspec

from ticketctl.domain.patterns.pattern import NameWord
from ticketctl.domain.patterns.words import is_bland

WORDS = 3
HOLDERS = 5  # tickets of different customers that a word of a name remembers
CUSTOMERS = 2  # who must have used it
SHORTEST = 3  # letters
OFTEN = 0.1  # of a group's tickets have each further word, where so many words are
SAMPLE = 300  # newest tickets of a group that are read for its name


class Wording(msgspec.Struct, frozen=True):
    """What a ticket says: stem → word. `customer` wrote it; `names` are parts of names of people in it, folded."""

    number: int
    customer: str
    words: Mapping[str, str]
    names: frozenset[str] = frozenset()


class Telling(msgspec.Struct, frozen=True):
    """A word that could name a group: `share` of its tickets have it. `bland`: it tells little of any group."""

    word: NameWord
    score: float
    share: float
    bland: bool = False


def name(
    members: Sequence[Wording], held: Callable[[str], int], total: int, taken: Collection[frozenset[str]] = ()
) -> tuple[NameWord, ...]:
    """Up to WORDS words; none where customers share no word. `held(stem)` is how many of `total` texts of the desk have
    a stem, `taken` are the names (sets of words) of other groups."""
    telling = ranked(members, held, total)
    found = _first(telling)
    rest = [one for one in telling if one not in found and not one.bland]
    rest.sort(key=lambda one: one.share < OFTEN)
    for at in range(len(rest) + 1):
        words = tuple(one.word for one in (*found, *rest[at:])[:WORDS])
        if not words or frozenset(one.word for one in words) not in taken:
            return words
    return ()


def ranked(members: Sequence[Wording], held: Callable[[str], int], total: int) -> list[Telling]:
    """Every word that could name the group, the most telling first."""
    holders: dict[str, list[Wording]] = defaultdict(list)
    for member in members:
        for stem in member.words:
            holders[stem].append(member)
    names = frozenset[str]().union(*(member.names for member in members))
    found = []
    for stem, having in holders.items():
        kept = _one_each(having)
        word = _written(stem, having, len(members))
        if len(kept) >= CUSTOMERS and len(word) >= SHORTEST and word not in names:
            score = _log_odds(len(having), len(members), held(stem), total)
            share = sum(word in member.words[stem] for member in having) / len(members)
            found.append(Telling(NameWord(word, tuple(kept)), score, share, is_bland(word)))
    return sorted(found, key=lambda one: (-one.score, one.word.word))


def _first(telling: Sequence[Telling]) -> tuple[Telling, ...]:
    """The most telling of those in half of the tickets, a bland one where no other is; else the one that is in most."""
    common = sorted((one for one in telling if one.share >= 0.5), key=lambda one: one.bland)
    return tuple(common[:1] or sorted(telling, key=lambda one: -one.share)[:1])


def _one_each(having: Iterable[Wording]) -> list[int]:
    """Their numbers, one a customer, as many as are remembered."""
    by_customer: dict[str, int] = {}
    for member in having:
        by_customer.setdefault(member.customer, member.number)
        if len(by_customer) == HOLDERS:
            break
    return list(by_customer.values())


def _written(stem: str, having: Iterable[Wording], members: int) -> str:
    """How most write it; where that is in less than half of the tickets, the form that is in most of their words:
    "kort" is in "kortet" too."""
    written = Counter(member.words[stem] for member in having)
    usual = min(written, key=lambda word: (-written[word], word))
    if 2 * written[usual] >= members:
        return usual
    common = [word for word in written if 3 * written[word] >= written[usual]]  # no slip of the pen
    inside = {word: sum(times for other, times in written.items() if word in other) for word in common}
    return min(common, key=lambda word: (-inside[word], -written[word], word))


def _log_odds(inside: int, members: int, everywhere: int, total: int) -> float:
    """Half a ticket is added to each count."""
    outside = max(0, everywhere - inside)
    rest = max(outside, total - members)
    odds = log((inside + 0.5) / (members - inside + 0.5)) - log((outside + 0.5) / (rest - outside + 0.5))
    return odds * sqrt(inside + 0.5)
