"""Noting when a measure starts, and when it ends."""

from __future__ import annotations

from datetime import date

import msgspec

from ticketctl.domain.reports.measure import Measure, Thing, ThingKind
from ticketctl.domain.reports.measures import WEEKS, history
from ticketctl.domain.statistics.power import chance
from ticketctl.errors import NextStep, Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.absences import today
from ticketctl.usecases.fields import checked_labels
from ticketctl.usecases.measures.effects import diary_of, stored
from ticketctl.usecases.people import meant
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.close import check_cause
from ticketctl.usecases.views.period import dimension_of

_LONGEST = 120  # characters of a name: it is a column of the list and a line of a mail
_YEARS = range(1900, 9000)


class StartMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """At most one of `cause`, `pattern` ("P7" or "7"), `label` and `category` says what it is to lessen. `start` is the
    first day on which it works, today unless given."""

    name: str
    cause: str = ""
    pattern: str = ""
    label: str = ""
    category: str = ""
    start: date | None = None


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """`weeks` whole weeks before the start hold `per_week` cases each. `halving`: in what share of cases a halving will
    be found after 12 weeks, 0 where there were too few before to find any; `doubling` likewise."""

    measure: Measure
    weeks: int
    per_week: float
    halving: float
    doubling: float


def start_measure(session: Session, request: StartMeasure, *, keep: bool = True) -> Started:
    """Raises Usage for what is not known."""
    session.must("measure start", keep=keep)
    name = " ".join(request.name.split())
    if not name or len(name) > _LONGEST:
        raise Usage("a measure needs a name of at most {most} characters", code="measure_name", most=_LONGEST)
    with session.store.transaction(keep=keep) as desk:
        measure = Measure(
            number=max((one.number for one in desk.measures()), default=0) + 1,
            name=name,
            start=_known(request.start or today(session)),
            at=session.now,
            by=session.actor,
            about=_about(session, desk, request),
        )
        desk.save_measure(measure)
        before = history(diary_of(session, desk, [measure]), measure.about, min(measure.start, today(session)))
    cases = sum(week.cases for week in before)
    return Started(
        measure=measure,
        weeks=len(before),
        per_week=cases / len(before) if before else 0.0,
        halving=chance(before, ratio=0.5, weeks=WEEKS),
        doubling=chance(before, ratio=2, weeks=WEEKS),
    )


class StopMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """From `day` on (today unless given) it does not work any more."""

    number: int
    day: date | None = None


def stop_measure(session: Session, request: StopMeasure, *, keep: bool = True) -> Measure:
    """What came of it until then stays in its report. Raises Usage where there is no such measure, Refused where it has
    stopped already."""
    session.must("measure stop", keep=keep)
    with session.store.transaction(keep=keep) as desk:
        measure = stored(desk, request.number)
        if measure.stopped is not None:
            raise Refused(
                "measure {number} stopped on {day}",
                code="measure_stopped",
                number=measure.number,
                day=measure.stopped,
                next_step=NextStep("measure report", more=str(measure.number), then="shows what came of it"),
            )
        day = request.day or today(session)
        if day < measure.start:
            raise Usage(
                "measure {number} started on {start}, after {day}",
                code="stops_before_start",
                number=measure.number,
                start=measure.start,
                day=day,
            )
        stopped = msgspec.structs.replace(measure, stopped=day)
        desk.save_measure(stopped)
    return stopped


def _known(day: date) -> date:
    """The same; raises Usage where the weeks before or after it would be none of the calendar."""
    if day.year not in _YEARS:
        raise Usage("there are no figures of {day}; write a year such as 2026", code="no_such_year", day=day)
    return day


def _about(session: Session, desk: Desk, request: StartMeasure) -> Thing | None:
    kinds: tuple[ThingKind, ...] = ("cause", "pattern", "label", "category")
    given = [(kind, value) for kind in kinds if (value := getattr(request, kind))]
    if len(given) > 1:
        raise Usage("a measure is about one of cause, pattern, label and category", code="several_things")
    if not given:
        return None
    kind, value = given[0]
    if kind == "cause":
        check_cause(session, value)
    elif kind == "label":
        checked_labels(session.config, [value])
    elif kind == "category":
        _check_category(session, value)
    else:
        value = _pattern(desk, value)
    return Thing(kind, value)


def _check_category(session: Session, value: str) -> None:
    spec = session.config.fields[dimension_of(session.config, "category").name]
    if spec.values and value not in spec.values:
        raise Usage("no category {name!r}{meant}", code="no_category", name=value, meant=meant(value, spec.values))


def _pattern(desk: Desk, word: str) -> str:
    number = word.removeprefix("P").removeprefix("p")
    known = {str(one.key) for one in desk.patterns() if one.living}
    if number not in known:
        raise Usage(
            "there is no pattern {name}",
            code="no_such_pattern",
            name=word,
            next_step=NextStep("patterns", then="shows those there are"),
        )
    return number
