"""Whether a pattern's share of all tickets has changed: the last four whole weeks against the twelve before them."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt
from typing import Literal

Trend = Literal["growing", "falling", "no clear change", "too few"]
LATE, EARLY = 4, 12  # weeks
FEWEST = 12  # tickets in all these weeks
SURE = 3.25  # t of 99.5 % on each side with 2 · 4 − 2 degrees or more: one list makes many such comparisons


def trend(own: Sequence[int], all_: Sequence[int]) -> Trend:
    """`own` and `all_` are tickets per week, of the pattern and of the desk, the last week last; the weeks that are not
    there count as 0. Log-odds of being in the pattern, with the spread of the weeks where that is larger than chance
    (quasi-binomial): a desk that grows as a whole makes no pattern grow."""
    ours, theirs = _last(own), _last(all_)
    if sum(ours) < FEWEST:
        return "too few"
    late, early = ours[EARLY:], ours[:EARLY]
    rest_late, rest_early = sum(theirs[EARLY:]) - sum(late), sum(theirs[:EARLY]) - sum(early)
    odds = log((sum(late) + 0.5) / (rest_late + 0.5)) - log((sum(early) + 0.5) / (rest_early + 0.5))
    spread = max(1.0, _spread(ours, theirs))
    error = sqrt(spread * sum(1 / (count + 0.5) for count in (sum(late), rest_late, sum(early), rest_early)))
    if abs(odds) < SURE * error:
        return "no clear change"
    return "growing" if odds > 0 else "falling"


def _last(weeks: Sequence[int]) -> list[int]:
    kept = list(weeks[-LATE - EARLY :])
    return [0] * (LATE + EARLY - len(kept)) + kept


def _spread(own: Sequence[int], all_: Sequence[int]) -> float:
    """Pearson's chi-square within the two periods, by its degrees of freedom."""
    total, free = 0.0, 0
    for part in (slice(0, EARLY), slice(EARLY, None)):
        counts, wholes = own[part], all_[part]
        share = sum(counts) / (sum(wholes) or 1)
        if not 0 < share < 1:
            continue
        with_tickets = [(count, whole) for count, whole in zip(counts, wholes, strict=True) if whole]
        total += sum((count - whole * share) ** 2 / (whole * share * (1 - share)) for count, whole in with_tickets)
        free += len(with_tickets) - 1
    return total / free if free > 0 else 1.0
