"""The days that words name, in English and Swedish: "3 december", "fredag nästa vecka", "vecka 50", "end of month".

A week, a month, a quarter and a year stand for their first day, where nothing says beginning, middle or end. All words
are folded and parted by single spaces.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from ticketctl.domain.deadlines.calendar_words import AHEAD, LAST_DAY, MONTH, MONTHS, OVER_DAYS, WEEKDAY, WEEKDAYS
from ticketctl.errors import Reasons, Usage


class NoSuchDay(Usage, ValueError):
    """The words name a day that does not exist; the sentence says why."""


def _any(names: Sequence[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_NAME = f"(?P<name>{_any(list(WEEKDAY))})"
_MONTH = rf"(?P<month>{_any(list(MONTH))})\.?"
_NEXT_WEEK = r"(?:next week|nästa vecka)"
_THIS_WEEK = r"(?:this week|the week|denna vecka|den här veckan|veckan)"
_NUMBERED = r"(?:week|vecka|v\.?|w) ?(?P<week>\d{1,2})"
_ORDINAL = r"(?:st|nd|rd|th|:e|:a|:dje|:de|\.)?"
_SHARE = (
    r"(?:(?:i|in|at|by|mot|vid|towards) )?(?:the )?"
    r"(?P<share>beginning|start|early|början|mitten|middle|mid|end|late|slutet)"
    r"(?: (?:of|av|på|in|i))? "
)
_QUARTER = r"q ?[1-4]|(?:next|nästa) (?:quarter|kvartal)"
_PERIOD = (
    rf"(?P<period>{_NEXT_WEEK}|{_THIS_WEEK}|week|{_NUMBERED}|(?:next|nästa) (?:month|månad|year|år)|{_QUARTER}"
    r"|(?:(?:this|the|denna|den här) )?(?:month|månad(?:en)?)|(?:(?:this|the) )?year|året"
    r"|(?:(?:this|the|detta|det här) )?(?:quarter|kvartal(?:et)?)"
    rf"|{_MONTH}(?: (?P<year>\d{{4}}))?)"
)
Pattern = re.Pattern[str]
Found = Callable[[re.Match[str], date], "Sequence[date]"]


def days(words: str, today: date) -> Sequence[date]:
    """The days that `words` can mean, soonest first; none where they name no day. Raises NoSuchDay."""
    if words in AHEAD:
        return [today + timedelta(days=AHEAD[words])]
    for pattern, found in _READINGS:
        if match := pattern.fullmatch(words):
            return found(match, today)
    return []


def is_week(words: str) -> bool:
    """Whether they name a whole week, month or year, which has no time of day."""
    return any(pattern.fullmatch(words) for pattern in _WHOLE)


def is_end(words: str) -> bool:
    """Whether they name the end of a period, which lasts until its last day closes."""
    return bool(_ENDING.search(words))


# --- weekdays and weeks ---


def _weekday(match: re.Match[str], today: date) -> Sequence[date]:
    """Friday said on a Friday is today or in a week; next Friday is the coming one, or the one of next week."""
    number, which = WEEKDAY[match["name"]], match["which"] or ""
    coming = today + timedelta(days=(number - today.weekday()) % 7)
    if which in ("last", "förra"):
        return [today - timedelta(days=(today.weekday() - number) % 7 or 7)]
    if which in ("next", "nästa"):
        return sorted({coming if coming > today else coming + timedelta(days=7), _of_week(_next(today), number)})
    return [coming, coming + timedelta(days=7)] if coming == today else [coming]


def _weekday_gone(match: re.Match[str], today: date) -> Sequence[date]:
    return [today - timedelta(days=(today.weekday() - WEEKDAY[match["name"]]) % 7 or 7)]


def _weekday_weeks_later(match: re.Match[str], today: date) -> Sequence[date]:
    """Monday in a week, a week on Monday: a week, or two, behind the coming one."""
    weeks = 2 if re.search("two|2|två", match[0]) else 1
    return [today + timedelta(days=(WEEKDAY[match["name"]] - today.weekday()) % 7 + 7 * weeks)]


def _weekday_of_next(match: re.Match[str], today: date) -> Sequence[date]:
    return [_of_week(_next(today), WEEKDAY[match["name"]])]


def _weekday_of_this(match: re.Match[str], today: date) -> Sequence[date]:
    return [_of_week(_monday(today), WEEKDAY[match["name"]])]


def _weekday_numbered(match: re.Match[str], today: date) -> Sequence[date]:
    return [_of_week(numbered(int(match["week"]), today), WEEKDAY[match["name"]])]


def _weekend(match: re.Match[str], today: date) -> Sequence[date]:
    saturday = _of_week(_monday(today), 5)
    return [saturday + timedelta(days=2) if match["after"] else saturday]


def _next_weekend(_match: re.Match[str], today: date) -> Sequence[date]:
    """The coming one, or the one behind it."""
    saturday = _of_week(_monday(today), 5)
    return [one for one in (saturday, saturday + timedelta(days=7)) if one > today]


def _last_week(_match: re.Match[str], today: date) -> Sequence[date]:
    return [_monday(today) - timedelta(days=7)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _next(day: date) -> date:
    return _monday(day) + timedelta(days=7)


def _of_week(monday: date, number: int) -> date:
    return monday + timedelta(days=number)


def numbered(week: int, today: date) -> date:
    """The Monday of that ISO week: of this year, or of next year where it is long over."""
    year, current, _ = today.isocalendar()
    year += week < current - 26
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        last = date(year, 12, 28).isocalendar().week  # ISO 8601: 28 December is always in the last week
        raise NoSuchDay("{year} has {last} weeks", code="no_such_week", year=year, last=last) from None


# --- dates ---


def _iso(match: re.Match[str], _today: date) -> Sequence[date]:
    return [_date(int(match[1]), int(match[2]), int(match[3]))]


def _written(match: re.Match[str], today: date) -> Sequence[date]:
    """A weekday beside it only says again which day that is."""
    found = of_year(int(match["day"]), MONTH[match["month"]], int(match["year"] or 0), today)
    name = match["name"]
    if name and WEEKDAY[name] != found.weekday():
        raise _another_weekday(found)
    return [found]


def _slashed(match: re.Match[str], today: date) -> Sequence[date]:
    """1/12 is the first of December here and the twelfth of January elsewhere; "den 1/12" is Swedish, and a weekday
    beside it may tell which it is."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"] or 0)
    ways = ((first, second),) if match["den"] else ((first, second), (second, first))
    found = {of_year(day, month, year, today) for day, month in ways if 1 <= month <= 12}
    if not found:
        raise NoSuchDay("there is no month {month}", code="no_such_month", month=second)
    right = {day for day in found if not match["name"] or day.weekday() == WEEKDAY[match["name"]]}
    if not right:
        raise NoSuchDay("{reasons}", code="other_weekdays", reasons=Reasons(map(_another_weekday, sorted(found))))
    return sorted(right)


