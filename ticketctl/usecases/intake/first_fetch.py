"""The first time that a mailbox is read: what it held before is not taken in, answered and escalated unasked."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

from ticketctl.content.terminal import counted, line
from ticketctl.content.times import zone
from ticketctl.ports.channels import Undecided
from ticketctl.usecases.intake.import_progress import never_read
from ticketctl.usecases.session import Session

OLD = timedelta(days=1)
ALL = datetime(1970, 1, 1, tzinfo=UTC)
NOW = "now"


def undecided_text(session: Session, source: str, found: Sequence[Undecided]) -> str:
    """What a person needs to know to decide from when the source is read."""
    mailboxes = "; ".join(_described(session, one) for one in found)
    return (
        f"{source}: read for the first time, and there is old mail: {mailboxes}. Nothing of it is taken in until you "
        "say from when"
    )


def _described(session: Session, one: Undecided) -> str:
    oldest = one.oldest.astimezone(zone(session.config.timezone)).date()
    part = "all" if one.older == one.mails else f"{one.older:,} of them"
    return f"{line(one.mailbox)} holds {counted(one.mails, 'mail')}, {part} older than a day, the oldest of {oldest}"


def undecided_of(session: Session, name: str) -> Sequence[Undecided]:
    """The mailboxes of a source that the next fetch would ask about; raises ChannelFailed."""
    with closing(session.source(name)) as source:
        with session.store.reading() as desk:
            mailboxes = never_read(desk, source.mailboxes())
        return source.old_mail(mailboxes, session.now - OLD) if mailboxes else ()


def since_of(session: Session, words: str) -> datetime | None:
    """What an answer to "from when?" means: "now", "all", or a day, which begins at midnight where the desk is. None
    for anything else."""
    word = words.strip().lower()
    if word == NOW:
        return session.now
    if word == "all":
        return ALL
    try:
        return datetime.strptime(word, "%Y-%m-%d").replace(tzinfo=zone(session.config.timezone))
    except ValueError:
        return None
