"""What was answered before to a question like that of a ticket. Nothing is filled in anywhere by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ticketctl.domain.reply.answer_index import AnswerIndex, Document, made
from ticketctl.domain.reply.answers import PastAnswer, answer, open_question, question, same_answers
from ticketctl.domain.reply.likeness import shared_words
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session

KEPT_AS = "answers"  # the name of the index in the store
SHOWN = 3
LOOKED_AT = 30  # tickets that are read for it: many have the same answer
FRESH = 32  # tickets closed since the index was made; of more it is made anew
ALIKE = 0.08  # what is less like the question is not worth reading
CLOSED = Query(statuses=frozenset({"closed"}), spam=False)


class AskPast(msgspec.Struct, frozen=True, kw_only=True):
    """`count` answers at most."""

    ticket: int
    count: int = SHOWN


class PastAnswers(msgspec.Struct, frozen=True):
    """The answers most like what the ticket asks, the most alike first."""

    ticket: Ticket
    answers: tuple[PastAnswer, ...]


def past_answers(session: Session, request: AskPast) -> PastAnswers:
    """Each ticket whose answer is shown is noted as read. Raises NoSuchTicket."""
    session.must("past_answers")
    with session.store.reading() as desk:
        ticket = desk.get(request.ticket)
        found = answers_for(session, desk, ticket, request.count)
        read = [desk.get(one.ticket) for one in found]
    if read:
        note_reading(session, "show answers", *read)
    return PastAnswers(ticket, found)


def answers_for(session: Session, desk: Desk, ticket: Ticket, count: int) -> tuple[PastAnswer, ...]:
    """Without noting that anything was read."""
    asked = open_question(ticket)
    if not asked:
        return ()
    index, fresh = _index(session, desk)
    found = _found(index, desk, ticket, asked, fresh)
    if found is None:  # the index is not of these tickets: whoever put files back did not take it away
        index = _anew(session, desk)
        found = _found(index, desk, ticket, asked, ())
    return same_answers(found or (), count)


def _found(
    index: AnswerIndex, desk: Desk, ticket: Ticket, asked: str, fresh: Sequence[Document]
) -> list[PastAnswer] | None:
    """The most alike first; None where the index does not fit the tickets."""
    found = []
    new = {one.number for one in fresh}
    for near in index.nearest(asked, LOOKED_AT + 1, fresh):
        if near.key == ticket.number or near.score < ALIKE:
            continue
        try:
            other = desk.get(near.key)
        except NoSuchTicket:
            return None
        said = answer(other)
        if said is None or (near.key not in new and index.revision(near.key) != other.revision):
            return None
        one = PastAnswer(
            ticket=other.number,
            message=said.key,
            at=said.at,
            likeness=round(near.score, 3),
            text=said.text.strip(),
            subject=other.subject,
            words=shared_words(asked, question(other), index.rarity),
        )
        found.append(one)
    return found


def _index(session: Session, desk: Desk) -> tuple[AnswerIndex, list[Document]]:
    """The one that is kept, with what was closed since; another one where there is none, or too much was closed."""
    kept = session.store.derived(KEPT_AS)
    index = AnswerIndex.load(kept, session.key) if kept is not None else None
    if index is None:
        return _anew(session, desk), []
    unknown = desk.numbers(archive=True) - index.looked_at
    over = [one.number for one in _over(desk, unknown)]
    if len(over) > FRESH:
        return _anew(session, desk), []
    fresh = [_document(one) for one in map(desk.get, over) if answer(one)]
    return index, fresh


def _over(desk: Desk, numbers: set[int]) -> Iterator[Ticket]:
    if numbers:
        yield from desk.find(msgspec.structs.replace(CLOSED, numbers=frozenset(numbers)), archive=True)


def _anew(session: Session, desk: Desk) -> AnswerIndex:
    documents, left_out = [], []
    for ticket in desk.find(Query(statuses=frozenset({"closed"})), archive=True, texts=True):
        if answer(ticket) is None:
            left_out.append(ticket.number)
        else:
            documents.append(_document(ticket))
    data = made(documents, left_out, session.key)
    session.store.keep_derived(KEPT_AS, data, desk.generation)
    index = AnswerIndex.load(data, session.key)
    assert index is not None  # it was made just now
    return index


def _document(ticket: Ticket) -> Document:
    return Document(ticket.number, ticket.revision, question(ticket))
