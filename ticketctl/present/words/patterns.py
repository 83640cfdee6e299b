"""What `patterns` says."""

from __future__ import annotations

from collections.abc import Iterator

from ticketctl.content.terminal import line as safe_line
from ticketctl.content.times import span
from ticketctl.content.words import percent
from ticketctl.present.tables import Column, table
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.usecases.patterns.change import Renamed
from ticketctl.usecases.patterns.faq import FaqDrafted
from ticketctl.usecases.patterns.overview import Patterns, PatternShown, Proposal, Row

TEXTS: Texts = {
    "en": {
        "id": "id",
        "tickets": "tickets",
        "weeks": "13 weeks",
        "trend": "trend",
        "median": "median",
        "reopened": "reopened",
        "name": "name",
        "new": "new",
        "rose": "growing",
        "fell": "falling",
        "no clear change": "no clear change",
        "too few": "too few to tell",
        "one_sender": "one sender",
        "no_name": "no common word",
        "none": "There are no patterns yet: a pattern needs at least five tickets about the same thing.",
        "covered": "{grouped} of {of} tickets are in these patterns.",
        "plain": "Only simple word endings are recognised; `pip install 'ticketctl[insight]'` recognises more.",
        "alike": "P{one} ({name_one}) and P{other} ({name_other}) have become similar ({likeness}%):"
        " `ticketctl patterns merge {one} {other}` merges them.",
        "is_in": "P{asked} was merged into P{id}.",
        "heading": "P{id}  {name}",
        "hidden_mark": " (hidden)",
        "count": "{count} tickets; still stored: {numbers}",
        "history": "13 weeks: {weeks}, this week last; {trend}",
        "causes": "causes: {causes}",
        "time": "median time to the last close: {median} in opening hours ({n} closed)",
        "again": "reopened by the customer within 14 days: {part} of {whole}",
        "example": "#{number}: {text}",
        "more": "… and {count} more",
        "named": "P{id} is now called {name} (was {before})",
        "merged": "P{others} are now in P{id}: {name}, {count} tickets",
        "merged_one": "P{others} is now in P{id}: {name}, {count} tickets",
        "part": "P{id}: {name}, {count} tickets",
        "faq": "{id}: {file}, from {tickets}: read it before you publish it",
        "faq_snippet": "{id}: {snippet}",
        "faq_none": "{id}: no answer has proved itself yet ({proven} of at least 3)",
        "faq_question": "  {text}",
        "hidden": "P{id} ({name}) is hidden; `ticketctl patterns hide {id} --undo` shows it again",
        "shown": "P{id} ({name}) is shown again",
    },
    "sv": {
        "id": "id",
        "tickets": "ärenden",
        "weeks": "13 veckor",
        "trend": "utveckling",
        "median": "median",
        "reopened": "återöppnade",
        "name": "namn",
        "new": "nytt",
        "rose": "växer",
        "fell": "minskar",
        "no clear change": "ingen tydlig ändring",
        "too few": "för få för att säga",
        "one_sender": "en avsändare",
        "no_name": "inget gemensamt ord",
        "none": "Det finns inga mönster än: ett mönster behöver minst fem ärenden om samma sak.",
        "covered": "{grouped} av {of} ärenden ingår i de här mönstren.",
        "plain": "Bara enkla ordändelser känns igen; `pip install 'ticketctl[insight]'` känner igen fler.",
        "alike": "P{one} ({name_one}) och P{other} ({name_other}) har blivit lika ({likeness} %):"
        " `ticketctl patterns merge {one} {other}` slår ihop dem.",
        "is_in": "P{asked} slogs ihop med P{id}.",
        "heading": "P{id}  {name}",
        "hidden_mark": " (dolt)",
        "count": "{count} ärenden; finns kvar: {numbers}",
        "history": "13 veckor: {weeks}, den här veckan sist; {trend}",
        "causes": "orsaker: {causes}",
        "time": "mediantid till sista stängning: {median} av öppettiden ({n} stängda)",
        "again": "återöppnade av kunden inom 14 dagar: {part} av {whole}",
        "example": "#{number}: {text}",
        "more": "… och {count} till",
        "named": "P{id} heter nu {name} (förut {before})",
        "merged": "P{others} ingår nu i P{id}: {name}, {count} ärenden",
        "merged_one": "P{others} ingår nu i P{id}: {name}, {count} ärenden",
        "part": "P{id}: {name}, {count} ärenden",
        "faq": "{id}: {file}, från {tickets}: läs det innan du publicerar det",
        "faq_snippet": "{id}: {snippet}",
        "faq_none": "{id}: det finns inget beprövat svar än ({proven} av minst 3)",
        "faq_question": "  {text}",
        "hidden": "P{id} ({name}) är dolt; `ticketctl patterns hide {id} --undo` visar det igen",
        "shown": "P{id} ({name}) visas igen",
    },
}
_BARS = "▁▂▃▄▅▆▇█"
_NUMBERS = 40  # of tickets in one line


