"""Which likeness finds more of what asks the same among labelled texts: that of `merge --suggest`, or that of patterns.

    python -m bench.duplicates FOLDER        # FOLDER has bench/insight and corpus/it_tickets

Two texts are right where they have one label: they ask the same, which is less than being one matter. Texts alone are
compared, without subject and sender.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.patterns import LANGUAGE, cases
from ticketctl.domain.patterns.likeness import Rarity, features, weighted
from ticketctl.domain.patterns.words import stems_of
from ticketctl.domain.reply.duplicates import ALONE, LIKELY
from ticketctl.domain.reply.similarity import Texts, words

Vectors = Mapping[int, Mapping[str, float]]
MOST, LEAST = 2500, 0.2  # texts of a set; cosine of a pair that is looked at
ASKED = (500, 2000)  # of the likeliest pairs, how many are right


def by_words(texts: Sequence[str], _: str) -> Vectors:
    return Texts({at: words(text) for at, text in enumerate(texts)}).vectors


def by_stems(texts: Sequence[str], language: str) -> Vectors:
    found = [features(stems_of(text, language)) for text in texts]
    rarity = Rarity(Counter(stem for one in found for stem in one), len(found))
    return {at: weighted(one, rarity) for at, one in enumerate(found)}


def pairs(vectors: Vectors) -> list[tuple[float, int, int]]:
    """The likeliest first."""
    holders = defaultdict[str, list[tuple[int, float]]](list)
    found = []
    for at, vector in vectors.items():
        scores = defaultdict[int, float](float)
        for word, weight in vector.items():
            for other, theirs in holders[word]:
                scores[other] += weight * theirs
            holders[word].append((at, weight))
        found += [(score, other, at) for other, score in scores.items() if score >= LEAST]
    return sorted(found, reverse=True)


def rows(folder: Path) -> Iterator[str]:
    yield "| texts | likeness | suggested | of these right | of the 500 likeliest | of the 2,000 likeliest |"
    yield "|---" * 6 + "|"
    ways: dict[str, Callable[[Sequence[str], str], Vectors]] = {"whole words": by_words, "patterns": by_stems}
    for name, given in cases(folder).items():
        some = list(given)
        random.Random(3).shuffle(some)
        some = some[:MOST]
        for way, vectors in ways.items():
            found = pairs(vectors([text for text, _ in some], LANGUAGE[name]))
            right = [some[one][1] == some[other][1] for _, one, other in found]
            told = sum(ALONE * score**2 >= LIKELY for score, *_ in found)
            first = " | ".join(f"{sum(right[:count]) / count:.2f}" for count in ASKED)
            yield f"| {name} | {way} | {told:,} | {sum(right[:told]) / told:.2f} | {first} |"


if __name__ == "__main__":
    print("\n".join(rows(Path(sys.argv[1]))))
