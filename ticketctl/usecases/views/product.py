"""What one hands to whoever owns the product: what it costs the desk, by area and cause, in the customers' words."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.content.terminal import shortened
from ticketctl.domain.patterns.ticket_text import asked, belongs
from ticketctl.domain.privacy.impersonal import masked
from ticketctl.domain.reply.answers import body
from ticketctl.domain.reports.breakdown import Dimension, values
from ticketctl.domain.reports.cases import read_from
from ticketctl.domain.reports.periods import last_quarter
from ticketctl.domain.reports.product import AreaOf, Product, period_before, product
from ticketctl.domain.ticket.query import Query
from ticketctl.ports.signals import uncollected
from ticketctl.ports.store import Desk
from ticketctl.usecases.readings import note_listing, note_reading
from ticketctl.usecases.reply.without_persons import known_persons
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.period import ReportOn, field_called, frame_of, window_of

QUOTES, CUSTOMERS, LONGEST = 3, 2, 160  # of a row: at most, at least of so many customers, characters of one
SAMPLE = 30  # tickets of a row that are looked at, the latest


Quote = tuple[int, str]


class ProductReport(msgspec.Struct, frozen=True):
    """`quotes` by row, as (number of the ticket, text), without what tells of a person."""

    product: Product
    quotes: tuple[tuple[Quote, ...], ...]
    desk: str
    language: str


def product_report(session: Session, request: ReportOn) -> ProductReport:
    """Of the last quarter where no period is named. The tickets that are quoted are noted as read. Raises Usage for a
    period that there is not."""
    session.must("product")
    config = session.config
    zone = ZoneInfo(config.timezone)
    window = window_of(session, request) if request.names_a_period else last_quarter(session.now, zone)
    frame = frame_of(session, window)
    first = msgspec.structs.replace(frame, window=period_before(window, frame))
    area_of = _area_of(session)
    with session.store.reading() as desk, uncollected():
        query = Query(lived_from=read_from(first), lived_to=window.end)
        found = product(desk.find(query, archive=True), frame, area_of)
        note_listing(session, "product", [number for row in found.rows for number in row.tickets])
        quotes = tuple(() if row.is_other else _quotes(session, desk, row.tickets) for row in found.rows)
    return ProductReport(found, quotes, config.name, request.language or config.language)


def _area_of(session: Session) -> AreaOf:
    """Its area, where rules.yaml has such a field."""
    name = field_called(session.config, "area")
    area = Dimension("field", name)
    return lambda history: values(history, area)[0] if name else ""


def _quotes(session: Session, desk: Desk, numbers: Sequence[int]) -> tuple[Quote, ...]:
    """Questions of different customers, the latest first; none where they would all be of one."""
    query = Query(numbers=frozenset(numbers[-SAMPLE:]))
    tickets = {one.requester.address: one for one in desk.find(query, archive=True, texts=True) if belongs(one)}
    if len(tickets) < CUSTOMERS:
        return ()
    chosen = sorted(tickets.values(), key=lambda one: -one.number)
    known = known_persons(session, chosen)
    said = [(one, masked(" ".join(body(asked(one)).split()), known)) for one in chosen]
    kept = [(one, text) for one, text in said if text][:QUOTES]
    if len(kept) < CUSTOMERS:
        return ()
    note_reading(session, "product", *(one for one, _ in kept))
    return tuple((one.number, shortened(text, LONGEST)) for one, text in kept)
