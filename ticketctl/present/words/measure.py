"""What `measure` says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ticketctl.content.changes import effect_words, number, per_week, sentence
from ticketctl.content.terminal import line, shortened
from ticketctl.domain.reports.measure import Measure, Thing
from ticketctl.domain.reports.measures import WEEKS, Effect, Side
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.measures.measure import Started

TEXTS: Texts = {
    "en": {
        "cause": "cause {value}",
        "label": "label {value}",
        "category": "category {value}",
        "pattern": "pattern P{value}",
        "new": "new group, first #{value}",
        "all": "all tickets",
        "started": "measure {number}: {name} ({about}), from {start}",
        "stopped": "measure {number}: {name}, stopped on {day}",
        "history": "{per_week} a week in the {weeks} whole weeks before",
        "no_history": "there is no whole week before it to compare with",
        "halving": "With {per_week} a week, a halving will be detected {often} after {count} weeks.",
        "doubling": "A doubling will be detected {often}.",
        "never": "With {per_week} a week, neither a halving nor a doubling can be detected after {count} weeks: "
        "there are too few tickets.",
        "often": "in {tenths} of 10 cases",
        "nearly_always": "in more than 9 of 10 cases",
        "seldom": "in fewer than 1 of 10 cases",
        "since": "since {start}",
        "until": "{start} to {stopped}",
        "title": "Measure {number}: {name} ({about}), {period}",
        "before": "Before",
        "after": "After",
        "side": "{head}: {cases} in {weeks} weeks, {per_week} a week ({first} to {last})",
        "side_rest": "{head}: {cases} in {weeks} weeks, {per_week} a week ({first} to {last}); "
        "all others {rest} a week",
        "no_side": "{head}: no full week yet",
        "against_rest": "Against the rest of the desk: {said}.",
        "per_day": "Per open day: {said}.",
        "none": 'There are no measures. Start one with `ticketctl measure start "New FAQ" --cause …`.',
    },
    "sv": {
        "cause": "orsak {value}",
        "label": "etikett {value}",
        "category": "kategori {value}",
        "pattern": "mönster P{value}",
        "new": "en ny grupp, först #{value}",
        "all": "alla ärenden",
        "started": "åtgärd {number}: {name} ({about}), från {start}",
        "stopped": "åtgärd {number}: {name}, avslutad {day}",
        "history": "{per_week} i veckan under de {weeks} hela veckorna före",
        "no_history": "det finns ingen hel vecka före att jämföra med",
        "halving": "Med {per_week} i veckan märks en halvering {often} efter {count} veckor.",
        "doubling": "En fördubbling märks {often}.",
        "never": "Med {per_week} i veckan märks varken en halvering eller en fördubbling efter {count} veckor: "
        "ärendena är för få.",
        "often": "i {tenths} fall av 10",
        "nearly_always": "i mer än 9 fall av 10",
        "seldom": "i mindre än 1 fall av 10",
        "since": "sedan {start}",
        "until": "{start} till {stopped}",
        "title": "Åtgärd {number}: {name} ({about}), {period}",
        "before": "Före",
        "after": "Efter",
        "side": "{head}: {cases} på {weeks} veckor, {per_week} i veckan ({first} till {last})",
        "side_rest": "{head}: {cases} på {weeks} veckor, {per_week} i veckan ({first} till {last}); "
        "alla andra {rest} i veckan",
        "no_side": "{head}: ingen hel vecka än",
        "against_rest": "Jämfört med resten av ärendena: {said}.",
        "per_day": "Per öppen dag: {said}.",
        "none": 'Det finns inga åtgärder. Starta en med `ticketctl measure start "Ny FAQ" --cause …`.',
    },
}


def thing(about: Thing | None, language: str) -> str:
    """ "cause invoice", "pattern P7", "all tickets"."""
    say = say_in(language, TEXTS)
    return say("all") if about is None else say(about.kind, value=line(about.value))


def started_lines(started: Started, language: str) -> Iterator[str]:
    """What was noted, and what can be found at all."""
    say, measure = say_in(language, TEXTS), started.measure
    yield say(
        "started",
        number=measure.number,
        name=line(measure.name),
        about=thing(measure.about, language),
        start=measure.start,
    )
    if not started.weeks:
        yield say("no_history")
        return
    a_week = number(started.per_week, language)
    yield say("history", per_week=a_week, weeks=started.weeks)
    if not started.halving and not started.doubling:
        yield say("never", per_week=a_week, count=WEEKS)
        return
    halving = say("halving", per_week=a_week, often=_often(started.halving, language), count=WEEKS)
    yield f"{halving} {say('doubling', often=_often(started.doubling, language))}"


def stopped_line(measure: Measure, language: str) -> str:
    say = say_in(language, TEXTS)
    return say("stopped", number=measure.number, name=line(measure.name), day=measure.stopped)


def effect_lines(effect: Effect, language: str) -> Iterator[str]:
    """The report of a measure."""
    say, measure = say_in(language, TEXTS), effect.measure
    about = thing(measure.about, language)
    period = _period(measure, language)
    yield say("title", number=measure.number, name=line(measure.name), about=about, period=period)
    yield ""
    yield _side(effect.before, "before", measure, language)
    yield _side(effect.after, "after", measure, language)
    yield ""
    said = sentence(effect.change, language)
    yield say("per_day" if measure.about is None else "against_rest", said=said)


def list_lines(effects: Iterable[Effect], language: str, room: int) -> Iterator[str]:
    """A measure a line: number, name, since when, and what came of it."""
    said = [(one.measure, effect_words(one, language)) for one in effects]
    if not said:
        yield say_in(language, TEXTS)("none")
        return
    right = len(str(max(measure.number for measure, _ in said)))
    for measure, words in said:
        period = _period(measure, language)
        head = f"{measure.number:>{right}}  {line(measure.name)} ({thing(measure.about, language)}), {period}"
        yield shortened(head, room)
        yield shortened(f"{' ' * right}  {words}", room)


def effect_json(effect: Effect) -> dict[str, Any]:
    """`before` and `after` are cases a week; `ratio` is after ÷ before, against the rest of the desk where the measure
    is about a part of it, and `interval` its 95 % interval; null where there are too few."""
    measure, change = effect.measure, effect.change
    return {
        **measure_json(measure),
        "before": round(effect.before.per_week, 3),
        "after": round(effect.after.per_week, 3),
        "ratio": _rounded(change.estimate),
        "interval": None if change.low is None else [_rounded(change.low), _rounded(change.high)],
        "says": change.says,
        "against": "open days" if measure.about is None else "rest of the desk",
        "cautious": change.alike,
        "weeks": {"before": _side_json(effect.before), "after": _side_json(effect.after)},
    }


def measure_json(measure: Measure) -> dict[str, Any]:
    return {
        "number": measure.number,
        "name": measure.name,
        "about": {measure.about.kind: measure.about.value} if measure.about else None,
        "start": measure.start.isoformat(),
        "stopped": measure.stopped.isoformat() if measure.stopped else None,
    }


def started_json(started: Started) -> dict[str, Any]:
    return {
        **measure_json(started.measure),
        "weeks_before": started.weeks,
        "per_week": round(started.per_week, 3),
        "halving_detected": started.halving,
        "doubling_detected": started.doubling,
    }


def _side(side: Side, head: str, measure: Measure, language: str) -> str:
    say = say_in(language, TEXTS)
    if not side.weeks:
        return say("no_side", head=say(head))
    rest = number(side.rest / side.weeks, language)
    return say(
        "side" if measure.about is None else "side_rest",
        head=say(head),
        cases=side.cases,
        weeks=side.weeks,
        per_week=per_week(side, language),
        first=side.first,
        last=side.last,
        rest=rest,
    )


def _side_json(side: Side) -> dict[str, Any]:
    first, last = (day.isoformat() if day else None for day in (side.first, side.last))
    return {"weeks": side.weeks, "cases": side.cases, "rest": side.rest, "first": first, "last": last}


def _period(measure: Measure, language: str) -> str:
    say = say_in(language, TEXTS)
    if measure.stopped:
        return say("until", start=measure.start, stopped=measure.stopped)
    return say("since", start=measure.start)


def _often(share: float, language: str) -> str:
    say = say_in(language, TEXTS)
    if share >= 0.95:
        return say("nearly_always")
    return say("often", tenths=round(share * 10)) if share >= 0.05 else say("seldom")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
