"""When something shall come back, as people type it in English and Swedish: `5d`, `2026-12-01 15:00`, `fredag 15`.

A day means its opening, or the next opening where the desk is shut that day. What can be read in two ways, or lies
behind us, is refused with the readings to choose from: a wrong guess would show weeks later.

    UNTIL    = [in | om | within] DURATION | DAY | DAY TIME | TIME DAY | TIME
    DURATION = [calendar | kalender] 5d, två veckor, 4h, 3 arbetsdagar, half an hour, ett halvår, ett kvartal
    DAY      = 2026-12-01 | 3 december | den 3:e | Dec 3rd | i morgon | friday | fredag nästa vecka | next friday
             | vecka 50 | next week | end of month | slutet av kvartalet | Q1 | efter helgen …: naming_days.py
    TIME     = [at | kl] 15:00 | 15.00 | 3 pm | halv nio | quarter past eight; behind a day also 15
             | morning, förmiddag (the opening) | lunch (12:00) | afternoon (13:00) | i kväll, evening (18:00)
             | end of day (the closing)

What names a day with its year in another way (2026-12-24T15:00, Thu, 24 Dec 2026 15:00 +0100, 2026-W52-4) is read by
dateutil, and is taken where it can be read in one way only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.deadlines.business_hours import add, closing, next_opening
from ticketctl.domain.deadlines.calendar_words import COUNTS, EITHER_HALF, MONTH, WEEKDAYS, in_figures
from ticketctl.domain.deadlines.naming_days import NoSuchDay, days, is_end, is_week
from ticketctl.domain.settings.settings import Hours, parse_duration
from ticketctl.domain.ticket.query import fold
from ticketctl.errors import Usage

EXAMPLES = "4h, 5d, 2w, calendar 5d, 2026-12-01, 3 december, tomorrow, i morgon 9, friday 15:00, nästa vecka, vecka 50"
_UNITS = (
    (r"kalender(?=\s)", "calendar"),
    (r"(\d)\s*(?:kalenderdag|kalenderdagar|calendar days?)$", r"calendar \1d"),
    (r"(\d)\s*(?:minut|minuter)$", r"\1m"),
    (r"(\d)\s*(?:t|tim|timme|timmar)$", r"\1h"),
    (r"(\d)\s*(?:dag|dagar)$", r"\1d"),
    (r"(\d)\s*(?:(?:arbets|bank|veck)dag(?:ar)?|vardag(?:ar)?|(?:business|working) days?|workdays?)$", r"\1d"),
    (r"(\d)\s*(?:v|vecka|veckor)$", r"\1w"),
    (r"(\d)\s*(?:mån|månad|månader)$", r"\1 months"),
    (r"(\d)\s*år$", r"\1 years"),
)
_WHOLE_SPANS = (
    (r"half an hour|(?:en )?halvtimme|en halv timme", "30m"),
    (r"a quarter of an hour|en kvart", "15m"),
    (r"a fortnight|fjorton dagar|14 dagar", "2w"),  # "om 14 dagar" is on the same weekday
    (r"(?:ett |1 )?kvartal|(?:a|one|1) quarter|a quarter of a year", "3 months"),
    (r"(?:ett )?halvår|ett halvt år|half a year|(?:a |one )?half-year", "6 months"),
    (r"ett och ett halvt år|a year and a half|one and a half years", "18 months"),
)
_WHOLE_DAYS = re.compile(r"(\d{1,3})\s*dygn", re.ASCII)  # twenty-four hours each
_COUNT = re.compile(rf"\b({'|'.join(sorted(COUNTS, key=len, reverse=True))})(?= [^\W\d])")
_SOME = re.compile(r"\b(?:a couple of|a couple|ett par)(?= )")
_HOURS_AND_MINUTES = re.compile(
    r"^(\d{1,3})(?:[.,](5))? ?(?:h|t|tim|timm(?:e|ar)|hours?)"
    r"(?: ?(?:och |and )?(\d{1,3}) ?(?:m|min|minut(?:er)?|minutes?))?$",
    re.ASCII,
)
_WEEKS = re.compile(r"(\d{1,3})\s*(?:w|weeks?)", re.ASCII)
_AGO = re.compile(r".+ ago|för .+ sedan|last (?:month|year|night)|förra (?:månaden|året)|i fjol|nyss|just now")
_AT = r"(?:(?:at|kl\.?|klockan)\s*)?"
_TIME = rf"{_AT}\d{{1,2}}(?:[:.]\d\d{EITHER_HALF}?)?(?:\s*[ap]\.?m\.?)?"
_CLOCK = re.compile(rf"{_AT}(\d{{1,2}})(?:[:.](\d\d)({EITHER_HALF})?)?(?:\s*([ap])\.?m\.?)?", re.ASCII)
_PARTS = {
    "morning": ("morning", "in the morning", "this morning", "bitti", "morgon", "på morgonen", "förmiddag",
                "på förmiddagen", "i förmiddag", "fm", "f.m."),
    "noon": ("noon", "at noon", "midday", "lunch", "at lunch", "vid lunch", "lunchtime", "till lunch"),
    "afternoon": ("afternoon", "in the afternoon", "this afternoon", "eftermiddag", "på eftermiddagen",
                  "i eftermiddag", "em", "e.m.", "after lunch", "efter lunch"),
    "evening": ("evening", "in the evening", "this evening", "tonight", "kväll", "på kvällen", "i kväll", "ikväll"),
    "end": ("end of day", "end of the day", "eod", "close of business", "cob", "dagens slut", "vid dagens slut",
            "slutet av dagen", "vid stängning"),
}  # fmt: skip
_PART = {word: part for part, words in _PARTS.items() for word in words}
_HOURS_OF = {"noon": time(12), "afternoon": time(13), "evening": time(18)}
_WORDS_OF_DAY = "|".join(re.escape(word) for word in sorted(_PART, key=len, reverse=True))
_TIME_BEHIND = re.compile(rf"(.*?\S)\s+({_TIME}|{_WORDS_OF_DAY})", re.ASCII)
_TIME_BEFORE = re.compile(
    rf"({_AT}\d{{1,2}}[:.]\d\d{EITHER_HALF}?|(?:at|kl\.?|klockan)\s*\d{{1,2}}"
    r"|\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m\.?)\s+(.+)",
    re.ASCII,
)
_FROM_NOW = re.compile(r"(?:in|om|inom|within) .*(?:da|veck|week|mån|month|år|year)")
_LEAD = re.compile(r"(?:until|till|tills|by|senast|fram till)\s+(?=\S)")


class _Clock(msgspec.Struct, frozen=True):
    """A time of day, or a `part` of it; `bare` where it may also be one of the afternoon: 3, halv tre."""

    at: time = time()
    bare: bool = False
    part: str = ""


def moment(text: str, now: datetime, hours: Hours, *, lasting: bool = False) -> datetime:
    """The instant (UTC) that `text` names at `now`, by the desk's hours and zone; `lasting`: a day is its closing, not
    its opening. Raises Usage with the reason and the choices where it is not understood, can be read in two ways, or is
    not in the future."""
    words = in_figures(_LEAD.sub("", _words(text), count=1))
    try:
        found = None if _AGO.fullmatch(words) else _found(words, now, hours, lasting=lasting)
    except NoSuchDay as reason:
        raise Usage(
            "{words!r}: {reason}; write one of: {examples}",
            code="no_such_time",
            words=text,
            reason=reason,
            examples=EXAMPLES,
        ) from None
    except (ValueError, OverflowError):
        raise Usage(
            "{words!r} is not a time in the future; write one of: {examples}",
            code="not_a_time",
            words=text,
            examples=EXAMPLES,
        ) from None
    if found is None or found <= now:
        raise _behind(text, found, now, hours)
    return found


def names_a_day(text: str, now: datetime, hours: Hours) -> bool:
    """Whether `text`, which `moment` understands, names a day or a time of day, and not how long to wait."""
    try:
        _after(in_figures(_LEAD.sub("", _words(text), count=1)), now, hours)
    except (ValueError, OverflowError):
        return True
    return False


def day(text: str, now: datetime, hours: Hours) -> date:
    """The day that `text` names, today or later. Raises Usage with the choices where it is not understood, can be read
    in two ways, or is over."""
    here = now.astimezone(ZoneInfo(hours.timezone)).date()
    if _FROM_NOW.match(_words(text)):
        return moment(text, now, hours).astimezone(ZoneInfo(hours.timezone)).date()
    found = _some_days(text, here)
    ahead = [one for one in found if one >= here]
    if not ahead:
        raise Usage("{words} is in the past; today is {today}", code="day_in_the_past", words=text, today=here)
    if len(ahead) > 1:
        raise _unclear(_words(text), [str(one) for one in ahead], ahead)
    return ahead[0]


def span(text: str, now: datetime, hours: Hours) -> tuple[date, date | None]:
    """The first and the last of the days that `text` names: `fredag`, `3 december 10 december`, `friday to 2026-12-24`.
    None: only one is named. Raises Usage as `day` does."""
    words = _words(text).removeprefix("from ").removeprefix("från ")
    if parted := re.fullmatch(r"(.+?) ?(?: to | till | until | t\.?o\.?m\.? |\.\.| - |–) ?(.+)", words):
        return day(parted[1], now, hours), day(parted[2], now, hours)
    pieces = words.split(" ")
    ways = [(" ".join(pieces[:cut]), " ".join(pieces[cut:])) for cut in range(1, len(pieces))]
    today = now.astimezone(ZoneInfo(hours.timezone)).date()
    both = [way for way in ways if all(_is_day(part, today) for part in way)]
    if len(both) != 1 or _is_day(words, today):
        return day(text, now, hours), None
    return day(both[0][0], now, hours), day(both[0][1], now, hours)


def _is_day(words: str, today: date) -> bool:
    """Also where there is no such day, as Saturday 4 December 2026, a Friday."""
    try:
        return bool(_FROM_NOW.match(words) or days(words, today))
    except ValueError:
        return True


def past_day(text: str, now: datetime, hours: Hours) -> date:
    """The latest day up to today that `text` names; 2026-11, november and 2026 are their first day. Raises Usage."""
    today = now.astimezone(ZoneInfo(hours.timezone)).date()
    words = _words(text)
    if match := re.fullmatch(r"(\d{4})(?:-(\d\d))?", words, re.ASCII):
        words = f"{match[1]}-{match[2] or '01'}-01"
    if words.removeprefix("in ").removeprefix("i ") in MONTH:
        words = f"1 {words.removeprefix('in ').removeprefix('i ')}"
    found = _some_days(words, today)
    if max(found) <= today or re.search(r"\d{4}", words):
        return max(one for one in found if one <= today or one == max(found))
    behind = [one for one in found if one <= today]
    return behind[-1] if behind else _earlier(found[0], today, words)


def _earlier(ahead: date, today: date, words: str) -> date:
    """The same day of the week before, or of the year before."""
    if any(month in words.split() for month in MONTH) or re.search(r"\d", words):
        return ahead.replace(year=ahead.year - 1, day=min(ahead.day, 28) if ahead.month == 2 else ahead.day)
    return ahead - timedelta(days=7 * ((ahead - today).days // 7 + 1))


def _words(text: str) -> str:
    return " ".join(re.sub(r",(?!5 ?[ht])", " ", fold(text)).split())


def _some_days(text: str, today: date) -> Sequence[date]:
    try:
        words = _LEAD.sub("", _words(text), count=1)
        found = days(words, today) or [one.date() for one in [_absolute(words)] if one]
    except NoSuchDay as reason:
        raise Usage(
            "{words!r}: {reason}; write it as 2026-12-24", code="no_such_day", words=text, reason=reason
        ) from None
    except (ValueError, OverflowError):
        found = ()
    if not found:
        raise Usage(
            "{words!r} is not a day; "
            "write it as 2026-12-24, 24 december, today, tomorrow, friday, fredag or nästa vecka",
            code="not_a_day",
            words=text,
        )
    return found


def _found(words: str, now: datetime, hours: Hours, *, lasting: bool) -> datetime:
    """Raises ValueError where `words` are outside the grammar, Usage where they are unclear."""
    here = now.astimezone(ZoneInfo(hours.timezone))
    if named := days(words, here.date()):
        chosen = _one_of(named, words, here, hours)
        if chosen < here.date():  # before it is put off to the next opening: on a Monday, yesterday's is today's
            return datetime.combine(chosen, time(), here.tzinfo).astimezone(UTC)
        opened = _on(chosen, None, hours)
        if lasting or (opened <= now and is_end(words)):
            return closing(opened.astimezone(here.tzinfo).date(), hours)
        return opened
    for day_words, time_words in _split(words):
        clock = _clock(time_words)
        if clock and not is_week(day_words) and (named := days(day_words, here.date())):
            at = _certain(clock, day_words, hours)
            return _at_part(_one_of(named, words, here, hours, at), clock, at, hours)
    if (clock := _clock(words)) and not (clock.bare and words.isdigit()):
        return _at_part(here.date(), clock, _certain(clock, "today", hours), hours)
    if clock:
        choices = [f"{words}h", f"{words}d", f"{clock.at:%H:%M}"]
        raise _unclear(words, choices)
    if written := _absolute(words):
        if written.tzinfo:
            return written.astimezone(UTC)
        if lasting and written.time() == time():
            return closing(written.date(), hours)
        return _on(written.date(), written.time() if written.time() > time() else None, hours)
    return _after(words, now, hours)


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?:\d{4})?(?!\d)", re.ASCII)
_DOTTED = re.compile(r"(?<!\d)\d{1,2}\.\d{1,2}\.\d{4}")  # is of Europe, where the day is first


def _absolute(words: str) -> datetime | None:
    """The day with its year, and the time if there is one, that dateutil reads in `words`; None where it reads none, or
    reads it in two ways (4/12/2026)."""
    if len(words) > 60 or not _YEAR.search(words) or sum(map(str.isdigit, words)) < 5:
        return None
    from dateutil.parser import isoparse, parse  # here: start-up must not pay for it

    with suppress(ValueError, OverflowError):
        return isoparse(words.upper())
    ways = {
        parse(words, dayfirst=dayfirst, default=datetime(*usual))
        for dayfirst in {True, bool(_DOTTED.search(words))}
        for usual in ((2000, 1, 1), (2004, 5, 17))  # what was not said differs
    }
    return ways.pop() if len(ways) == 1 else None


def _split(words: str) -> Sequence[tuple[str, str]]:
    """The ways in which `words` can be a day and a time."""
    behind, before = _TIME_BEHIND.fullmatch(words), _TIME_BEFORE.fullmatch(words)
    return [(match[day], match[at]) for match, day, at in ((behind, 1, 2), (before, 2, 1)) if match]


def _after(words: str, now: datetime, hours: Hours) -> datetime:
    """A duration from now, Swedish units put into those of rules.yaml. In a week is on the same weekday."""
    words = _HOURS_AND_MINUTES.sub(_minutes, re.sub("^(in|om|inom|within) ", "", words))
    words = next((ours for spoken, ours in _WHOLE_SPANS if re.fullmatch(spoken, words)), words)
    words = _COUNT.sub(lambda found: str(COUNTS[found[1]]), _SOME.sub("2", words), count=1)
    if whole := _WHOLE_DAYS.fullmatch(words):
        return now + timedelta(days=int(whole[1]))
    for swedish, ours in _UNITS:
        words = re.sub(swedish, ours, words)
    if weeks := _WEEKS.fullmatch(words):
        here = now.astimezone(ZoneInfo(hours.timezone))
        return next_opening((here + timedelta(weeks=int(weeks[1]))).astimezone(UTC), hours)
    return add(now, parse_duration(words), hours)


def _minutes(found: re.Match[str]) -> str:
    """ "1 h 30 min" and "1,5 h" are 90m."""
    return f"{60 * int(found[1]) + 30 * bool(found[2]) + int(found[3] or 0)}m"


# --- days ---


def _one_of(named: Sequence[date], words: str, here: datetime, hours: Hours, at: time | None = None) -> date:
    """The only day of `named` that is still ahead; raises Usage where there are two."""
    ahead = [day for day in named if _on(day, at, hours) > here]
    if len(ahead) > 1:
        raise _unclear(words, [str(day) if at is None else f"{day} {at:%H:%M}" for day in ahead], ahead)
    return ahead[0] if ahead else named[-1]


# --- times of day ---


def _clock(words: str) -> _Clock | None:
    """Raises NoSuchDay for a time that no day has."""
    if words in _PART:
        return _Clock(part=_PART[words])
    found = _CLOCK.fullmatch(words)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[4]
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        raise NoSuchDay("no day has a time {time}", code="no_such_time_of_day", time=words.rstrip(EITHER_HALF))
    if half:
        return _Clock(time(hour % 12 + 12 * (half == "p"), minute))
    return _Clock(time(hour, minute), found[2] is None or found[3] is not None)


def _certain(clock: _Clock, day: str, hours: Hours) -> time | None:
    """A bare time is taken from the 24-hour clock where the desk is open then on some day; raises Usage where it may be
    meant as one of the afternoon. None for a part of the day that opening and closing bound."""
    if clock.part:
        return _HOURS_OF.get(clock.part)
    at = clock.at
    spans = [span for day_spans in hours.week.values() for span in day_spans]
    usual = not spans or any(opened <= at.hour * 60 + at.minute < closed for opened, closed in spans)
    if not clock.bare or at.hour == 0 or at.hour >= 12 or usual:
        return at
    typed = f"{at.hour}:{at.minute:02}" if at.minute else at.hour
    raise _unclear(f"{day} {typed}", [f"{day} {at:%H:%M}", f"{day} {at.hour + 12}:{at.minute:02}"])


def _at_part(day: date, clock: _Clock, at: time | None, hours: Hours) -> datetime:
    return closing(day, hours) if clock.part == "end" else _on(day, at, hours)


def _on(day: date, at: time | None, hours: Hours) -> datetime:
    """That time on that day (UTC); without a time the day's opening, or the next."""
    start = datetime.combine(day, at or time(), ZoneInfo(hours.timezone)).astimezone(UTC)
    return start if at is not None else next_opening(start, hours)


