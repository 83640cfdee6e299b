"""Figures of parts: per owner, label, field … and per week or month.

What places a ticket in a group is how it was at the frame's instant: its owner, priority, labels and fields then. So a
past period stays as it was. A ticket with several labels is in several groups; "" are those that have none. A reply
belongs to who wrote it, whosever the ticket is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, get_args

import msgspec

from ticketctl.domain.reports.cases import Case, Frame, History, counted, histories, read_from, with_merged
from ticketctl.domain.reports.figures import FIGURES, Figures, Flow, Tally, cases_of
from ticketctl.domain.reports.flow import arrived_by
from ticketctl.domain.reports.outcomes import cause_of
from ticketctl.domain.reports.periods import Window
from ticketctl.domain.reports.statistics import Rate, Times
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import as_of, lifespan

Kind = Literal["owner", "channel", "priority", "label", "cause", "field"]
KINDS: tuple[Kind, ...] = get_args(Kind)[:-1]  # what every ticket has


class Dimension(msgspec.Struct, frozen=True):
    """By what tickets are grouped: `name` is what was asked for, and the name of the field where it is one."""

    kind: Kind
    name: str


class Groups(msgspec.Struct, frozen=True):
    """The figures of each group, in order of how many tickets arrived and are open; "" (none) comes last.
    `load_only`: all that tells how fast or how well somebody works is left empty."""

    by: Dimension
    figures: dict[str, Figures]
    load_only: bool = False


def grouped(tickets: Iterable[Ticket], asked: Frame, by: Dimension) -> tuple[Figures, Groups]:
    """The whole, and its groups, in one reading."""
    whole, parts = Tally(asked), dict[str, Tally]()
    for history in histories(tickets, asked):
        found = cases_of(history)
        whole.add(history, found)
        written = {one.group for one in found.get("replies", ())} if by.kind == "owner" else set[str]()
        own = values(history, by)
        for value in {*own, *written} if found else ():
            mine = dict(found) if value in own else {}
            if by.kind == "owner":
                mine["replies"] = [one for one in found.get("replies", ()) if one.group == value]
            parts.setdefault(value, Tally(asked)).add(history if value in own else None, mine)
    figures = {value: tally.figures() for value, tally in parts.items()}
    ordered = sorted(figures, key=lambda value: (not value, -_size(figures[value]), value))
    return whole.figures(), Groups(by, {value: figures[value] for value in ordered})


def loads_only(groups: Groups) -> Groups:
    """Without what tells how fast or how well each works."""
    return Groups(groups.by, {value: _load(one) for value, one in groups.figures.items()}, load_only=True)


def _load(figures: Figures) -> Figures:
    return msgspec.structs.replace(
        figures,
        first_response=Times(),
        first_response_chat=Times(),
        closed_unanswered=0,
        resolution_first=Times(),
        resolution_last=Times(),
        waiting=Times(),
        ours=Times(),
        automatic_closes=0,
        reopened=Rate(),
        kept={kind: Rate() for kind in figures.kept},
        promised=Rate(),
        flow=Flow(figures.flow.arrivals, 0, 0, ()),
        causes={},
        covered=Rate(),
        touches=Counter(),
        one_touch=Rate(),
        rated=Rate(),
        satisfied=Rate(),
    )


def _size(figures: Figures) -> int:
    return figures.flow.total + figures.backlog.total


def values(history: History, by: Dimension) -> tuple[str, ...]:
    """The groups that the ticket is in; ("",) for none."""
    ticket, instant = history.ticket, history.instant
    match by.kind:
        case "owner":
            return (history.then.assignee,)
        case "priority":
            return (history.then.priority,)
        case "channel":
            return (arrived_by(ticket),)
        case "cause":
            return (cause_of(history),)
        case "label":
            return labels_at(ticket, instant) or ("",)
        case "field":
            return (_field_at(ticket, by.name, instant),)


def labels_at(ticket: Ticket, at: datetime) -> tuple[str, ...]:
    """The labels that it had at an instant."""
    labels = dict.fromkeys(ticket.labels)
    for event in reversed(ticket.events):
        if event.at <= at:
            continue
        if event.what == "labelled":
            for label in event.after.split(", "):
                labels.pop(label, None)
        elif event.what == "unlabelled":
            labels |= dict.fromkeys(event.before.split(", "))
    return tuple(sorted(labels))


def _field_at(ticket: Ticket, name: str, at: datetime) -> str:
    what = f"field {name}"
    later = (one.before for one in ticket.events if one.what == what and one.at > at)
    return next(later, ticket.fields.get(name, ""))


def cases_in(
    tickets: Iterable[Ticket], asked: Frame, figure: str, by: Dimension | None = None, value: str = ""
) -> list[Case]:
    """The cases of a figure, of one group where `by` is given, in order of the tickets' numbers: what is counted is the
    figure."""
    found: list[Case] = []
    for history in sorted(histories(tickets, asked), key=lambda one: one.number):
        cases = FIGURES[figure].cases(history)
        if by is not None and by.kind == "owner" and figure == "replies":
            found += [one for one in cases if one.group == value]
        elif by is None or value in values(history, by):
            found += cases
    return found


# --- over time ---


class InAndOpen(msgspec.Struct, frozen=True):
    """Tickets that arrived in a window, and that were open at its end."""

    window: Window
    arrivals: int
    open: int


class InAndOpenTally:
    """Counts them in each frame, as its own report does; far cheaper than `over_time`, since a ticket is looked at only
    in the frames that it lived in, and no deadline matters."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._frames = frames
        self._counts = [[0, 0] for _ in frames]

    def passing(self, tickets: Iterable[Ticket]) -> Iterator[Ticket]:
        """The same tickets, merged ones last; each is counted as it passes by, so that they are read once."""
        for ticket, others in with_merged(tickets):
            if self._frames:
                self._add(ticket, others)
            yield ticket

    def _add(self, ticket: Ticket, others: Mapping[int, Ticket]) -> None:
        first, last = lifespan(ticket)
        for asked, count in zip(self._frames, self._counts, strict=True):
            if first < asked.window.end and (last is None or last >= asked.window.start):
                history = History(ticket, as_of(ticket, asked.instant, others), asked)
                count[0] += sum(case.count for case in counted(FIGURES["arrivals"].cases(history)))
                count[1] += history.in_stock

    def rows(self) -> list[InAndOpen]:
        """Without those before the first ticket, but at least the last."""
        begun = next((at for at, count in enumerate(self._counts) if any(count)), len(self._counts) - 1)
        pairs = zip(self._frames[begun:], self._counts[begun:], strict=True)
        return [InAndOpen(asked.window, *count) for asked, count in pairs]


def in_and_open(tickets: Iterable[Ticket], frames: Sequence[Frame]) -> list[InAndOpen]:
    """Of tickets that lived in any of the frames."""
    tally = InAndOpenTally(frames)
    for _ in tally.passing(tickets):
        pass
    return tally.rows()


def over_time(tickets: Iterable[Ticket], frames: Sequence[Frame]) -> list[Figures]:
    """The figures of each frame, as its own report has them, in one reading of the tickets."""
    earliest = [read_from(asked) for asked in frames]
    tallies = [Tally(asked) for asked in frames]
    for ticket, others in with_merged(tickets):
        first, last = lifespan(ticket)
        for asked, since, tally in zip(frames, earliest, tallies, strict=True):
            if first < asked.window.end and (last is None or last >= since):
                history = History(ticket, as_of(ticket, asked.instant, others), asked)
                tally.add(history, cases_of(history))
    return [tally.figures() for tally in tallies]
