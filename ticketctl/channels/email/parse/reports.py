"""What a delivery report is read from: its fields, the mail that came back, and reports within reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ticketctl.channels.email.charsets import decode as charset
from ticketctl.channels.email.parse import bodies, headers
from ticketctl.channels.email.parse.mime_tree import Part, Unreadable, parse
from ticketctl.domain.mail import auto_mail as machine
from ticketctl.domain.mail import bounce_prose as notices
from ticketctl.domain.mail import bounces

RETURNED = {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/partial"}
STATUS = {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification"}
PARTS = 20  # parts of a report that are read
SIZE = 65_536  # bytes of each of them
WITHIN = 3  # reports within one another, as gateways pass them on
_OWN = ("from", "to", "cc", "sender", "reply-to", "return-path", "delivered-to", "x-original-to")


def report(root: Part, values: dict[str, tuple[str, ...]], text: str) -> bounces.Report:
    """What is read of the message whose decoded header is `values` and whose readable text is `text`.

    Where a mail server passes on another one's report, what the inner report says of recipients and of the returned
    mail counts; a person who attaches a report has sent none.
    """
    statuses, returned, inner = _read(root, WITHIN if _by_server(root) else 0)
    return bounces.Report(
        statuses=statuses,
        returned=returned,
        failed=tuple(notices.ADDRESS.findall(" ".join(values.get("x-failed-recipients", ())))),
        ours=bounces.addresses_in(value for name in _OWN for value in values.get(name, ())),
        text="\n\n".join(filter(None, (text, *inner))),
        mentioned=headers.ids((*root.all("references"), *root.all("in-reply-to"))),
    )


def _read(root: Part, depth: int) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The texts of status parts, of returned mails, and of reports within."""
    parts = list(root.leaves())
    statuses = _contents(part for part in parts if part.type in STATUS)
    whole = [part for part in parts if part.type in RETURNED][:PARTS]
    inner = next(filter(None, map(_inner_report, whole)), None) if depth and not statuses else None
    if inner is None:
        return statuses, (*_contents(whole), *_bare(root)), ()
    deeper, returned, texts = _read(inner, depth - 1)
    return deeper, returned, (bodies.read(inner).text, *texts)


def _inner_report(part: Part) -> Part | None:
    """The report that came back in place of the mail it is about, or None for an ordinary mail."""
    if part.type not in ("message/rfc822", "message/global"):
        return None
    try:
        inner = parse(part.payload())
    except Unreadable:
        return None
    told = inner.type == "multipart/report" or (inner.first("from") and _by_server(inner))
    return inner if told else None


def _by_server(root: Part) -> bool:
    """Whether a mail server wrote it: it has the null return path, is from a daemon, or from nobody."""
    senders = [one.address.strip("<> ") for one in headers.addresses(root.all("from"))]
    null_path = machine.null_path({"return-path": tuple(root.all("return-path"))})
    return null_path or all(not one or machine.is_daemon(one) for one in senders)


def _bare(root: Part) -> tuple[str, ...]:
    """The headers of parts that are the returned mail themselves, without a message/rfc822 around them: they have the
    fields of a mail beside those of a part."""
    within = [part for part in _inside(root) if part.first("message-id") and (part.first("from") or part.first("to"))]
    return tuple("\n".join(f"{name}: {value}" for name, value in part.fields)[:SIZE] for part in within[:PARTS])


def _inside(part: Part) -> Iterator[Part]:
    for child in part.children:
        yield child
        yield from _inside(child)


def _contents(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(
        charset.decode(part.payload()[:SIZE], part.parameters.get("charset")).replace("\r\n", "\n")
        for part in list(parts)[:PARTS]
    )
