"""What `person link` and `person unlink` say, and what `show` says of somebody who may be the same person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import quote

from ticketctl.content.terminal import line
from ticketctl.domain.privacy.same_person import ADDRESS, MaybeSame
from ticketctl.domain.ticket.message import Person
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.privacy.link import Linked

TEXTS: Texts = {
    "en": {
        "linked": "one person: {addresses}",
        "unseen": "no ticket has {address} yet",
        "unlinked": "{address} is somebody else, and is not suggested again",
        "by_address": "Perhaps also {who} (#{seen}), who has the address {value} that was given here.",
        "by_field": "Perhaps also {who} (#{seen}): both have {field} {value}.",
        "how": "If so: `ticketctl person link {one} {other}`, else `person unlink`.",
    },
    "sv": {
        "linked": "en person: {addresses}",
        "unseen": "inget ärende har {address} än",
        "unlinked": "{address} är någon annan och föreslås inte igen",
        "by_address": "Kanske även {who} (#{seen}), som har adressen {value} som angavs här.",
        "by_field": "Kanske även {who} (#{seen}): båda har {field} {value}.",
        "how": "I så fall: `ticketctl person link {one} {other}`, annars `person unlink`.",
    },
}


def linked(done: Linked, language: str) -> list[str]:
    say = say_in(language, TEXTS)
    said = [line(say("linked", addresses=", ".join((*done.after.addresses, *done.after.callers))))]
    return [*said, *(line(say("unseen", address=one)) for one in done.unseen)]


def unlinked(other: str, language: str) -> list[str]:
    return [line(say_in(language, TEXTS)("unlinked", address=other))]


def maybe_lines(found: Iterable[MaybeSame], language: str) -> Iterator[str]:
    """A sentence for each, with what to type."""
    say = say_in(language, TEXTS)
    for one in found:
        key = "by_address" if one.by == ADDRESS else "by_field"
        why = say(key, who=line(str(one.other)), seen=one.seen, field=line(one.by), value=line(one.value))
        yield f"{why} {say('how', one=_typed(one.person), other=_typed(one.other))}"


def _typed(person: Person) -> str:
    return quote(line(person.address or person.name))