# --- refusing ---


def _unclear(words: str, choices: Sequence[str], days: Sequence[date] = ()) -> Usage:
    told = [
        f"{choice} ({WEEKDAYS[day.weekday()][0].capitalize()})" for choice, day in zip(choices, days, strict=bool(days))
    ] or choices
    return Usage(
        "{words!r} can be read in two ways; write {choices}",
        code="ambiguous_time",
        words=words,
        choices=f"{', '.join(told[:-1])} or {told[-1]}",
    )


def _behind(text: str, found: datetime | None, now: datetime, hours: Hours) -> Usage:
    """That an instant is over, and what may have been meant."""
    zone = ZoneInfo(hours.timezone)
    here = now.astimezone(zone)
    local = found.astimezone(zone) if found else None
    if local and local.date() == here.date():
        return Usage(
            "{words} is not in the future; it is {now} now; "
            "write tomorrow, tomorrow {time}, or a time to wait such as 2h",
            code="time_in_the_past",
            words=text,
            now=f"{here:%H:%M}",
            time=f"{local:%H:%M}",
        )
    return Usage(
        "{words} is in the past; today is {today}; write a later day, tomorrow, or a time to wait such as 5d",
        code="in_the_past",
        words=text,
        today=f"{here:%Y-%m-%d}",
    )
