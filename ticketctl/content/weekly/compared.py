"""The tables of a week's report that compare it: with the twelve weeks before, and with the weeks around it a year
ago."""

from __future__ import annotations

from collections.abc import Iterator

from ticketctl.content.changes import WORDS, amounts
from ticketctl.content.report import Section, Setting
from ticketctl.content.weekly.words import days, length, lengths, weeks_named
from ticketctl.content.words import known, percent
from ticketctl.domain.reports.figures import FIGURES
from ticketctl.domain.reports.trends import WEEKS, Trend
from ticketctl.domain.statistics.change import Change

_NAMES = {"targets_kept.first_response": "first_in_time", "backlog": "trend_backlog", "arrivals": "trend_arrivals"}
_NAMES |= {"closes": "trend_closes", "first_response": "first_response"}


def trend_sections(setting: Setting) -> list[Section]:
    """None but of a week that is over; that of a year ago where the desk was there."""
    if not setting.trends:
        return []
    words, trends = setting.words, setting.trends
    notes = [words["trend_usual"], *_notes([one.change for one in trends.values()], setting)]
    rows = tuple(_row(name, one, one.usual, one.change, setting) for name, one in trends.items())
    heads = ("", words["trend_week"], words["trend_before"], words["trend_difference"], "")
    found = [Section("trend", words["trend"].format(count=WEEKS), heads, rows, tuple(notes))]
    then = {name: one.year_ago for name, one in trends.items() if one.year_ago}
    if any(one.change and one.change.says != "too few" for one in then.values()):
        any_of = next(iter(then.values()))
        rows = tuple(_row(name, trends[name], one.usual, one.change, setting) for name, one in then.items())
        heads = ("", words["trend_week"], words["trend_then"], words["trend_difference"], "")
        title = words["trend_year"].format(
            weeks=weeks_named(any_of.first, any_of.last, setting.language),
            days=days(any_of.first, any_of.last, setting.language),
        )
        notes = [words["trend_year_told"], *_notes([one.change for one in then.values()], setting)]
        found.append(Section("trend_year", title, heads, rows, tuple(notes)))
    return found


def _row(
    name: str, one: Trend, usual: tuple[float, float] | None, change: Change | None, setting: Setting
) -> tuple[str, ...]:
    kind, language = FIGURES[name].kind, setting.language
    said = WORDS[known(language)][change.says] if change else ""
    if change and change.says in ("fell", "rose"):
        said = setting.words[f"trend_{change.says}"]
    return (
        setting.words[_NAMES[name]],
        value_of(kind, one.value, language),
        range_of(kind, usual, language),
        amounts(change, language) if change else "",
        said,
    )


def _notes(changes: list[Change | None], setting: Setting) -> Iterator[str]:
    yield setting.words["trend_told"]
    if any(one and one.alike for one in changes):
        yield f"{WORDS[known(setting.language)]['alike'].capitalize()}."


# --- the same in the weekly mail ---


def value_of(kind: str, value: float | None, language: str) -> str:
    """By the kind of a figure (figures.Spec): "2 h 10 min", "85%", "13"; a dash for None."""
    if value is None:
        return "–"
    if kind == "times":
        return length(value, language)
    return percent(value, language) if kind == "rate" else f"{value:.0f}"


def range_of(kind: str, usual: tuple[float, float] | None, language: str) -> str:
    """ "1.7–2.6 h", "60–88%", "13–20"; a dash for None."""
    if usual is None:
        return "–"
    low, high = usual
    if kind == "times":
        return lengths(low, high, language)
    if kind == "rate":
        return f"{low * 100:.0f}–{percent(high, language)}"
    return f"{low:.0f}–{high:.0f}"
