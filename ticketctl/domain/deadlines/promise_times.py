"""The moments that a sentence names, in English and Swedish, as whoever reads it understands them.

A day lasts until its closing (a day that the desk is shut, until its end), a morning until noon. A weekday is the
coming one. `at` is None where a moment can be read in two ways; what is over comes out as it is.

    MOMENT = within 24 hours | inom två arbetsdagar | DAY [TIME] [PART] | PART [DAY] | TIME [DAY]
    DAY    = today | i morgon | fredag [nästa vecka] | 3 december | December 3rd | 2026-12-03 | 3/12
             | next week | i början av nästa vecka | this week | vecka 48 | end of the month | slutet av kvartalet
    TIME   = kl 15 | 15:00 | 3 pm | halv nio | noon
    PART   = morning | förmiddag | lunch | eftermiddag | kväll | end of day
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.deadlines.business_hours import add, advance, closing
from ticketctl.domain.deadlines.calendar_words import AHEAD, COUNTS, EITHER_HALF
from ticketctl.domain.deadlines.calendar_words import MONTH as MONTH_NUMBERS
from ticketctl.domain.deadlines.calendar_words import WEEKDAY as WEEKDAY_NUMBERS
from ticketctl.domain.deadlines.naming_days import days, end_of_month, end_of_quarter, numbered
from ticketctl.domain.settings.settings import Duration, Hours

_COUNTS = {**COUNTS, "the": 1, "the next": 1, "next": 1}
COUNT = r"(?:\d{1,3}|" + "|".join(sorted(_COUNTS, key=len, reverse=True)) + ")"
MONTH = "(?:" + "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True)) + r")\b\.?"
WEEKDAY = "(?:" + "|".join(sorted({*WEEKDAY_NUMBERS} - {"sun", "sön", "sat", "lör"}, key=len, reverse=True)) + r")\b"

_SPAN = re.compile(
    rf"\b(?:within|inside|inom|in|om|senast\s+om)\s+(?:de\s+närmaste\s+|the\s+(?:next|coming)\s+)?(?P<count>{COUNT})"
    r"(?:\s*(?P<range>-|–|to|till|or|eller)\s*(?P<upper>\d{1,3}|[a-zåäö]+))?\s+"
    r"(?P<unit>(?:business|working|work|calendar|arbets|vardagar|kalender)?\s*-?(?:minutes?|min|minuter"
    r"|hours?|h|timmar|timme|tim|days?|dagar|dag|dygn"
    r"|weeks?|veckor|vecka|vardag(?:ar)?|workdays?))\b(?P<half>\s+(?:and\s+a\s+half|och\s+en\s+halv))?"
)
_DAY = re.compile(
    r"\b(?:"
    r"(?P<ahead>day\s+after\s+tomorrow|i\s?övermorgon|övermorgon|tomorrow|i\s?morgon|i\s?morron|i\s?morr?n"
    r"|today|tonight|i\s?dag|i\s?kväll|this\s+(?:morning|afternoon|evening)|i\s?eftermiddag|i\s?förmiddag)\b"
    r"|(?P<iso>\d{4}-\d\d-\d\d)\b"
    rf"|(?:(?:the|den)\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|:[ea]"
    rf"|\.)?\s+(?:of\s+)?(?P<month>{MONTH})(?:,?\s+(?P<year>20\d\d)\b)?"
    rf"|(?P<month2>{MONTH})\s+(?:the\s+)?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d|\s*(?:am"
    rf"|pm))(?:,?\s+(?P<year2>20\d\d)\b)?"
    r"|(?P<slash1>\d{1,2})/(?P<slash2>\d{1,2})(?:[/-](?P<year3>(?:20)?\d\d))?\b(?!\s*(?:%|st\b))"
    rf"|(?P<next_before>next\s+week(?:'s)?\s+(?:on\s+)?|nästa\s+veckas?\s+(?:på\s+)?)(?P<weekday1>{WEEKDAY})"
    rf"|(?:(?P<which>next|nästa|last|förra|denna|this|coming|kommande"
    rf"|nu\s+på)\s+)?(?P<weekday2>{WEEKDAY})(?P<next_behind>\s+(?:of\s+)?(?:i\s+)?(?:next\s+week|nästa\s+vecka))?"
    r"|(?P<share>(?:i\s+|the\s+|at\s+the\s+|towards\s+the\s+|mot\s+)?(?:beginning|start|early(?:\s+part)?"
    r"|början|mitten|middle|mid|end|slutet|late(?:r)?)\s*-?\s*(?:of|av|på|in|i)?\s+)?"
    r"(?:(?P<week>next\s+week|nästa\s+vecka|this\s+week|(?:the\s+)?week(?!\w)(?!\s*\d)|denna\s+vecka(?:n)?"
    r"|den\s+här\s+veckan|veckan|veckoslutet|under\s+veckan|i\s+veckan|working\s+week)\b"
    r"|(?:week|vecka|v\.?)\s*(?P<number>\d{1,2})\b"
    r"|(?P<this_month>(?:the\s+|this\s+|den\s+här\s+|denna\s+)?(?:month|månad(?:en)?)|månadsskiftet)\b"
    r"|(?P<this_quarter>(?:the\s+|this\s+)?quarter|kvartalet)\b)"
    r")"
)
_CLOCK = re.compile(
    r"(?:\b(?:at|by|before|kl|klockan|före|innan|senast"
    r"|until)\.?\s*)?\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s*(?P<half>[ap])\.?m\b\.?"
    r"|\b(?:kl\.?|klockan)\s*(?P<hour2>\d{1,2})(?:[:.](?P<minute2>\d\d))?\b"
    r"|(?<![\d.:/-])(?P<hour3>[01]?\d|2[0-4])(?::(?P<minute3>[0-5]\d))(?![\d:])(?:\s*o'clock)?"
    r"|\b(?:at|by|before|före|innan)\s+(?P<hour4>\d{1,2})(?:\s*o'clock)?(?=\s*(?:$|[,.)]|on\b|today|tomorrow|and\b|i\s?dag|i\s?morgon|på\b|och\b"
    r"|cet\b|sharp\b))"
    r"|\b(?P<noon>noon|midday|lunch(?:time|dags|tid)?|midnight|midnatt)\b"
)
_PART = re.compile(
    r"\b(?:(?P<morning>(?:early\s+)?morning|bitti|förmiddag(?:en)?|fm|f\.m|morgonen|på\s+morgonen)"
    r"|(?P<afternoon>afternoon|eftermiddag(?:en)?|em|e\.m|efter\s+lunch)"
    r"|(?P<evening>evening|tonight|kväll(?:en)?|i\s?kväll)"
    r"|(?P<end>(?:the\s+)?(?:end|close)\s+of\s+(?:the\s+|this\s+|business\s+)?(?:(?:working|business"
    r"|work)\s+)?(?:day|business)|eod|cob|dagens\s+slut|slutet\s+av\s+dagen|under\s+dagen|dagen|kontorstid"
    r"|arbetsdagens\s+slut|stängning))\b"
)
_WEEK_SHARES = ((r"beginning|start|early|början", 1), (r"mitten|middle|mid", 2), (r"end|slutet|late", 4))


class Times(msgspec.Struct, frozen=True):
    """`words[start:end]` names `at` (UTC); None where that is not certain."""

    start: int
    end: int
    at: datetime | None


class _Piece(msgspec.Struct, frozen=True):
    """A part of a moment: "day", "clock" or "part", with what resolves it."""

    start: int
    end: int
    kind: str
    match: re.Match[str]


def times(words: str, now: datetime, hours: Hours) -> list[Times]:
    """Every moment in `words` (folded, hours in figures), in order. Pieces that touch are one: "fredag 27 november
    kl. 15"."""
    found = [_span(match, now, hours) for match in _SPAN.finditer(words)]
    spoken = [(one.start, one.end) for one in found]
    pieces = [one for one in _pieces(words) if not any(start <= one.start < end for start, end in spoken)]
    for group in _groups(pieces, words):
        found.append(Times(group[0].start, group[-1].end, _at(group, words, now, hours)))
    return sorted(found, key=lambda one: one.start)


