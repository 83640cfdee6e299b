"""The demonstration's story as values: three weeks of mails and commands, read from story.toml beside this module."""

from __future__ import annotations

import tomllib
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`at` is the weekday, counted from the first Monday, and the time."""

    at: str

    @property
    def day(self) -> int:
        return int(self.at.split()[0])

    @property
    def time(self) -> str:
        return self.at.split()[1]


class File(msgspec.Struct, frozen=True):
    type: str
    base64: str

    @property
    def data(self) -> bytes:
        return b64decode(self.base64)


class Mail(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """story.toml says what `answers`, `joins`, `again` and `raw` mean; `bounces` makes it a report of non-delivery."""

    key: str = msgspec.field(name="mail")
    sender: str = msgspec.field(name="from", default="")
    to: str = "support@norrsken.example"
    cc: str = ""
    subject: str = ""
    text: str = ""
    answers: str = ""
    joins: str = ""
    again: str = ""
    headers: Mapping[str, str] = {}
    file: str = ""
    bounces: bool = False
    raw: str = ""


class Run(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One real command, as a person or cron would type it. `agent` is who; `why` is said before it."""

    line: str = msgspec.field(name="run")
    agent: str = msgspec.field(name="as")
    why: str = ""


def _read(path: Path) -> tuple[Mapping[str, File], tuple[Mail | Run, ...]]:
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    steps = [msgspec.convert(step, Mail) if "mail" in step else msgspec.convert(step, Run) for step in found["step"]]
    return msgspec.convert(found["files"], dict[str, File]), tuple(steps)


FILES, STORY = _read(Path(__file__).with_name("story.toml"))
MAILS = {step.key: step for step in STORY if isinstance(step, Mail)}
