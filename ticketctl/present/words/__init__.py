"""Every text that commands say to people, one module a verb, keyed, in each language; may import what present may.

A verb has one table a language. A language that lacks a table for a verb says that verb in English, so that no
sentence is mixed; a test holds the keys of all tables of a verb together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Say = Callable[..., str]  # say("assigned", number=17, agent="bo")
Texts = Mapping[str, Mapping[str, str]]  # language → key → a text with {facts} in it


def spoken(language: str, texts: Texts) -> str:
    """The language in which those texts are said: dates beside them are said in the same."""
    return language if language in texts else "en"


def say_in(language: str, texts: Texts) -> Say:
    """Says a text of `texts` by its key, filled with facts; in English where that language has none of them."""
    table = texts[spoken(language, texts)]

    def say(key: str, /, **facts: object) -> str:
        return table[key].format(**facts)

    return say


DRY_RUN: Texts = {"en": {"would": "would: {line}"}, "sv": {"would": "på prov: {line}"}}


def would(language: str, line: str) -> str:
    """The line of a dry run."""
    return say_in(language, DRY_RUN)("would", line=line)
