"""What a language model that suggests drafts promises."""

from __future__ import annotations

from typing import Protocol

import msgspec


class Prompt(msgspec.Struct, frozen=True):
    """`instructions` are ours; `text` holds what customers and colleagues wrote, without what tells of a person."""

    instructions: str
    text: str


class Assistant(Protocol):
    @property
    def model(self) -> str: ...
    @property
    def place(self) -> str:
        """Host and port of its server."""
        ...

    def suggest(self, prompt: Prompt) -> str:
        """What it wrote; it has no tools and remembers nothing. Raises ChannelFailed, after 20 s at the latest."""
        ...