def _feast(match: re.Match[str], today: date) -> Sequence[date]:
    """The coming one, today included."""
    month, day = FEAST[match["feast"]]
    return [next(one for one in (date(today.year, month, day), date(today.year + 1, month, day)) if one >= today)]


def _of_month(match: re.Match[str], today: date) -> Sequence[date]:
    """The 3rd: of this month, or of the next one that has such a day."""
    day, first = int(match["day"]), today.replace(day=1)
    if not 1 <= day <= 31:
        raise NoSuchDay("no month has a day {day}", code="no_such_day_of_month", day=day)
    name = match["name"]
    while day < (today.day if first.month == today.month and first.year == today.year else 1) or day > _length(first):
        first = _months_later(first, 1)
    found = first.replace(day=day)
    if name and WEEKDAY[name] != found.weekday():
        raise _another_weekday(found)
    return [found]


def of_year(day: int, month: int, year: int, today: date) -> date:
    """That day of `year`; without a year (0) of this one, or of the next where it is long over."""
    found = _date(year or today.year, month, day)
    return _date(found.year + 1, month, day) if not year and (today - found).days > OVER_DAYS else found


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        if not 1 <= month <= 12:
            raise NoSuchDay("there is no month {month}", code="no_such_month", month=month) from None
        name, length = MONTHS[month - 1][0].capitalize(), monthrange(year, month)[1] if year else LAST_DAY[month - 1]
        raise NoSuchDay(
            "{month} has {length} days",
            code="month_is_shorter",
            month=f"{name} {year}" if month == 2 else name,
            length=length,
        ) from None


