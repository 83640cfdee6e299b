"""Patterns on labelled texts: agreement, purity, coverage, stability, names, time and memory.

    python -m bench.patterns FOLDER            # FOLDER has bench/insight and corpus/it_tickets
    python -m bench.patterns FOLDER --json
    python -m bench.patterns FOLDER --growing  # 4,000 tickets of each set, shuffled, grouped a hundred at a time

Each text becomes a ticket of a desk in a temporary folder; the use case that `patterns` and cron call groups them.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ticketctl.domain.patterns.pattern import SHOWN, Pattern, spelled
from ticketctl.domain.patterns.words import STEMS
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.usecases.patterns.group import group_new, grouped, keep
from ticketctl.usecases.session import Session
from ticketctl.wiring import build_session

Case = tuple[str, str]  # a text, and what it is about
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
RULES = """\
version: 1
desk: {{name: Exempel AB, timezone: Europe/Stockholm, language: {language}}}
team: [{{name: alice, email: alice@exempel.example, role: admin}}]
"""
LANGUAGE = {"bank": "en", "IT": "en", "Swedish": "sv"}


def cases(folder: Path) -> dict[str, list[Case]]:
    insight = folder / "bench" / "insight"
    return {
        "bank": _lines(insight / "en_bank_questions.jsonl.gz"),
        "IT": _rows(folder / "corpus" / "it_tickets" / "test_data.csv.gz"),
        "Swedish": _lines(insight / "sv_questions.jsonl.gz"),
    }


def _lines(path: Path) -> list[Case]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [(one["text"], one["question"]) for one in map(json.loads, lines)]


def _rows(path: Path) -> list[Case]:
    text = gzip.decompress(path.read_bytes()).decode()
    return [(row["Document"], row["Topic_group"]) for row in csv.DictReader(io.StringIO(text))]


# --- agreement ---


def adjusted_rand(labels: Sequence[object], groups: Sequence[object]) -> float:
    """Hubert & Arabie 1985: 1 the same partition, 0 as by chance."""
    pairs = sum(map(_pairs, Counter(zip(labels, groups, strict=True)).values()))
    ones, others = (sum(map(_pairs, Counter(side).values())) for side in (labels, groups))
    chance = ones * others / _pairs(len(labels))
    return (pairs - chance) / ((ones + others) / 2 - chance)


def _pairs(count: int) -> float:
    return count * (count - 1) / 2


def alone(found: Mapping[int, int], count: int) -> list[int]:
    """The group of each ticket 1 … `count`, a group of its own for those in none."""
    return [found.get(number, -number) for number in range(1, count + 1)]


def agreement(labels: Sequence[str], found: Mapping[int, int]) -> dict[str, float]:
    """`found`: ticket → pattern, of those that are in one."""
    held: dict[int, Counter[str]] = defaultdict(Counter)
    for number, key in found.items():
        held[key][labels[number - 1]] += 1
    return {
        "adjusted_rand": adjusted_rand(labels, alone(found, len(labels))),
        "purity": sum(max(one.values()) for one in held.values()) / max(1, len(found)),
        "coverage": len(found) / len(labels),
        "groups": len(held),
    }


# --- a desk of them ---


def desk(folder: Path, language: str) -> Session:
    (folder / "rules.yaml").write_text(RULES.format(language=language), "utf-8")
    session = build_session(desk=str(folder), user="system")
    return session.at(NOW)


def add(session: Session, texts: Sequence[str]) -> None:
    """A ticket each, in this order, an hour apart."""
    with session.store.transaction() as open_desk:
        for text in texts:
            number = open_desk.new_number()
            at = NOW - timedelta(days=400) + timedelta(hours=number)
            person = Person(f"kund{number}@kund.example", "")
            mail = Message(key="m1", direction="in", kind="message", at=at, sender=person, text=text)
            ticket = Ticket(number=number, subject="(no subject)", requester=person, opened_at=at)
            open_desk.save(ticket.receive(Act("system", at, "fetch"), mail))


def shown(patterns: Mapping[int, Pattern]) -> dict[int, int]:
    """Ticket → pattern."""
    large = [one for one in patterns.values() if one.living and len(one.tickets) >= SHOWN]
    return {number: one.key for one in large for number in one.tickets}


# --- what is measured ---


def measure(given: Sequence[Case], language: str, order: int | None = None) -> dict[str, Any]:
    """98 % of the tickets from nothing, then the other 2 %, then one more."""
    given = list(given)
    if order is not None:
        random.Random(order).shuffle(given)
    with tempfile.TemporaryDirectory() as folder:
        session = desk(Path(folder), language)
        late = set(random.Random(0).sample(range(len(given)), len(given) // 50))
        ordered = [one for at, one in enumerate(given) if at not in late] + [given[at] for at in sorted(late)]
        first = len(given) - len(late)
        add(session, [text for text, _ in ordered[:first]])
        before, from_nothing = timed(session)
        add(session, [text for text, _ in ordered[first:]])
        after, more = timed(session)
        add(session, [ordered[0][0]])
        one = one_more(session)
    labels = [label for _, label in ordered]
    return {
        **agreement(labels, shown(after)),
        **stability(before, after, first),
        **names(after, [text for text, _ in ordered]),
        "from_nothing_s": from_nothing,
        "two_percent_s": more,
        "one_ms": 1000 * one,
    }


def timed(session: Session) -> tuple[dict[int, Pattern], float]:
    """Processor seconds."""
    start = time.process_time()
    found = dict(group_new(session))
    return found, time.process_time() - start


def one_more(session: Session) -> float:
    """What one new ticket costs beside opening the desk and the commit, which each command that writes pays."""
    with session.store.reading() as open_desk:
        start = time.process_time()
        found = grouped(session, open_desk)
        spent = time.process_time() - start
    with session.store.transaction() as open_desk:
        start = time.process_time()
        keep(open_desk, found)
        return spent + time.process_time() - start


def stability(before: Mapping[int, Pattern], after: Mapping[int, Pattern], count: int) -> dict[str, float]:
    old, new = shown(before), shown(after)
    stayed = sum(new.get(number) == key for number, key in old.items())
    renamed = sum(before[key].name != after[key].name for key in set(old.values()))
    return {
        "stayed": stayed / max(1, len(old)),
        "rand_with_itself": adjusted_rand(alone(old, count), alone(new, count)),
        "renamed": renamed,
    }


def names(patterns: Mapping[int, Pattern], texts: Sequence[str]) -> dict[str, int]:
    found = [one for one in patterns.values() if one.living]
    return {
        "named": sum(bool(one.name) for one in found),
        "same_name": len(found) - len({one.name for one in found}),
        "without_a_word_of_half": sum(not _in_half(one, texts) for one in found),
    }


def _in_half(pattern: Pattern, texts: Sequence[str]) -> bool:
    own = [texts[number - 1].casefold() for number in pattern.tickets if number <= len(texts)]
    forms = [one.split("/") for one in spelled(pattern.words)]
    return any(2 * sum(any(form in text for form in one) for text in own) >= len(own) for one in forms)


def every(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each set in its own order, and shuffled."""
    for name, given in cases(folder).items():
        for order in (None, 1):
            kind = name if order is None else f"{name}, shuffled"
            yield kind, measure(given, LANGUAGE[name], order)


