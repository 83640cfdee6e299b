"""How long it takes to read a hostile text, in processor time of this process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from tests.hostile.texts import HTMLS, TEXTS
from ticketctl.channels.email.parse.mime import understand
from ticketctl.domain.privacy import masking
from ticketctl.domain.text import thanks

HEAD = b"From: a@example.org\nSubject: VB: x\nMIME-Version: 1.0\nContent-Type: text/%s; charset=utf-8\n\n"
DAEMON = b"From: mailer-daemon@example.org\nSubject: failure notice\nReturn-Path: <>\n\n"


class Case(NamedTuple):
    """`kind`: plain, html, or bounce (the same texts in a mail from a mail server)."""

    kind: str
    name: str

    def raw(self, size: int) -> bytes:
        shape = HTMLS[self.name] if self.kind == "html" else TEXTS[self.name]
        head = DAEMON if self.kind == "bounce" else HEAD % self.kind.encode()
        return head + shape(size).encode("utf-8", "surrogatepass")


def cases() -> Iterator[Case]:
    yield from (Case("plain", name) for name in TEXTS)
    yield from (Case("bounce", name) for name in TEXTS)
    yield from (Case("html", name) for name in HTMLS)


def seconds(case: Case, size: int) -> float:
    """To understand a mail with this text of about `size` bytes, and mask it as `inspect` and `fetch` do."""
    raw = case.raw(size)
    begun = time.process_time()
    mail = understand(raw)
    masking.mask(mail.new_text)
    thanks.is_thanks(mail.new_text)
    return time.process_time() - begun
