"""When something shall come back, as people type it in English and Swedish: `5d`, `2026-12-01 15:00`, `fredag 15`.

A day means its opening, or the next opening where the desk is shut that day. What can be read in two ways, or lies
behind us, is refused with the readings to choose from: a wrong guess would show weeks later.

    UNTIL    = [in | om] DURATION | DAY | DAY TIME | TIME          DURATION = [calendar | kalender] 5d, två veckor, 4h
    DAY      = 2026-12-01 | today | i morgon | friday | på fredag | next friday | next week | nästa vecka
    TIME     = [at | kl] 15:00 | 15.00; behind a day also 15
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.hours import add, next_opening
from ticketctl.domain.query import fold
from ticketctl.domain.settings import Hours, parse_duration
from ticketctl.errors import Usage

EXAMPLES = "4h, 5d, 2w, calendar 5d, 2026-12-01, 2026-12-01 15:00, tomorrow, i morgon 9, friday 15:00, nästa vecka"
WEEKDAYS = (
    ("monday", "mon", "måndag", "mån"),
    ("tuesday", "tue", "tisdag", "tis"),
    ("wednesday", "wed", "onsdag", "ons"),
    ("thursday", "thu", "torsdag", "tor", "tors"),
    ("friday", "fri", "fredag", "fre"),
    ("saturday", "sat", "lördag", "lör"),
    ("sunday", "sun", "söndag", "sön"),
)
_NUMBERS = {name: number for number, names in enumerate(WEEKDAYS) for name in names}
_AHEAD = {"today": 0, "idag": 0, "i dag": 0, "tomorrow": 1, "imorgon": 1, "i morgon": 1, "imorrn": 1, "i morrn": 1}
_AHEAD |= {"day after tomorrow": 2, "övermorgon": 2, "i övermorgon": 2}
_NEXT_WEEK = ("next week", "nästa vecka")
_UNITS = (
    (r"kalender(?=\s)", "calendar"),
    (r"(\d)\s*(?:minut|minuter)$", r"\1m"),
    (r"(\d)\s*(?:t|tim|timme|timmar)$", r"\1h"),
    (r"(\d)\s*(?:dag|dagar|dygn)$", r"\1d"),
    (r"(\d)\s*(?:v|vecka|veckor)$", r"\1w"),
    (r"(\d)\s*(?:mån|månad|månader)$", r"\1 months"),
    (r"(\d)\s*år$", r"\1 years"),
)
_COUNTS = (
    *(("a", "an", "one", "en", "ett"), ("two", "två"), ("three", "tre"), ("four", "fyra"), ("five", "fem")),
    *(("six", "sex"), ("seven", "sju"), ("eight", "åtta"), ("nine", "nio"), ("ten", "tio")),
)
_COUNTED = {word: str(number) for number, words in enumerate(_COUNTS, 1) for word in words}
_COUNT = re.compile(rf"\b({'|'.join(_COUNTED)})(?= [^\W\d])")
_WEEKS = re.compile(r"(\d{1,3})\s*(?:w|weeks?)", re.ASCII)
_CLOCK = re.compile(r"(?:(?:at|kl\.?)\s*)?(\d{1,2})(?:[:.](\d\d))?", re.ASCII)
_DAY_AND_CLOCK = re.compile(r"(.*?\S)\s+((?:(?:at|kl\.?)\s*)?\d{1,2}(?:[:.]\d\d)?)", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", re.ASCII)


class _Clock(msgspec.Struct, frozen=True):
    """A time of day; `bare` where only the hour was written, so that 3 may also be 15."""

    at: time
    bare: bool = False


def moment(text: str, now: datetime, hours: Hours) -> datetime:
    """The instant (UTC) that `text` names at `now`, by the desk's hours and zone. Raises Usage with the choices where
    it is not understood, can be read in two ways, or is not in the future."""
    words = " ".join(fold(text).split())
    try:
        found = _found(words, now, hours)
    except (ValueError, OverflowError):
        raise Usage(f"{text!r} is no time to wait until; write one of: {EXAMPLES}") from None
    if found <= now:
        raise Usage(f"{text} is not in the future; {_instead(found, now, hours)}")
    return found


def day(text: str, now: datetime, hours: Hours) -> date:
    """The day that `text` names, today or later. Raises Usage with the choices where it is not understood, can be read
    in two ways, or is over."""
    here = now.astimezone(ZoneInfo(hours.timezone))
    words = " ".join(fold(text).split())
    try:
        days = _days(words, here)
    except ValueError:
        days = ()
    if not days:
        raise Usage(f"{text!r} is no day; write it as 2026-12-24, today, tomorrow, friday, fredag or nästa vecka")
    ahead = [one for one in days if one >= here.date()]
    if not ahead:
        raise Usage(f"{text} is over; today is {here:%Y-%m-%d}")
    if len(ahead) > 1:
        raise _unclear(words, [str(one) for one in ahead], ahead)
    return ahead[0]


def _found(words: str, now: datetime, hours: Hours) -> datetime:
    """Raises ValueError where `words` are outside the grammar, Usage where they are unclear."""
    here = now.astimezone(ZoneInfo(hours.timezone))
    days = _days(words, here)
    if days:
        return _on(_one_of(days, words, here, hours), None, hours)
    if split := _DAY_AND_CLOCK.fullmatch(words):
        days, clock = _days(split[1], here), _clock(split[2])
        if days and clock and split[1] not in _NEXT_WEEK:
            at = _certain(clock, split[1], hours)
            return _on(_one_of(days, words, here, hours, at), at, hours)
    if (clock := _clock(words)) and not (clock.bare and words.isdigit()):
        return _on(here.date(), _certain(clock, "today", hours), hours)
    if clock:
        choices = [f"{words}h", f"{words}d", f"{clock.at:%H:%M}"]
        raise _unclear(words, choices)
    return _after(words, now, hours)


def _after(words: str, now: datetime, hours: Hours) -> datetime:
    """A duration from now, Swedish units put into those of rules.yaml. In a week is on the same weekday."""
    words = _COUNT.sub(lambda found: _COUNTED[found[1]], re.sub("^(in|om) ", "", words), count=1)
    for swedish, ours in _UNITS:
        words = re.sub(swedish, ours, words)
    if weeks := _WEEKS.fullmatch(words):
        here = now.astimezone(ZoneInfo(hours.timezone))
        return next_opening((here + timedelta(weeks=int(weeks[1]))).astimezone(UTC), hours)
    return add(now, parse_duration(words), hours)


# --- days ---


def _days(words: str, here: datetime) -> Sequence[date]:
    """The days that `words` can mean, soonest first; none where they name no day."""
    today = here.date()
    if words in _AHEAD:
        return [today + timedelta(days=_AHEAD[words])]
    if words in _NEXT_WEEK:
        return [_monday_after(today)]
    following = re.fullmatch(r"(next|nästa|on|på|this|nu på) (.+)", words)
    name = following[2] if following else words
    if name in _NUMBERS:
        return _weekdays(today, _NUMBERS[name], following[1] if following else "")
    if slashed := _SLASHED.fullmatch(words):
        return _slashed(today, int(slashed[1]), int(slashed[2]), slashed[3])
    if re.fullmatch(r"\d{4}-\d\d-\d\d", words, re.ASCII):
        return [date.fromisoformat(words)]
    return []


def _weekdays(today: date, number: int, word: str) -> Sequence[date]:
    """Friday said on a Friday is today or in a week; next Friday is the coming one, or the one of next week."""
    coming = today + timedelta(days=(number - today.weekday()) % 7)
    if word in ("next", "nästa"):
        of_next_week = _monday_after(today) + timedelta(days=number)
        return sorted({coming if coming > today else coming + timedelta(days=7), of_next_week})
    return [coming, coming + timedelta(days=7)] if coming == today else [coming]


def _monday_after(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _slashed(today: date, first: int, second: int, year: str | None) -> Sequence[date]:
    """1/12 is the first of December here and the twelfth of January elsewhere."""
    days = set()
    for day, month in ((first, second), (second, first)):
        if 1 <= month <= 12 and 1 <= day <= 31:
            found = date(int(year or today.year), month, day)
            days.add(found if year or found >= today else found.replace(year=found.year + 1))
    return sorted(days)


def _one_of(days: Sequence[date], words: str, here: datetime, hours: Hours, at: time | None = None) -> date:
    """The only day of `days` that is still ahead; raises Usage where there are two."""
    ahead = [day for day in days if _on(day, at, hours) > here]
    if len(ahead) > 1:
        raise _unclear(words, [str(day) if at is None else f"{day} {at:%H:%M}" for day in ahead], ahead)
    return ahead[0] if ahead else days[-1]


# --- times of day ---


def _clock(words: str) -> _Clock | None:
    found = _CLOCK.fullmatch(words)
    return _Clock(time(int(found[1]), int(found[2] or 0)), found[2] is None) if found else None


def _certain(clock: _Clock, day: str, hours: Hours) -> time:
    """A bare hour is taken from the 24-hour clock where the desk is open at that hour on some day; raises Usage where
    it may be meant as an hour of the afternoon."""
    at = clock.at
    spans = [span for day_spans in hours.week.values() for span in day_spans]
    usual = not spans or any(opened <= at.hour * 60 < closed for opened, closed in spans)
    if not clock.bare or at.hour == 0 or at.hour >= 12 or usual:
        return at
    raise _unclear(f"{day} {at.hour}", [f"{day} {at:%H:%M}", f"{day} {at.hour + 12}:00"])


def _on(day: date, at: time | None, hours: Hours) -> datetime:
    """That time on that day (UTC); without a time the day's opening, or the next."""
    start = datetime.combine(day, at or time(), ZoneInfo(hours.timezone)).astimezone(UTC)
    return start if at is not None else next_opening(start, hours)


# --- refusing ---


def _unclear(words: str, choices: Sequence[str], days: Sequence[date] = ()) -> Usage:
    told = [
        f"{choice} ({WEEKDAYS[day.weekday()][0].capitalize()})" for choice, day in zip(choices, days, strict=bool(days))
    ] or choices
    return Usage(f"{words!r} can be read in two ways; write {', '.join(told[:-1])} or {told[-1]}")


def _instead(found: datetime, now: datetime, hours: Hours) -> str:
    """What a person may have meant who named an instant that is over."""
    zone = ZoneInfo(hours.timezone)
    local, here = found.astimezone(zone), now.astimezone(zone)
    if local.date() == here.date():
        return f"it is {here:%H:%M} now; write tomorrow, tomorrow {local:%H:%M}, or a time to wait such as 2h"
    return f"today is {here:%Y-%m-%d}; write a later day, tomorrow, or a time to wait such as 5d"
