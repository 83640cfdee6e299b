"""What comes unusually often: the last seven full days of each cause, label, category and pattern against the weeks
before; and new groups of alike tickets that have no history.

A desk is looked at each morning. On a Monday the last seven days are the last ISO week; on other days only a clearer
difference counts, since the same days are looked at several times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from ticketctl.domain.reports.diary import DAYS, Diary
from ticketctl.domain.reports.measure import EarlyWarning, Thing
from ticketctl.domain.statistics.change import Usual, usual

WEEKS = 26  # of history
NEEDED = DAYS * (WEEKS + 2)  # days of which tickets are read
ON_MONDAYS, ON_OTHER_DAYS = 0.002, 0.0005  # the chance of as many where nothing changed, below which it is unusual
LEAST = 3  # tickets
CALM, CALM_WEEKS = 0.1, 2  # back in range: a count that is no rarer, in so many ISO weeks after each other
NEW_TICKETS, NEW_CUSTOMERS = 4, 3  # of a group that is no pattern yet, within seven days
_SHOWN = 3  # tickets that are named
_BACK = 8  # weeks at most, to where it began


Active = Mapping[Thing, EarlyWarning]


def look(
    diary: Diary, today: date, active: Active, groups: Iterable[Sequence[int]] = ()
) -> tuple[list[EarlyWarning], dict[Thing, EarlyWarning]]:
    """On the morning of `today`: what is found now, and all that nothing new is said about until it has calmed down.
    `groups` are the ticket numbers of groups of alike tickets, small ones too."""
    kept = {thing: one for thing, one in active.items() if thing.kind == "new" and _is_recent(one, today)}
    for thing, old in active.items():
        if thing.kind != "new" and (still := _still(diary, today, old)):
            kept[thing] = still
    watched = [_unusual(diary, thing, today) for thing in sorted(diary.entries) if thing not in kept]
    fresh = [one for group in groups if (one := _new(diary, group, today)) and one.thing not in kept]
    found = [*filter(None, watched), *fresh]
    return found, kept | {one.thing: one for one in found}


def _is_recent(one: EarlyWarning, today: date) -> bool:
    return today - one.fired < timedelta(days=2 * DAYS)


def _still(diary: Diary, today: date, one: EarlyWarning) -> EarlyWarning | None:
    """None once it was back in range for two ISO weeks; only Mondays tell."""
    if today.weekday() or today == one.fired:
        return one
    first = today - timedelta(days=DAYS)
    expected = _expected(diary, one.thing, first, 1)
    calm = expected is None or expected.above(diary.week(one.thing, first).cases) >= CALM
    weeks = one.calm + 1 if calm else 0
    return None if weeks >= CALM_WEEKS else msgspec.structs.replace(one, calm=weeks)


def _unusual(diary: Diary, thing: Thing, today: date) -> EarlyWarning | None:
    edge = ON_OTHER_DAYS if today.weekday() else ON_MONDAYS
    for blocks in (1, 2):
        first = today - timedelta(days=DAYS * blocks)
        count = diary.week(thing, first, DAYS * blocks).cases
        if count < LEAST:
            continue
        expected = _expected(diary, thing, first, blocks)
        if expected is not None and expected.above(count) < edge:
            low, high = expected.range()
            return EarlyWarning(
                thing=thing,
                count=count,
                low=low,
                high=high,
                days=DAYS * blocks,
                since=_since(diary, thing, first),
                fired=today,
                tickets=_latest(diary, thing, first, today),
            )
    return None


def _expected(diary: Diary, thing: Thing, first: date, blocks: int) -> Usual | None:
    since = diary.since(thing)
    starts = (first - timedelta(days=DAYS * back) for back in range(1, WEEKS + 1))
    history = [diary.week(thing, one) for one in starts if since is not None and one >= since]
    return usual(history, diary.week(thing, first, DAYS * blocks).days)


def _since(diary: Diary, thing: Thing, first: date) -> date:
    """The first day of the first of the weeks in a row that held more than usual."""
    for _ in range(_BACK):
        before = first - timedelta(days=DAYS)
        expected = _expected(diary, thing, before, 1)
        if expected is None or diary.week(thing, before).cases <= expected.range()[1]:
            break
        first = before
    return first


def _latest(diary: Diary, thing: Thing, first: date, today: date) -> tuple[int, ...]:
    here = sorted((one.day, one.number) for one in diary.entries[thing] if first <= one.day < today)
    return tuple(number for _, number in here[-_SHOWN:])


def _new(diary: Diary, group: Sequence[int], today: date) -> EarlyWarning | None:
    """A group whose tickets all came within the last seven days, or today."""
    entries = [diary.arrivals.get(number) for number in group]
    here = [one for one in entries if one is not None and one.day >= today - timedelta(days=DAYS)]
    customers = len({one.customer for one in here})
    if len(here) < max(NEW_TICKETS, len(group)) or customers < NEW_CUSTOMERS:
        return None
    numbers = sorted(one.number for one in here)
    return EarlyWarning(
        thing=Thing("new", str(numbers[0])),
        count=len(here),
        low=0,
        high=0,
        days=DAYS,
        since=min(one.day for one in here),
        fired=today,
        tickets=tuple(numbers[-_SHOWN:]),
        customers=customers,
    )
