"""A fetched mail is read, and its bytes are named by their hash, so that it can be filed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

import msgspec

from ticketctl.domain.settings.settings import Privacy
from ticketctl.domain.ticket.message import Inbound
from ticketctl.ports.channels import UNKNOWN, Fetched
from ticketctl.ports.medium import Medium, Unreadable
from ticketctl.usecases.intake.masking import changing, without_sensitive

NOTHING_MASKED = Privacy()


class ParsedMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that is understood and whose bytes are safe. `fetched` no longer holds them. `inbound` is None where it
    could not be understood; `reason` then says why. `into` is the ticket that it is for, 0 where its words decide;
    `why` says how that is known, and `flagged` what is to be looked at twice. `spam`: why it is taken for spam."""

    fetched: Fetched
    content: str
    raw: str
    inbound: Inbound | None = None
    message_id: str = ""
    reason: str = ""
    into: int = 0
    why: str = ""
    flagged: str = ""
    spam: str = ""


def dated(fetched: Fetched, now: datetime) -> Fetched:
    """Nothing arrives in the future, whatever a mail server's clock says, or before anybody knows when."""
    known = UNKNOWN < fetched.arrived_at <= now
    return fetched if known else msgspec.structs.replace(fetched, arrived_at=now)


def parse_fetched(
    medium: Medium, fetched: Fetched, lists: Collection[str] = (), privacy: Privacy = NOTHING_MASKED
) -> tuple[ParsedMail, list[bytes]]:
    """The mail parsed to be filed, and the bytes to be stored before it is; `lists` are mailing lists of our own. What
    is of the kinds of `privacy: mask` is in none of the bytes, but for files that can only be read: those are
    flagged. `inbound` still has it: it is filed by what it says, and stored masked (file_message.masked)."""
    if fetched.withheld or fetched.gone:
        place = f"withheld-{fetched.mailbox}-{fetched.validity}-{fetched.uid}"
        reason = f"the mail server lists this mail (UID {fetched.uid}) and does not give it: {fetched.withheld}"
        return ParsedMail(fetched=fetched, content=place, raw="", reason=reason), []
    raw = fetched.raw
    name = sha256(raw).hexdigest()
    light = msgspec.structs.replace(fetched, raw=b"")
    try:
        parse = medium.parse_head if fetched.oversize else medium.parse
        inbound = parse(raw, arrived_at=fetched.arrived_at, lists=lists)
    except Unreadable as error:
        return _set_aside(medium, light, raw, str(error), privacy.mask)
    except Exception as error:  # noqa: BLE001 - our own bug must not lose a mail: it is kept whole, with the reason
        reason = f"could not be understood: {type(error).__name__}: {error}"
        return _set_aside(medium, light, raw, reason, privacy.mask)
    if privacy.mask:
        inbound, raw = without_sensitive(medium, inbound, raw, privacy)
        name = sha256(raw).hexdigest()
    blobs = [raw, *inbound.payloads]
    inbound = msgspec.structs.replace(inbound, payloads=())
    if inbound.edits or inbound.redacts:  # its words become part of a message that is here: its bytes are not kept
        inbound = msgspec.structs.replace(inbound, attachments=())
        return ParsedMail(fetched=light, content=inbound.content, raw="", inbound=inbound), []
    return ParsedMail(fetched=light, content=inbound.content, raw=name, inbound=inbound), blobs


def _set_aside(
    medium: Medium, fetched: Fetched, raw: bytes, reason: str, kinds: Collection[str]
) -> tuple[ParsedMail, list[bytes]]:
    """`content` is of the mail as it came, so that it is known when it comes again."""
    content, message_id = f"raw-{sha256(raw).hexdigest()}", _id(medium, raw)
    kept = medium.rewrite(raw, changing(kinds)) if kinds else raw
    name = sha256(kept).hexdigest()
    return ParsedMail(fetched=fetched, content=content, raw=name, message_id=message_id, reason=reason), [kept]


def _id(medium: Medium, raw: bytes) -> str:
    """The Message-ID of a mail that cannot be understood, if that much can be."""
    try:
        return medium.parse_head(raw).message_id
    except Exception:  # noqa: BLE001 - it is only a help for a person who looks for the mail
        return ""
