"""The draft of a FAQ entry from a pattern: what customers asked, and the answer after which they did not come back.
A file for a person to read and publish; nothing publishes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.content.publishing.faq import Faq, markdown, plain_snippet, snippet
from ticketctl.domain.patterns.likeness import Rarity, cosine, features, weighted
from ticketctl.domain.patterns.pattern import Pattern
from ticketctl.domain.patterns.ticket_text import asked, belongs, language, question
from ticketctl.domain.patterns.words import stems_of
from ticketctl.domain.privacy.impersonal import Known, clean_sentences, is_clean, sentences
from ticketctl.domain.reply.answers import body, says_something
from ticketctl.domain.reply.proven import by_typicality, proven_answer
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NextStep, Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.patterns.group import Reader, grouped
from ticketctl.usecases.patterns.overview import named
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.reply.without_persons import known_persons
from ticketctl.usecases.session import Session

MOST = 400  # tickets that are read, the newest
FEWEST = 3  # answers that have proved themselves
WORDINGS = 2
SHORTEST, LONGEST = 4, 40  # words of a question
WHOLE = 0.5  # of the words of an answer, that are left without its persons
LANGUAGES = ("sv", "en")  # that tell of persons is known well enough in these alone


class DraftFaq(msgspec.Struct, frozen=True):
    """`replace`: a draft that is there already is written anew."""

    id: int
    replace: bool = False


class FaqDrafted(msgspec.Struct, frozen=True):
    """`file` and `snippet` are paths in the desk's folder; `snippet` is "" where no answer has proved itself."""

    faq: Faq
    file: str
    snippet: str


class _Asked(msgspec.Struct, frozen=True):
    """A sentence of a customer."""

    likeness: float
    ticket: Ticket
    text: str


def draft_faq(session: Session, request: DraftFaq, *, keep: bool = True) -> FaqDrafted:
    """Raises NoSuchTicket where there is no such pattern, Refused where it has no question that tells of nobody or a
    draft is there already, NotAllowed, StoreFailed. Each ticket that was drawn from is noted as read."""
    session.must("patterns faq", keep=keep)
    with session.store.reading() as desk:
        pattern = named(grouped(session, desk).patterns, request.id)
        tickets = _members(session, desk, pattern)
        vocabulary = desk.vocabulary()
    spoken = tickets[0][0] if tickets else session.config.language
    members = [ticket for _, ticket in tickets]
    known = known_persons(session, members)
    questions = _questions(session, pattern, members, known, spoken, Rarity(vocabulary.counts, vocabulary.total))
    if not questions:
        raise Refused("no question of P{number} can be shown without personal data", code="no_faq", number=request.id)
    proven, answer, source = _answer(session, members, known)
    drawn = {one.number: one for one in [*(one.ticket for one in questions), *([source] if source else [])]}
    faq = Faq(
        id=f"P{pattern.key}", name=pattern.name or f"P{pattern.key}", language=spoken,
        day=session.now.astimezone(ZoneInfo(session.config.timezone)).date(),
        question=questions[0].text, wordings=[one.text for one in questions[1:]],
        answer=answer, tickets=sorted(drawn), proven=proven,
    )  # fmt: skip
    note_reading(session, "patterns faq", *drawn.values())
    return _written(session, faq, request, keep=keep)


def _members(session: Session, desk: Desk, pattern: Pattern) -> list[tuple[str, Ticket]]:
    """The newest of them in the language that most are in, with that language."""
    query = Query(numbers=frozenset(pattern.tickets[-MOST:]))
    found = [one for one in desk.find(query, archive=True, texts=True) if belongs(one) and asked(one).strip()]
    spoken = [(language(one, question(one), session.config.language), one) for one in found]
    counts = Counter(code for code, _ in spoken if code in LANGUAGES)
    most = counts.most_common(1)[0][0] if counts else ""
    return [(code, one) for code, one in spoken if code == most]


def _questions(
    session: Session, pattern: Pattern, members: Sequence[Ticket], known: Known, spoken: str, rarity: Rarity
) -> list[_Asked]:
    """The sentences nearest to the middle of the pattern, each of another customer and in other words."""
    disguise, middle = Reader(session).disguise, weighted(pattern.terms, rarity)
    found = []
    for ticket in members:
        for text in _clean(ticket, known):
            own = weighted(features(map(disguise.__getitem__, stems_of(text, spoken))), rarity)
            found.append(_Asked(cosine(own, middle), ticket, text))
    chosen: list[_Asked] = []
    for one in sorted(found, key=lambda one: (-one.likeness, one.ticket.number)):
        fresh = one.ticket.requester not in [other.ticket.requester for other in chosen]
        if fresh and one.text.casefold() not in [other.text.casefold() for other in chosen]:
            chosen.append(one)
    return [one for one in chosen if one.likeness > 0][: 1 + WORDINGS]


def _clean(ticket: Ticket, known: Known) -> Iterator[str]:
    for sentence in sentences(body(asked(ticket))):
        text = " ".join(sentence.split())
        if SHORTEST <= len(text.split()) <= LONGEST and is_clean(text, known):
            yield text


def _answer(session: Session, members: Sequence[Ticket], known: Known) -> tuple[int, str, Ticket | None]:
    """How many answers have proved themselves; the nearest to the middle of those that say something without their
    persons, and its ticket; "" where they are too few."""
    zone = ZoneInfo(session.config.timezone)
    found = [(ticket, reply.text) for ticket in members if (reply := proven_answer(ticket, zone))]
    if len(found) < FEWEST:
        return len(found), "", None
    for at in by_typicality([text for _, text in found]):
        ticket, whole = found[at][0], body(found[at][1])
        text = clean_sentences(whole, known)
        if says_something(text) and len(text.split()) >= WHOLE * len(whole.split()):
            return len(found), text, ticket
    return len(found), "", None


def _written(session: Session, faq: Faq, request: DraftFaq, *, keep: bool) -> FaqDrafted:
    folder, host = session.folder, session.host
    file = folder / "docs" / "faq" / f"{faq.id}.md"
    kept = folder / "snippets" / faq.language / f"faq-{faq.id.lower()}.j2"
    whole = all((kept.parent / name).is_file() for name in ("_hej.j2", "_underskrift.j2"))
    texts = {file: markdown(faq)}
    if faq.answer:
        texts[kept] = snippet(faq) if whole else plain_snippet(faq)
    there = [path for path in texts if host.read(path) is not None]
    if there and not request.replace:
        raise Refused(
            "{path} exists already, and may contain your own text",
            code="faq_there",
            path=there[0].relative_to(folder),
            next_step=NextStep("patterns faq", more=faq.id, then="writes it anew", given={"replace": True}),
        )
    if keep:
        for path, text in texts.items():
            for parent in (path.parent.parent, path.parent):
                host.make_folder(parent)
            host.unlink(path)
            host.write_new(path, text.encode())
    return FaqDrafted(faq, str(file.relative_to(folder)), str(kept.relative_to(folder)) if faq.answer else "")