def _another_weekday(day: date) -> NoSuchDay:
    weekday = WEEKDAYS[day.weekday()][0].capitalize()
    return NoSuchDay("{day} is a {weekday}", code="another_weekday", day=day, weekday=weekday)


# --- parts of weeks, months and years ---


def _part(match: re.Match[str], today: date) -> Sequence[date]:
    share = match["share"] or "start"
    first, last, middle = _bounds(match, today)
    if share in ("end", "late", "slutet"):
        return [last]
    return [middle if share in ("mitten", "middle", "mid") else first]


def _bounds(match: re.Match[str], today: date) -> tuple[date, date, date]:
    """First, last (of a week Friday) and middle day."""
    period = match["period"]
    if match["month"]:
        first = of_year(1, MONTH[match["month"]], int(match["year"] or 0), today)
        return first, first.replace(day=_length(first)), first.replace(day=15)
    if match["week"] or re.search("week|veck", period):
        monday = _next(today) if re.fullmatch(_NEXT_WEEK, period) else _monday(today)
        monday = numbered(int(match["week"]), today) if match["week"] else monday
        return monday, _of_week(monday, 4), _of_week(monday, 2)
    later = period.startswith(("next", "nästa"))
    if re.search("quarter|kvartal|^q", period):
        first = _quarter(int(period[-1]) if period[-1].isdigit() else 0, later, today)
        return first, _months_later(first, 3) - timedelta(days=1), _months_later(first, 1).replace(day=15)
    if re.search("year|år", period):
        year = today.year + later
        return date(year, 1, 1), date(year, 12, 31), date(year, 7, 1)
    first = _months_later(today.replace(day=1), 1) if later else today.replace(day=1)
    return first, first.replace(day=_length(first)), first.replace(day=15)


def _turned(match: re.Match[str], today: date) -> Sequence[date]:
    """ "månadens slut", "month end", "eow"."""
    if match["week_end"]:
        return [_of_week(_monday(today), 4)]
    if match["quarter_end"]:
        return [end_of_quarter(today)]
    return [date(today.year, 12, 31) if match["year_end"] else today.replace(day=_length(today))]


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def end_of_month(today: date) -> date:
    return today.replace(day=_length(today))


def end_of_quarter(today: date) -> date:
    return _months_later(_quarter(0, False, today), 3) - timedelta(days=1)


def _quarter(number: int, later: bool, today: date) -> date:
    """The first day of the quarter of that number that is not over; 0: of this one, or of the next."""
    this = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)
    if not number:
        return _months_later(this, 3) if later else this
    first = date(today.year, 3 * number - 2, 1)
    return first if first >= this else first.replace(year=today.year + 1)


def _months_later(day: date, months: int) -> date:
    from dateutil.relativedelta import relativedelta  # here: start-up must not pay for it

    return day + relativedelta(months=months)


def _compiled(pattern: str) -> Pattern:
    return re.compile(pattern, re.ASCII)


