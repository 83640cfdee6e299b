"""What `send` says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from ticketctl.content.times import local
from ticketctl.domain.ticket.delivery import trouble
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.outgoing.outbox import SHOWN_ID
from ticketctl.usecases.outgoing.send import Sent

TEXTS: Texts = {
    "en": {
        "usage": "`send`, `send --list`, `send ID --retry` or `send ID --drop`",
        "sent": "sent to {to}: {subject}",
        "nothing": "nothing to send",
        "elsewhere": "another `ticketctl send` is running; it sends what is due",
        "dropped": "{mail} dropped; it was {state}",
        "trouble": "{mail} (to {to}): {why}; {then}",
        "trouble_on": "{mail} (#{number}, to {to}): {why}; {then}",
        "again": "tried again {when}",
        "uncertain": "perhaps delivered; `ticketctl send {mail} --retry` or --drop",
        "failed": "not delivered; `ticketctl send {mail} --retry` or --drop",
    },
}


def sent_lines(sent: Sent, language: str) -> Iterator[str]:
    say = say_in(language, TEXTS)
    for item in sent.mails:
        if item.state == "sent":
            subject = item.subject or (f"#{item.ticket}" if item.ticket else "")  # a chat has none
            yield say("sent", to=", ".join(item.recipients), subject=subject)
    if not sent.mails:
        yield say("nothing")


def trouble_lines(sent: Sent, language: str, zone: tzinfo) -> list[str]:
    """What was not sent, and why."""
    return [_trouble(item, language, zone) for item in sent.mails if item.state != "sent"]


def _trouble(item: Outbound, language: str, zone: tzinfo) -> str:
    say, mail = say_in(language, TEXTS), item.id[:SHOWN_ID]
    if item.next_at is not None:
        then = say("again", when=local(item.next_at, zone))
    else:
        then = say("uncertain" if item.state == "uncertain" else "failed", mail=mail)
    to = ", ".join(one for one in item.recipients if one not in item.accepted)
    key = "trouble_on" if item.ticket else "trouble"
    return say(key, mail=mail, number=item.ticket, to=to, why=trouble(item), then=then)


def dropped_line(item: Outbound, language: str) -> str:
    return say_in(language, TEXTS)("dropped", mail=item.id[:SHOWN_ID], state=item.state)
