"""Delivery reports in prose: whom a line is about, with which code, and where the returned mail begins.

An address that a line is about ("<ann@example.com>: user unknown", or alone on its line) counts more than one that a
line mentions ("550 5.1.1 <ann@example.com>... User unknown"). One address of our own is no recipient.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ticketctl.domain.mail import bounce_phrases as phrases
from ticketctl.domain.ticket.message import BouncedRecipient

LENGTH = 20_000  # characters of prose that are read
REST = 80_000  # characters of what stands beneath

ADDRESS = re.compile(r"""[^\s<>()\[\]"',;:@]{1,128}@[^\s<>()\[\]"',;:@?!]{0,253}[^\s<>()\[\]"',;:@?!.*]""")
STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY_CODE = re.compile(r"(?<![\d.@\w:-])([45][0-5]\d)(?=[ \-:,)]|$)", re.M)
_HEADER_LINE = re.compile(
    r"(?i)(?:received: (?:from|by|\()|return-path: ?<|message-id: ?<|dkim-signature: |x-received: by|arc-seal: "
    r"|delivered-to: )"
)


class Named(NamedTuple):
    """The recipients that lines of a notice are about, and those that they mention; either may be empty."""

    about: list[BouncedRecipient]
    mentioned: list[BouncedRecipient]


def divide(text: str) -> tuple[str, str]:
    """A report's own words, and the returned mail beneath them ("" where there is none)."""
    if text.startswith("{"):  # Amazon SES tells of bounces in JSON, sometimes as a string within JSON
        return text[:REST].replace('\\"', '"')[:LENGTH], ""
    position = 0
    for line in text[:LENGTH].split("\n"):
        marked = len(line) < 120 and phrases.MARK.match(line) is not None and not text[:position].isspace()
        if _HEADER_LINE.match(line) or (marked and position):
            return text[:position], text[position:REST]
        position += len(line) + 1
    return text[:LENGTH], ""


def recipients(notice: str, ours: frozenset[str], failed: tuple[str, ...] = ()) -> Named:
    """Who was not reached. `ours` are addresses (lower case) that can be no recipient, unless nobody else is named;
    `failed` are recipients that a header names."""
    lines = (_JSON_FIELD.sub(r"\n\g<0>", notice) if notice.startswith("{") else notice).split("\n")
    about, mentioned, others = _sorted(lines, ours)
    about = dict.fromkeys(failed, -1) or _with_transcript(about, lines, ours)
    mentioned = mentioned or others
    if ours and not (about or mentioned):
        return recipients(notice, frozenset(), failed)
    return Named(
        [described(address, lines, notice, about) for address in about],
        [described(address, lines, notice, mentioned) for address in mentioned],
    )


_JSON_FIELD = re.compile(r'"\w{1,40}":')
_LABEL = (
    r"[\w ]{0,20}\b(?:recipient|address|addressee|rcpt[ _]to|user|empfänger|destinataire|mottagare|modtager|ontvanger"
    r"|destinatario)(?:s|\(s\)|\(es\)| name| address)?(?=[\s:=<])"
    r"|(?:your |the )?message to|undeliverable to"
    r"|(?:un|not )able to deliver(?: (?:this|your|the))?(?: message| mail)? to"
    r"|failed to deliver to|could not deliver(?: (?:message|mail))? to"
)
_AFTER = (
    r"\s*$|\s*[:;,<(\u2014]|\s*\.\.\.|\s+-|\s*\.\s*$|\s+on \w"
    r"|\s+(?:was|is|has|had|could|did|does|not|unknown|no\b|mailbox|failed|user|invalid)"
)
_ABOUT = re.compile(
    r"(?i)[\s>*\u2022|.=#-]*(?:\d{1,2}[.)]\s+)?"
    rf"(?:(?:{_LABEL})\s*[:=]?\s*)?"
    r"""(?:"emailAddress":\s*)?<?(?:rfc822;|\[?smtp:|mailto:)?\s*"""
    rf"""["'<\[]*({ADDRESS.pattern})["'>\]]*(?={_AFTER})"""
)
_TO = re.compile(rf"(?i)\bto: ?<?({ADDRESS.pattern})")
_X400 = re.compile(r"(?i)\b(?:smtp|rfc-?822)=")  # "o=Example;dda:SMTP=ann@example.com"
_SERVICE = re.compile(r"(?i)(?:postmaster|mailer-daemon|abuse|hostmaster|root|no-?reply|mail-daemon|support|helpdesk)@")


def _sorted(lines: list[str], ours: frozenset[str]) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Addresses with the number of the line, by how sure it is that they are recipients."""
    about, mentioned, others = dict[str, int](), dict[str, int](), dict[str, int]()
    for number, line in enumerate(lines):
        if "@" not in line or len(line) > 1_000:
            continue
        match = _ABOUT.match(line)
        if match and _may_be_recipient(match[1], ours):
            about.setdefault(match[1], number)
            continue
        line = _X400.sub(" ", line)
        target = mentioned if phrases.RECIPIENT_WORDS.search(line) else others
        found = _TO.findall(line) if phrases.OTHER_WORDS.search(line) else ADDRESS.findall(line)
        for address in found:
            if _may_be_recipient(address, ours):
                target.setdefault(address, number)
    return about, mentioned, others


_COMMAND = re.compile(rf"(?i)\s*>>> ?rcpt to:\s*<?({ADDRESS.pattern})")
_SPOKEN = re.compile(rf"\s*[45]\d\d (?:[45]\.\d{{1,3}}\.\d{{1,3}} )?<({ADDRESS.pattern})>\.\.\. ")


def _with_transcript(about: dict[str, int], lines: list[str], ours: frozenset[str]) -> dict[str, int]:
    """A sendmail transcript tells of each recipient ("550 <ann@example.com>... User unknown"), and shows the command
    only for some: its own lines count as much, where no list above names the recipients as they were written."""
    commanded = {number: match[1] for number, line in enumerate(lines) if (match := _COMMAND.match(line[:1_000]))}
    listed = {address: number for address, number in about.items() if number not in commanded}
    if listed:
        return listed
    spoken = {match[1]: number for number, line in enumerate(lines) if (match := _SPOKEN.match(line[:1_000]))}
    told = {address: number for address, number in spoken.items() if _may_be_recipient(address, ours)}
    return dict(sorted({**about, **told}.items(), key=lambda one: one[1]))


def _may_be_recipient(address: str, ours: frozenset[str]) -> bool:
    return address.lower() not in ours and not _SERVICE.match(address)


def described(address: str, lines: list[str], notice: str, places: dict[str, int]) -> BouncedRecipient:
    """Status and permanence of one recipient from the lines that follow its name, or else from the whole notice."""
    start = places.get(address, -1)
    later = [number for number in places.values() if number > start]
    own = "\n".join(lines[start : min(later, default=start + 12)]) if start >= 0 else ""
    own += "\n" + lines_with(address, notice)
    status, code = _first(STATUS, own, notice), _first(_REPLY_CODE, own, notice)
    permanent = (status or code or "").startswith("5") or not phrases.DELAY.search(notice)
    return BouncedRecipient(address, status, permanent)


def lines_with(address: str, notice: str) -> str:
    """The lines of a notice that name this address."""
    return "\n".join(line for line in notice.split("\n") if address in line)


def _first(pattern: re.Pattern[str], own: str, notice: str) -> str | None:
    match = pattern.search(own) or pattern.search(notice)
    return match[1] if match else None