_ENDING = _compiled(r"\b(?:end|slut|slutet|månadsskiftet|eo[wmqy])\b")
_FEASTS = {
    (1, 1): ("nyårsdagen", "nyårsdag", "new year's day", "new year’s day"),
    (1, 2): ("efter nyår", "after new year"),
    (12, 24): ("julafton", "christmas eve"),
    (12, 25): ("juldagen", "juldag", "christmas day"),
    (12, 26): ("annandag jul", "annandagen", "boxing day"),
    (12, 27): ("efter jul", "after christmas", "mellandagarna", "i mellandagarna"),
    (12, 31): ("nyårsafton", "new year's eve", "new year’s eve"),
}
FEAST = {name: day for day, names in _FEASTS.items() for name in names}
_WHOLE = (
    _compiled(_NEXT_WEEK),
    _compiled(_NUMBERED),
    _compiled(rf"(?:next|nästa) (?:month|månad|year|år)|{_QUARTER}"),
)
_DAY = rf"(?:den |the )?(?P<day>\d{{1,2}}){_ORDINAL}"
_READINGS: tuple[tuple[Pattern, Found], ...] = (
    (_compiled(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"), _iso),
    (_compiled(rf"(?:(?:on |på )?{_NAME} )?(?P<den>den )?(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})"
               r"(?:[/ ](?P<year>\d{4}))?"), _slashed),
    (_compiled(rf"(?:(?:on |på )?{_NAME} )?{_DAY} ?(?:of |i )?{_MONTH}(?: (?P<year>\d{{4}}))?"), _written),
    (_compiled(rf"(?:(?:on |på )?{_NAME} )?{_MONTH} (?:the )?(?P<day>\d{{1,2}}){_ORDINAL}(?: (?P<year>\d{{4}}))?"),
     _written),
    (_compiled(rf"(?P<which>next|nästa|last|förra|on|på|this|denna|coming|kommande|nu på) {_NAME}"), _weekday),
    (_compiled(rf"(?P<which>){_NAME}"), _weekday),
    (_compiled(rf"i {_NAME}s"), _weekday_gone),
    (_compiled(rf"{_NEXT_WEEK}(?:'?s)? (?:on |på )?{_NAME}"), _weekday_of_next),
    (_compiled(rf"(?:on |på )?{_NAME} (?:of |i |in )?{_NEXT_WEEK}"), _weekday_of_next),
    (_compiled(rf"(?:on |på )?{_NAME} (?:of |i |in )?{_THIS_WEEK}"), _weekday_of_this),
    (_compiled(rf"(?:on |på )?{_NAME} (?:of |i |in )?{_NUMBERED}"), _weekday_numbered),
    (_compiled(rf"{_NUMBERED} (?:on |på )?{_NAME}"), _weekday_numbered),
    (_compiled(rf"(?:on |på )?{_NAME} (?:om (?:en|1|två|2) veck(?:a|or)|in (?:a|two|2) weeks?|week)"),
     _weekday_weeks_later),
    (_compiled(rf"(?:a|one|two|2) weeks? (?:on|from) {_NAME}"), _weekday_weeks_later),
    (_compiled(rf"{_SHARE}{_PERIOD}"), _part),
    (_compiled(rf"(?P<share>)(?P<week>)(?P<period>(?:in|i) {_MONTH}(?: (?P<year>\d{{4}}))?)"), _part),
    (_compiled(rf"(?:on |på )?(?P<feast>{_any(list(FEAST))})"), _feast),
    (_compiled(r"(?:(?:over|on|the|i) )?(?:next weekend|nästa helg)"), _next_weekend),
    (_compiled(rf"(?P<share>)(?P<period>{_NEXT_WEEK}|{_NUMBERED}|(?:next|nästa) (?:month|månad|year|år)|{_QUARTER})"
               r"(?P<month>)(?P<year>)"), _part),
    (_compiled(r"(?P<week_end>veckans slut|week end|eow)|(?P<year_end>årets slut|year end|eoy)"
               r"|(?P<quarter_end>kvartalets slut|kvartalsskiftet|quarter end|eoq)"
               r"|månadens slut|månadsskiftet|month end|eom"), _turned),
    (_compiled(r"(?P<after>after |efter )?(?:(?:i|this|the|at the|over the|on the) )?(?:helgen|weekend)"), _weekend),
    (_compiled(r"last week|förra veckan|i förra veckan"), _last_week),
    (_compiled(rf"(?:(?:on |på )?{_NAME} )?(?:den|the) (?P<day>\d{{1,2}}){_ORDINAL}"), _of_month),
)  # fmt: skip
