"""Which tickets make a figure of the report, and why the others do not."""

from __future__ import annotations

import msgspec

from ticketctl.domain.reports.breakdown import Dimension, cases_in, grouped
from ticketctl.domain.reports.cases import Case
from ticketctl.domain.reports.figures import FIGURES, Figure, figure, figures_of
from ticketctl.domain.reports.periods import Window
from ticketctl.errors import Refused, Usage
from ticketctl.usecases.people import meant
from ticketctl.usecases.readings import note_listing
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.period import ReportOn, dimension_of, frame_of, tickets_of, window_of


class ExplainFigure(msgspec.Struct, frozen=True, kw_only=True):
    """`figure` is one of FIGURES ("first_response", "targets_kept.resolution"). `on.by` may be "label=vip": only those
    tickets; "label=" for those that have none."""

    figure: str
    on: ReportOn = ReportOn()


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """`value` is the figure as the report has it, of all tickets or of the group `group` by `by`. `cases` are in order
    of the tickets' numbers; those that are counted make it."""

    figure: str
    window: Window
    by: Dimension | None
    group: str
    value: Figure
    cases: tuple[Case, ...]


def explain_figure(session: Session, request: ExplainFigure) -> Explained:
    """Raises Usage for a figure, a period or a group that there is not, Refused for how fast one person works, unless
    rules.yaml allows it."""
    session.must("explain_figure")
    name = _named(request.figure)
    window = window_of(session, request.on)
    word, equals, group = request.on.by.partition("=")
    by = dimension_of(session.config, word) if word else None
    if by is not None and not equals:
        raise Usage("which {name}? Write {name}=VALUE", code="no_group", name=word)
    if by is not None and by.kind == "owner":
        _may_see(session, name)
    asked = frame_of(session, window)
    with session.store.reading() as desk:
        tickets = list(tickets_of(desk, asked))
    cases = tuple(cases_in(tickets, asked, name, by, group))
    note_listing(session, "report", sorted({case.ticket for case in cases}))
    whole = grouped(tickets, asked, by)[1].figures.get(group) if by else figures_of(tickets, asked)
    value = figure(whole or figures_of((), asked), name)
    return Explained(figure=name, window=window, by=by, group=group, value=value, cases=cases)


def _named(word: str) -> str:
    wanted = word.strip().replace("-", "_")
    if wanted in FIGURES:
        return wanted
    raise Usage("there is no figure {name!r}{meant}", code="no_figure", name=word, meant=meant(word, FIGURES))


def _may_see(session: Session, name: str) -> None:
    if FIGURES[name].of_persons and not session.config.report.per_person_times:
        raise Refused(
            "how fast or how well one person works is not shown; `report: {{per_person_times: true}}` in {file} "
            "allows it",
            code="no_times_of_persons",
            file="rules.yaml",
        )
