"""Whether the plain text of a mail says what its HTML says, or only that there is HTML.

Programs that write HTML alone put a sentence into the plain part ("your client does not support HTML", in any
language), a dash, or characters that nobody sees. A real plain part repeats the HTML, word after word: that decides,
and not the words of the sentence.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

SENTENCES = 60  # words that a stub has at most
SHARED = 1 / 3  # of the neighbouring words of a real plain part stand in the HTML as well, and more
SOME = 0.3  # of the words of a stub at most are in the HTML by chance, where that is not far longer
HARDLY = 0.05  # of the neighbouring words of a longer plain part, where it is not what the HTML says
FAR = 2
FEW = 3  # words that HTML has at least for the plain part to give way to it

Choice = Literal["plain", "html", "both"]

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>]+")
_IMAGE = re.compile(r"\[[^\[\]\n]{1,200}\]")  # what a picture shows
_DENSE = "\u2e80-\u9fff\uac00-\ud7af\u0e00-\u0e7f"  # written without spaces: each character counts as a word
_WORD = re.compile(rf"[{_DENSE}]|[^\W_{_DENSE}]+")
_OF_FORMAT = {"html", "mime", "xhtml"}


def choose(plain: str, html: str) -> Choice:
    """Which of two alternatives is the mail: `plain` as it came, `html` made readable. Both where they say different
    things and the HTML says little."""
    words, others = _words(plain), _words(_IMAGE.sub(" ", html))
    if not others:
        return "plain"
    if len(words) > SENTENCES:
        return "both" if _shared(words, others) < HARDLY and len(others) > FEW else "plain"
    if not words:
        seen = plain.strip(" \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f")
        return "plain" if seen and any(seen == line.strip() for line in html.split("\n")) else "html"
    if _shared(words, others) > SHARED or "".join(words) in "".join(others):
        return "plain"
    more = sum(word not in words for word in others)
    if len(others) < FAR * len(words) and len(set(words) & set(others)) > SOME * len(set(words)):
        return "both"
    if more >= max(FEW, len(words) // 3) or (more and not _OF_FORMAT.isdisjoint(words)):
        return "html"
    return "both"


def _words(text: str) -> list[str]:
    return _WORD.findall(_LINK.sub(" ", text).casefold())


def _shared(words: list[str], others: list[str]) -> float:
    """The share of pairs of neighbouring words that stand in the others too; of words where there are hardly any."""
    if len(words) < 3:
        return sum(word in others for word in words) / len(words)
    pairs = list(pairwise(words))
    known = set(pairwise(others))
    return sum(pair in known for pair in pairs) / len(pairs)
