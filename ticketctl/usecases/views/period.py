"""What a report is asked for: which period, by what it is divided, and which tickets must be read for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.config import Config
from ticketctl.domain.reports import periods
from ticketctl.domain.reports.breakdown import KINDS, Dimension
from ticketctl.domain.reports.cases import Frame, frame, read_from
from ticketctl.domain.reports.periods import PARTS, Part, Window, days, last_week, recent
from ticketctl.domain.settings.settings import parse_duration
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.people import meant
from ticketctl.usecases.session import Session

LAST = "last"
# fields that may be asked for in the other language, whichever of the two rules.yaml has
_ALIKE = (("category", "kategori"), ("area", "område"), ("customertype", "kundtyp"))


def ago(session: Session, text: str) -> datetime:
    """The instant so long before now, by the calendar ("90d", "8 weeks"); raises Usage where it is no length."""
    try:
        length = parse_duration(text)
        return session.now - timedelta(days=length.days + 30 * length.months, minutes=length.minutes)
    except ValueError as error:
        raise Usage("{reason}", code="not_a_duration", reason=error) from None
    except OverflowError:
        raise Usage("{words!r} is longer ago than there are dates", code="too_long_ago", words=text) from None


class ReportOn(msgspec.Struct, frozen=True, kw_only=True):
    """A day ("2026-11-20"), week ("2026-W47"), month ("2026-11"), quarter ("2026-Q4") or year ("2026"), or the LAST, or
    the days from `first` to `last` (today, where that is not given); the last full week where nothing is. `by`: also
    the figures of each owner, channel, priority, label, cause, or value of a field. `over`: also those of each day,
    week or month; of the last 28, 13 or 12 where no period is given. `before`: also what arrived and
    was open in the 13 weeks that end with a week, or the twelve months that end with a month or quarter. `language` is
    the desk's unless given."""

    day: str = ""
    week: str = ""
    month: str = ""
    quarter: str = ""
    year: str = ""
    first: date | None = None
    last: date | None = None
    by: str = ""
    over: str = ""
    before: bool = False
    language: str = ""

    @property
    def names_a_period(self) -> bool:
        return bool(self.named or self.first or self.last)

    @property
    def named(self) -> list[tuple[str, str]]:
        """The periods that are given by name: which kind, and its name or LAST."""
        return [(kind, name) for kind in _PERIODS if (name := getattr(self, kind))]


_PERIODS: dict[str, tuple[Callable[[str, ZoneInfo], Window], Callable[[datetime, ZoneInfo], Window]]] = {
    "day": (periods.day, periods.last_day),
    "week": (periods.week, periods.last_week),
    "month": (periods.month, periods.last_month),
    "quarter": (periods.quarter, periods.last_quarter),
    "year": (periods.year, periods.last_year),
}


def window_of(session: Session, request: ReportOn) -> Window:
    """Raises Usage for a period that there is not."""
    zone = ZoneInfo(session.config.timezone)
    if len(request.named) + bool(request.first or request.last) > 1:
        raise Usage("a report is about one period, or the days from one to another", code="several_periods")
    for kind, name in request.named:
        by_name, last = _PERIODS[kind]
        return last(session.now, zone) if name == LAST else by_name(name, zone)
    if request.first is not None:
        return days(request.first, request.last or session.now.astimezone(zone).date(), zone)
    if request.last is not None:
        raise Usage("the last day needs a first day", code="no_first_day")
    part = part_of(request)
    return recent(part, session.now, zone) if part else last_week(session.now, zone)


def part_of(request: ReportOn) -> Part | None:
    """Raises Usage."""
    found = next((part for part in PARTS if part == request.over), None)
    if request.over and found is None:
        close = meant(request.over, PARTS)
        raise Usage("{name!r} is no part of a period{meant}", code="no_part", name=request.over, meant=close)
    return found


def frame_of(session: Session, window: Window) -> Frame:
    return frame(window, hours=session.config.hours, targets=session.config.targets, now=session.now)


def tickets_of(desk: Desk, asked: Frame) -> Iterator[Ticket]:
    """Those that may matter to the window: what was over before it, or began after it, is not read from the archive."""
    return desk.find(Query(lived_from=read_from(asked), lived_to=asked.window.end), archive=True)


def dimension_of(config: Config, word: str) -> Dimension:
    """ "label", "customer-type"; raises Usage for what is neither of every ticket nor a field of rules.yaml."""
    for kind in KINDS:
        if word == kind:
            return Dimension(kind, word)
    if name := field_called(config, word):
        return Dimension("field", name)
    known = (*KINDS, *config.fields)
    raise Usage(
        "tickets cannot be divided by {name!r}: no field of rules.yaml is called so{meant}",
        code="no_dimension",
        name=word,
        meant=meant(word, known),
    )


def field_called(config: Config, word: str) -> str:
    """The name of that field, which may be asked for in the other language; "" where rules.yaml has none."""
    wanted = next((names for names in _ALIKE if _plain(word) in names), (_plain(word),))
    return next((name for name in config.fields if _plain(name) in wanted), "")


def _plain(name: str) -> str:
    return "".join(name.casefold().replace("-", " ").replace("_", " ").split())