def lines(found: Patterns, language: str, width: int) -> Iterator[str]:
    say = say_in(language, TEXTS)
    if not found.rows:
        yield say("none")
    else:
        yield from _table(found, language, width)
        yield ""
        yield say("covered", grouped=found.grouped, of=found.of)
    for one in found.proposals:
        yield _proposal(one, say)
    if found.plain and found.rows:
        yield say("plain")


def shown_lines(found: PatternShown, language: str) -> Iterator[str]:
    say, row = say_in(language, TEXTS), found.row
    if found.asked != row.id:
        yield say("is_in", asked=found.asked, id=row.id)
    yield say("heading", id=row.id, name=name_of(row, say)) + (say("hidden_mark") if row.hidden else "")
    more = say("more", count=len(row.tickets) - _NUMBERS) if len(row.tickets) > _NUMBERS else ""
    numbers = [*(f"#{number}" for number in row.tickets[-1 : -_NUMBERS - 1 : -1]), *([more] if more else [])]
    yield say("count", count=row.count, numbers=", ".join(numbers) or "–")
    yield say("history", weeks=f"{bars(row.weeks)} ({', '.join(map(str, row.weeks))})", trend=_trend(row, say))
    if row.causes:
        yield say("causes", causes=", ".join(f"{safe_line(cause)} {count}" for cause, count in row.causes.items()))
    if row.business.median is not None:
        yield say("time", median=span(row.business.median, language), n=row.business.n)
    if row.reopened.whole:
        yield say("again", part=row.reopened.part, whole=row.reopened.whole)
    for example in found.examples:
        yield say("example", number=example.ticket, text=safe_line(example.text))
    for one in found.proposals:
        yield _proposal(one, say)


def named_line(done: Renamed, language: str) -> str:
    say = say_in(language, TEXTS)
    (pattern,) = done.patterns
    return say("named", id=pattern.key, name=pattern.name or say("no_name"), before=done.before or say("no_name"))


def merged_line(done: Renamed, language: str) -> str:
    say = say_in(language, TEXTS)
    into, *gone = done.patterns
    others = ", P".join(str(one.key) for one in gone)
    name = into.name or say("no_name")
    return say("merged" if len(gone) > 1 else "merged_one", others=others, id=into.key, name=name, count=into.size)


def split_lines(done: Renamed, language: str) -> Iterator[str]:
    say = say_in(language, TEXTS)
    for one in done.patterns:
        yield say("part", id=one.key, name=one.name or say("no_name"), count=one.size)


def hidden_line(done: Renamed, language: str) -> str:
    say = say_in(language, TEXTS)
    (pattern,) = done.patterns
    return say("hidden" if pattern.hidden else "shown", id=pattern.key, name=pattern.name or say("no_name"))


def faq_lines(done: FaqDrafted, language: str) -> Iterator[str]:
    say, faq = say_in(language, TEXTS), done.faq
    yield say("faq", id=faq.id, file=done.file, tickets=", ".join(f"#{number}" for number in faq.tickets))
    yield say("faq_question", text=safe_line(faq.question))
    if done.snippet:
        yield say("faq_snippet", id=faq.id, snippet=done.snippet)
    else:
        yield say("faq_none", id=faq.id, proven=faq.proven)


def name_of(row: Row, say: Say) -> str:
    return safe_line(row.name) or say("one_sender" if row.one_sender else "no_name")


def bars(weeks: tuple[int, ...]) -> str:
    """A bar a week, the highest of its own kind; a week without tickets has the lowest."""
    most = max(weeks, default=0) or 1
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in weeks)


def _table(found: Patterns, language: str, width: int) -> list[str]:
    say = say_in(language, TEXTS)
    heads = [
        Column(say("id")),
        Column(say("tickets"), right=True),
        Column(say("weeks"), optional=2),
        Column(say("trend"), optional=1),
        Column(say("median"), right=True, optional=3),
        Column(say("reopened"), right=True, optional=4),
        Column(say("name"), least=16, weight=2),
    ]
    return table(heads, [_cells(row, say, language) for row in found.rows], width)


def _cells(row: Row, say: Say, language: str) -> list[str]:
    return [
        f"P{row.id}",
        str(row.count),
        bars(row.weeks),
        _trend(row, say),
        "" if row.business.median is None else span(row.business.median, language),
        "" if row.reopened.share is None else percent(row.reopened.share, language),
        name_of(row, say),
    ]


def _trend(row: Row, say: Say) -> str:
    return say("new") if row.new else say(row.trend)


def _proposal(one: Proposal, say: Say) -> str:
    first, second = (safe_line(name) or say("no_name") for name in one.names)
    return say(
        "alike", one=one.one, other=one.other, name_one=first, name_other=second, likeness=round(100 * one.likeness)
    )