def growing(given: Sequence[Case], language: str) -> dict[str, Any]:
    """A desk that groups 100 new tickets at a time, as cron does."""
    given = list(given)
    random.Random(5).shuffle(given)
    given, moved, before = given[:4000], 0, dict[int, int]()
    with tempfile.TemporaryDirectory() as folder:
        session = desk(Path(folder), language)
        for start in range(0, len(given), 100):
            add(session, [text for text, _ in given[start : start + 100]])
            patterns = dict(group_new(session))
            now = shown(patterns)
            moved += sum(now.get(number) != key for number, key in before.items())
            before = now
    return {**agreement([label for _, label in given], before), "moved": moved}


def every_growing(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, given in cases(folder).items():
        yield name, growing(given, LANGUAGE[name])


def lines(measured: Iterator[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    yield f"stems: {STEMS}"
    found = {}
    for name, figures in measured:
        found[name] = figures
        yield name
        for figure, value in figures.items():
            yield f"  {figure:24} {value:10.3f}" if isinstance(value, float) else f"  {figure:24} {value:10}"
    both = [found[name]["adjusted_rand"] for name in ("bank", "IT")]
    yield f"mean adjusted Rand of bank and IT: {sum(both) / 2:.3f}"
    yield f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def main() -> int:
    folder = Path(sys.argv[1])
    measured = every_growing(folder) if "--growing" in sys.argv else every(folder)
    if "--json" in sys.argv:
        print(json.dumps({"stems": STEMS, **dict(measured)}, indent=1))
        return 0
    for line in lines(measured):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
