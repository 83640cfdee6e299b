"""The name of a group: three words that tell it from all other tickets.

Words are ranked by the log-odds of being in a ticket of the group against all others, divided by the standard error
that the group's own count gives (after Monroe, Colaresi & Quinn 2008, "Fightin' Words"; with the error of the other
count too, words that nobody else has would come last). A name has words as people write them, not stems; the first one
is in half of the group's tickets, if need be in two or three of its forms ("undvika/undviker"), or it is marked. A
word of one customer alone never names a group, nor does a part of somebody's name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import log, sqrt

import msgspec
from msgspec.structs import replace

from ticketctl.domain.patterns.pattern import NameWord, spelled
from ticketctl.domain.patterns.words import is_bland

WORDS = 3
HOLDERS = 5  # tickets of different customers that a word of a name remembers
CUSTOMERS = 2  # who must have used it
SHORTEST, PAIR = 3, 2  # letters; of a word that is in half of the tickets: "pc", "tv"
FORMS = 3  # of the word that is in half of the tickets, at most
HALF = 0.5
OFTEN = 0.1  # of a group's tickets have each further word, where so many words are
SAMPLE = 300  # newest tickets of a group that are read for its name


class Wording(msgspec.Struct, frozen=True):
    """What a ticket says: stem → word. `customer` wrote it; `names` are parts of names of people in it, folded."""

    number: int
    customer: str
    words: Mapping[str, str]
    names: frozenset[str] = frozenset()


class Telling(msgspec.Struct, frozen=True):
    """A word that could name a group: `share` of its tickets have it, or one of `forms`, which are given where it takes
    them to be in half. `bland`: it tells little of any group."""

    word: NameWord
    score: float
    share: float
    bland: bool = False
    forms: tuple[NameWord, ...] = ()

    @property
    def short(self) -> bool:
        return len(self.word.word) < SHORTEST


def name(
    members: Sequence[Wording], held: Callable[[str], int], total: int, taken: Collection[frozenset[str]] = ()
) -> tuple[NameWord, ...]:
    """Up to WORDS words; none where customers share no word. `held(stem)` is how many of `total` texts of the desk have
    a stem, `taken` are the names (sets of words) of other groups."""
    telling = ranked(members, held, total)
    found = _first(telling)
    rest = [one for one in telling if one not in found and not one.bland and not one.short]
    rest.sort(key=lambda one: one.share < OFTEN)
    head = [word for one in found for word in (replace(one.word, rare=one.share < HALF), *one.forms)]
    for at in range(len(rest) + 1):
        words = (*head, *(one.word for one in rest[at:][: WORDS - len(found)]))
        if not words or frozenset(spelled(words)) not in taken:
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
        if len(kept) >= CUSTOMERS and len(word) >= PAIR and word not in names:
            score = _log_odds(len(having), len(members), held(stem), total)
            forms = _forms(stem, word, having, len(members), names)
            share = sum(any(one in member.words[stem] for one in (word, *forms)) for member in having) / len(members)
            others = tuple(NameWord(one, tuple(numbers), form=True) for one, numbers in forms.items())
            found.append(Telling(NameWord(word, tuple(kept)), score, share, is_bland(word), others))
    return sorted(found, key=lambda one: (-one.score, one.word.word))


def _first(telling: Sequence[Telling]) -> tuple[Telling, ...]:
    """The most telling of those in half of the tickets, a short or bland one where no other is; else the one that is in
    most."""
    common = sorted((one for one in telling if one.share >= HALF), key=lambda one: (one.bland, one.short))
    usual = (one for one in telling if not one.short)
    return tuple(common[:1] or sorted(usual, key=lambda one: -one.share)[:1])


def _forms(
    stem: str, word: str, having: Sequence[Wording], members: int, names: Collection[str]
) -> dict[str, list[int]]:
    """Further forms of the word, each with tickets of different customers who wrote it, where with them it is in half
    of the tickets and without them it is not."""
    left = [member for member in having if word not in member.words[stem]]
    enough = members - 2 * (len(having) - len(left))  # twice what is missing to the half
    found: dict[str, list[int]] = {}
    while enough > 0 and len(found) < FORMS - 1:
        for form, _ in Counter(member.words[stem] for member in left).most_common():
            holders = _one_each(member for member in left if form in member.words[stem])
            if len(holders) >= CUSTOMERS and len(form) >= SHORTEST and form not in names:
                break
        else:
            return {}
        found[form] = holders
        fewer = [member for member in left if form not in member.words[stem]]
        enough -= 2 * (len(left) - len(fewer))
        left = fewer
    return {} if enough > 0 else found


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
