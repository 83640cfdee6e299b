"""Past answers: how often the right one is among the first three (`--questions FILE.jsonl[.gz]` with `text` and
`question` a line, leave one out), and how long finding them takes among 10,000 closed tickets, with and without the
index that is kept."""

from __future__ import annotations

import gzip
import json
import random
import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

from ticketctl.domain.reply.answer_index import AnswerIndex, Document, made
from ticketctl.domain.reply.similarity import Texts, words

KEY = b"bench" * 6
COUNT = 10_000
DEEP = 60  # places that count for the mean reciprocal rank


def measure(work: Path, runs: int, questions: Path | None = None) -> list[str]:
    """Lines of Markdown. `work` is not used: nothing is written."""
    lines = speed(runs)
    return lines if questions is None else [*lines, "", *quality(questions)]


def quality(path: Path) -> list[str]:
    rows = read(path)
    lines = ["| likeness | asked | recall@3 | MRR |", "|---" * 4 + "|"]
    for name, found in (("words (tf-idf)", by_words(rows)), ("runs of letters (ours)", by_index(rows))):
        recall, rank = rates(rows, found)
        lines.append(f"| {name} | {len(rows):,} | {recall:.3f} | {rank:.3f} |")
    return lines


def read(path: Path) -> list[tuple[str, str]]:
    """Text and label of each line."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return [(row["text"], row["question"]) for row in map(json.loads, file)]


def by_index(rows: Sequence[tuple[str, str]]) -> Callable[[int], list[int]]:
    index = AnswerIndex.load(made([Document(at, 1, text) for at, (text, _) in enumerate(rows)], (), KEY), KEY)
    assert index is not None
    return lambda at: [one.key for one in index.nearest(rows[at][0], DEEP + 1) if one.key != at]


def by_words(rows: Sequence[tuple[str, str]]) -> Callable[[int], list[int]]:
    texts = Texts({at: words(text) for at, (text, _) in enumerate(rows)})
    return lambda at: [one.key for one in texts.nearest(words(rows[at][0]), DEEP + 1) if one.key != at]


def rates(rows: Sequence[tuple[str, str]], found: Callable[[int], list[int]]) -> tuple[float, float]:
    """Recall among the first three, and mean reciprocal rank; a wording that is alone with its label counts too."""
    recalled = ranked = 0.0
    for at, (_, label) in enumerate(rows):
        hits = [rows[other][1] == label for other in found(at)]
        recalled += any(hits[:3])
        ranked += 1 / (hits.index(True) + 1) if any(hits) else 0
    return recalled / len(rows), ranked / len(rows)


def speed(runs: int) -> list[str]:
    documents = crowd(COUNT)
    started = time.process_time()
    data = made(documents, (), KEY)
    making = time.process_time() - started
    times = []
    for one in documents[:: COUNT // runs][:runs]:
        started = time.process_time()
        index = AnswerIndex.load(data, KEY)
        assert index is not None
        index.nearest(one.text, 31)
        times.append(time.process_time() - started)
    return [
        f"{COUNT:,} questions of 60 words: the index takes {making:.2f} s of processor and {len(data) / 1e6:.1f} MB; "
        f"loading it and asking {sorted(times)[len(times) // 2] * 1000:.0f} ms (median of {len(times)})"
    ]


def crowd(count: int) -> list[Document]:
    """Texts of 60 words out of 20,000 made of syllables, the common ones much more often (Zipf), as in a language."""
    chance = random.Random(2026)
    syllables = [a + b + c for a in "bdfgklmnprstv" for b in "aeiouyåäö" for c in ("", "n", "r", "s", "l")]
    lexicon = sorted({"".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3, 3, 4)))) for _ in range(26_000)})
    chance.shuffle(lexicon)
    weights = list(accumulate(1 / (at + 1) for at in range(len(lexicon))))
    return [
        Document(number, 1, " ".join(chance.choices(lexicon, cum_weights=weights, k=60)))
        for number in range(1, count + 1)
    ]
