"""How well the past predicts (`--tickets FILE.csv[.gz]` with the columns Document and Topic_group), and how long the
search for duplicates among 10,000 tickets takes."""

from __future__ import annotations

import csv
import gzip
import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

from bench.desks import NOW
from ticketctl.domain.reply.duplicates import likely
from ticketctl.domain.reply.suggest import Past, suggest
from ticketctl.domain.settings.settings import FieldSpec
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Ticket

SEED = 2026
TRAINED = 0.8


def measure(work: Path, runs: int, tickets: Path | None = None) -> list[str]:
    """Lines of Markdown. `work` is not used: nothing is written."""
    crowd = _crowd(10_000)
    started = time.perf_counter()
    found = likely(crowd)
    lines = [f"duplicates among 10,000 tickets: {time.perf_counter() - started:.1f} s, {len(found)} pairs"]
    return lines if tickets is None else [*lines, "", *accuracy(tickets)]


def accuracy(path: Path) -> list[str]:
    """A fifth, drawn at random, is asked for its category; the others are the past."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        rows = [(row["Document"], row["Topic_group"]) for row in csv.DictReader(file)]
    random.Random(SEED).shuffle(rows)
    cut = int(len(rows) * TRAINED)
    past = Past(_ticket(number, text, topic) for number, (text, topic) in enumerate(rows[:cut], 1))
    fields = {"category": FieldSpec(name="category", values=tuple(sorted({topic for _, topic in rows})))}
    started = time.perf_counter()
    answers = [_proposed(past, fields, text) for text, _ in rows[cut:]]
    each = (time.perf_counter() - started) / len(answers)
    right = sum(answer == topic for answer, (_, topic) in zip(answers, rows[cut:], strict=True))
    made = sum(bool(answer) for answer in answers)
    most = Counter(topic for _, topic in rows[cut:]).most_common(1)[0][1]
    return [
        "| past | asked | values | proposed for | right of those | right of all | the commonest value | each |",
        "|---" * 8 + "|",
        f"| {cut:,} | {len(answers):,} | {len(fields['category'].values)} | {made / len(answers):.1%} "
        f"| {right / made:.1%} | {right / len(answers):.1%} | {most / len(answers):.1%} | {each * 1000:.1f} ms |",
    ]


def _proposed(past: Past, fields: dict[str, FieldSpec], text: str) -> str:
    found = suggest(_ticket(0, text), past, fields, (), ())
    return next((one.value for one in found if one.what == "category"), "")


def _ticket(number: int, text: str, topic: str = "", subject: str = "") -> Ticket:
    person = Person(f"kund{number}@kund.example")
    said = Message(key="m1", direction="in", kind="message", at=NOW, sender=person, text=text)
    one = Ticket(number=number, subject=subject, requester=person, opened_at=NOW - timedelta(days=3), messages=(said,))
    if not topic:
        return one
    return Ticket(
        number=number, subject=subject, requester=person, opened_at=NOW - timedelta(days=3), messages=(said,),
        fields={"category": topic}, status="closed", closed_at=NOW,
    )  # fmt: skip


def _crowd(count: int) -> Sequence[Ticket]:
    """Texts of 60 words out of 20,000, the common ones much more often (Zipf), as in a language."""
    chance = random.Random(SEED)
    lexicon = [f"ord{number}" for number in range(20_000)]
    weights = list(accumulate(1 / (at + 1) for at in range(len(lexicon))))

    def text(length: int) -> str:
        return " ".join(chance.choices(lexicon, cum_weights=weights, k=length))

    return [_ticket(number, text(60), subject=text(4)) for number in range(1, count + 1)]