def _pieces(words: str) -> list[_Piece]:
    every = [
        _Piece(match.start(), match.end(), kind, match)
        for kind, pattern in (("day", _DAY), ("clock", _CLOCK), ("part", _PART))
        for match in pattern.finditer(words)
    ]
    kept: list[_Piece] = []
    for one in sorted(every, key=lambda piece: (piece.start, -piece.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


_BETWEEN = re.compile(
    rf"[\s,(){EITHER_HALF}]*"
    r"(?:(?:on|the|at|in|of|by|before|på|i|den|kl\.?|före|innan|under|senast|latest)[\s,(]+){0,3}",
    re.ASCII,
)


def _groups(pieces: list[_Piece], words: str) -> Iterator[list[_Piece]]:
    group: list[_Piece] = []
    for one in pieces:
        if group and not _BETWEEN.fullmatch(words[group[-1].end : one.start]):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


# --- resolving ---


def _at(group: list[_Piece], words: str, now: datetime, hours: Hours) -> datetime | None:
    here = now.astimezone(ZoneInfo(hours.timezone))
    days = _days([one.match for one in group if one.kind == "day"], here, words)
    clocks = {_clock(one.match, hours) for one in group if one.kind == "clock"}
    if len(days) > 1 or len(clocks) > 1 or None in days or None in clocks:
        return None
    if not days and not clocks and not any(one.match["end"] or one.match["afternoon"] for one in group):
        return None  # "in the morning" of which day?
    day = days.pop() if days else here.date()
    at = clocks.pop() if clocks else _part(group)
    if day is None:
        return None
    if at is not None:
        return datetime.combine(day, at, here.tzinfo).astimezone(UTC)
    ends = closing(day, hours)
    return ends if ends > now or day != here.date() else _midnight(day, here)


def _days(matches: list[re.Match[str]], here: datetime, words: str) -> set[date | None]:
    """A weekday beside a date only says again which day that is; one that says another makes it uncertain."""
    exact = {_day(one, here, words) for one in matches if not (one["weekday1"] or one["weekday2"])}
    named = [one["weekday1"] or one["weekday2"] for one in matches if one["weekday1"] or one["weekday2"]]
    only = next(iter(exact), None)
    if only is None or len(exact) > 1:
        return {_day(one, here, words) for one in matches}
    return exact if all(WEEKDAY_NUMBERS[name] == only.weekday() for name in named) else {None}


def _midnight(day: date, here: datetime) -> datetime:
    return datetime.combine(day, time(23, 59), here.tzinfo).astimezone(UTC)


def _part(group: list[_Piece]) -> time | None:
    """When a part of the day is over; None: at closing."""
    spoken = " ".join(one.match[0] for one in group)
    if any(one.kind == "part" and one.match["morning"] for one in group) or re.search(
        r"this morning|i\s?förmiddag", spoken
    ):
        return time(12)
    late = any(one.kind == "part" and one.match["evening"] for one in group) or re.search(
        r"tonight|i\s?kväll|evening", spoken
    )
    return time(22) if late else None


def _clock(match: re.Match[str], hours: Hours) -> time | None:
    """None where a bare hour may mean one of the afternoon."""
    if match["noon"]:
        return time(23, 59) if match["noon"].startswith("mid") and match["noon"] != "midday" else time(12)
    hour = int(next(filter(None, (match["hour"], match["hour2"], match["hour3"], match["hour4"]))))
    minute = int(match["minute"] or match["minute2"] or match["minute3"] or 0)
    if hour > 24 or minute > 59:
        return None
    if match["half"]:
        return time(hour % 12 + (12 if match["half"] == "p" else 0), minute) if hour <= 12 else None
    either = match.string.startswith(EITHER_HALF, match.end())
    bare = either or match["hour4"] or (match["hour2"] and not match["minute2"])
    opened = [span for spans in hours.week.values() for span in spans]
    usual = not opened or any(start <= hour * 60 + minute <= end for start, end in opened)
    if bare and 0 < hour < 12 and not usual:
        return None
    return time(23, 59) if hour == 24 else time(hour, minute)


def _day(match: re.Match[str], here: datetime, words: str) -> date | None:
    """The day that it names, None where it may be two: Friday on a Friday may be today, next Friday the coming one."""
    said, today = " ".join(match[0].replace(",", " ").split()), here.date()
    try:
        if match["week"] or match["number"]:
            return _week(match, today)
        if match["this_month"] or match["this_quarter"]:
            return _month(match, today)
        if match["slash1"]:
            year = f" 20{match['year3'][-2:]}" if match["year3"] else ""
            said = f"{'den ' if _swedish(match, words) else ''}{match['slash1']}/{match['slash2']}{year}"
        found = [today + timedelta(days=AHEAD.get(said, 0))] if match["ahead"] else days(said, today)
    except ValueError:
        return None
    return found[0] if len(found) == 1 else None


def _swedish(match: re.Match[str], words: str) -> bool:
    """Whether the day is before the month, where it might be the other way round."""
    either = max(int(match["slash1"]), int(match["slash2"])) <= 12
    return either and re.search(r"[åäö]|\b(?:vi|jag|du|ni|den|senast|och|inom|med)\b", words) is not None


def _week(match: re.Match[str], today: date) -> date | None:
    if match["week"] in ("week", "the week", "veckan") and not match["share"]:
        return None
    monday = today - timedelta(days=today.weekday())
    if match["number"]:
        monday = numbered(int(match["number"]), today)
    elif match["week"] in ("next week", "nästa vecka"):
        monday += timedelta(days=7)
    share = match["share"] or ""
    return monday + timedelta(days=next((day for word, day in _WEEK_SHARES if re.search(word, share)), 4))


def _month(match: re.Match[str], today: date) -> date | None:
    """The end of this month or quarter; its beginning and middle, and the turn of the month, are no day."""
    if match["this_month"] == "månadsskiftet" or not re.search("end|slutet", match["share"] or ""):
        return None
    return end_of_quarter(today) if match["this_quarter"] else end_of_month(today)


def _span(match: re.Match[str], now: datetime, hours: Hours) -> Times:
    """ "within 2-3 days" lasts until the later end."""
    word = match["upper"] or match["count"]
    count = int(word) if word.isdigit() else _COUNTS.get(word)
    return Times(
        match.start(), match.end(), None if count is None or match["half"] else _later(count, match["unit"], now, hours)
    )


def _later(count: int, unit: str, now: datetime, hours: Hours) -> datetime:
    """Hours are by the clock, days end at closing; working days are the desk's opening days."""
    here = now.astimezone(ZoneInfo(hours.timezone))
    if re.search("min", unit):
        return now + timedelta(minutes=count)
    if re.search(r"hour|tim|\bh\b", unit):
        if re.search("business|work|arbets", unit):
            return advance(now, timedelta(hours=count), hours)
        return now + timedelta(hours=count)
    if re.search("dygn", unit):
        return now + timedelta(days=count)
    if re.search("business|work|arbets|vardag", unit):
        day = add(now, Duration(days=count), hours).astimezone(here.tzinfo).date()
    else:
        day = here.date() + timedelta(days=count * (7 if re.search("week|veck", unit) else 1))
    return closing(day, hours)
