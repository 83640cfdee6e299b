"""Delivery reports: which recipients were not reached, for how long, and which mail it was about.

RFC 3464 reports say so in fields; of the others `notices` reads the prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from ticketctl.domain.mail import bounce_phrases as phrases
from ticketctl.domain.mail import bounce_prose as notices
from ticketctl.domain.ticket.message import Bounce, BouncedRecipient


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is read from.

    `statuses`: texts of message/delivery-status and message/disposition-notification parts. `returned`: the returned
    message or its header, as text. `failed`: addresses from X-Failed-Recipients. `ours`: addresses (lower case) in the
    report's own From, To, Cc … that are no failed recipients. `text`: the whole readable text. `mentioned`: ids in the
    report's own In-Reply-To and References.
    """

    statuses: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    ours: frozenset[str] = frozenset()
    text: str = ""
    mentioned: tuple[str, ...] = ()


def is_bounce(report: Report, subject: str, from_daemon: bool) -> bool:
    """Whether the mail says that another could not be delivered, or not yet.

    People write about deliveries too, and send us the bounces they got: what does not come from a mail server must both
    begin as a bounce does and hold what only one holds.
    """
    if report.failed or any(_recipient_blocks(report.statuses)):
        return True
    named = is_named(subject)
    if from_daemon:
        notice = notices.divide(report.text)[0]
        return named or bool(report.returned) or _tells_failure(notice) or _tells_delay(notice)
    if phrases.PASSED_ON.match(subject) or _is_persons(report):
        return False
    return _begins_as_bounce(report, named) and _is_proven(report, named)


def _is_persons(report: Report) -> bool:
    """Whether somebody greets and tells of a bounce that they got: "Hej, jag får 550 5.1.1 när jag …"."""
    attached = report.statuses or report.returned
    return not attached and bool(phrases.GREETING.match(report.text)) and not phrases.OPENING.search(report.text[:400])


def gives_back(report: Report) -> bool:
    """Whether it holds the mail that came back and says, naming the recipient, that it was not delivered: a bounce by
    whatever sender and subject."""
    notice, beneath = notices.divide(report.text)
    named = {address.lower() for address in notices.ADDRESS.findall(notice)}
    heads = (text[: notices.LENGTH] for text in (*report.returned, beneath))
    theirs = addresses_in(match[1] for text in heads for match in _ORIGINAL_TO.finditer(text))
    return bool(named & theirs) and _tells_failure(notice)


def refuses(report: Report) -> bool:
    """Whether it says in a mail server's words of an address that it can't be reached there."""
    notice, _ = notices.divide(report.text)
    return bool(notices.ADDRESS.search(notice[:4_000])) and _tells_failure(notice)


def is_screening(report: Report) -> bool:
    """Whether a delivery report is a screening service's request to the sender to confirm: its status is x.7.* (RFC
    3463, security or policy), and its diagnostic is no reply of a mail server but a notice of the service's own."""
    blocks = list(_recipient_blocks(report.statuses))
    return bool(blocks) and all(map(_screened, [fields for fields in blocks if _named(fields, report.ours)] or [{}]))


def _screened(fields: dict[str, str]) -> bool:
    diagnostic = fields.get("diagnostic-code", "")
    return bool(_POLICY.match(fields.get("status", ""))) and bool(_SERVICE_NOTICE.match(diagnostic))


_POLICY = re.compile(r"[245]\.7\.")
_NO_REPLY_CODE = r"(?!.*(?<![\d.])[45]\d\d[ -])"
_SERVICE_NOTICE = re.compile(
    rf"(?i)x-[\w-]{{1,60}};{_NO_REPLY_CODE}(?=.{{0,300}}\b(?:list|confirm\w*|verif\w+|challenge|notice|approv\w+)\b)"
    rf"|x-[\w-]{{1,60}}-(?:notice|challenge);{_NO_REPLY_CODE}"
)


def is_named(subject: str) -> bool:
    """Whether the subject is one that mail servers give to their reports."""
    return phrases.SUBJECT.match(subject.strip()) is not None


def _tells_failure(notice: str) -> bool:
    return bool(phrases.FAILURE.search(notice[:4_000]))


def _tells_delay(notice: str) -> bool:
    return bool(phrases.DELAY.search(notice[:4_000])) and bool(notices.ADDRESS.search(notice[:4_000]))


def _begins_as_bounce(report: Report, named: bool) -> bool:
    start = notices.divide(report.text)[0][:1_000] if report.text.startswith("{") else report.text[:400]
    low = start.lower()
    return named or (any(word in low for word in phrases.OPENING_WORDS) and bool(phrases.OPENING.search(start)))


def _is_proven(report: Report, named: bool) -> bool:
    """Whether it holds a returned mail, a code of SMTP, or names the one who was not reached as only a server does."""
    notice, _ = notices.divide(report.text)
    if not _tells_failure(notice):
        return False
    if report.statuses or report.returned or (notices.ADDRESS.search(notice) and phrases.CODED.search(notice)):
        return True
    return named and bool(phrases.OPENING.search(notice[:400])) and bool(notices.recipients(notice, report.ours).about)


def succeeded(report: Report) -> bool:
    """Whether a report tells of nothing but success (RFC 3464: delivered, relayed, expanded)."""
    blocks = list(_recipient_blocks(report.statuses))
    return bool(blocks) and all(_has_succeeded(fields) for fields in blocks)


def is_refusal(report: Report) -> bool:
    """Whether a disposition notification (given among `statuses`) says that the mail was refused (RFC 5429, reject)."""
    return any(_REFUSED.search(status) for status in report.statuses) and _tells_failure(report.text[:1_000])


_REFUSED = re.compile(r"(?im)^disposition:[^\n]*(?:\n[ \t][^\n]*)*;\s*(?:deleted|denied|failed)")


def read(report: Report) -> Bounce:
    """The recipients that a bounce names, each once, and the Message-ID of the mail that came back."""
    notice, rest = notices.divide(report.text)
    found = _from_fields(report, notice) or _from_prose(report, notice) or _from_returned(report, notice, rest)
    unique = {one.address.lower(): one for one in reversed(found)}
    return Bounce(recipients=tuple(reversed(unique.values())), message_id=_message_id(report, rest))


def addresses_in(texts: Iterable[str]) -> frozenset[str]:
    """All addresses in these header values, in lower case."""
    return frozenset(match.lower() for text in texts for match in notices.ADDRESS.findall(text))


# Fields (RFC 3464)

_BLANK = re.compile(r"\n[ \t\r]*\n")
_FIELD = re.compile(r"^([A-Za-z][\w-]*)[ \t]*:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)", re.M)
_TYPE = re.compile(r"^\s*[\w\s-]{1,20};\s*")
_SUCCESS = ("delivered", "relayed", "expanded", "deliverable")


def _recipient_blocks(statuses: Iterable[str]) -> Iterator[dict[str, str]]:
    """The fields of each recipient, by lower-case name."""
    for status in statuses:
        for block in _BLANK.split(status):
            for fields in _apart(block):
                if "final-recipient" in fields or "original-recipient" in fields or "action" in fields:
                    yield fields


_WHO = ("final-recipient", "original-recipient")


def _apart(block: str) -> Iterator[dict[str, str]]:
    """The fields of a block; of one recipient after another where a server forgot the empty line between them."""
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(block):
        name, value = match[1].lower(), " ".join(match[2].split())
        told = "status" in fields and any(who in fields for who in _WHO)
        if name in _WHO and (name in fields or (told and "final-recipient" in fields)):
            yield fields
            fields = {}
        fields[name] = value
    yield fields


def _has_succeeded(fields: dict[str, str]) -> bool:
    return fields.get("action", "").lower().startswith(_SUCCESS) or fields.get("status", "").startswith("2.")


def _from_fields(report: Report, notice: str) -> list[BouncedRecipient]:
    """Recipients from fields, also where these stand in the text or the returned mail because the MIME is broken."""
    for texts in ((*report.statuses, report.text[: notices.REST]), report.returned):
        found = [_recipient(fields, report.ours, notice) for fields in _recipient_blocks(texts)]
        if any(found):
            return [one for one in found if one is not None]
    return []


def _recipient(fields: dict[str, str], ours: frozenset[str], notice: str) -> BouncedRecipient | None:
    address = _named(fields, ours)
    if not address or _has_succeeded(fields):
        return None
    told = (fields.get("status", ""), fields.get("diagnostic-code", ""), notices.lines_with(address, notice))
    codes = [match[1] for match in map(notices.STATUS.search, told) if match]
    exact = [code for code in codes if not code.endswith(".0.0")]  # x.0.0 says only "failed"; another may say why
    status = next(iter(exact or codes), None)
    action = fields.get("action", "").lower()
    lasts = _lasts(action, status)
    return BouncedRecipient(address, status, lasts, given_up=lasts is False and action.startswith("fail"))


def _named(fields: dict[str, str], ours: frozenset[str]) -> str:
    """The recipient: as the sender wrote it (Original-Recipient) rather than as aliases have made of it."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        if match := notices.ADDRESS.search(_TYPE.sub("", fields.get(name, ""))):
            return match[0]
    match = notices.ADDRESS.search(fields.get("diagnostic-code", ""))
    return match[0] if match and match[0].lower() not in ours else ""


def _lasts(action: str, status: str | None) -> bool | None:
    """Whether a failure is permanent: RFC 3463 class 5; class 4 is transient even where the server gave up."""
    if action.startswith("delayed"):
        return False
    if status is not None:
        return status.startswith("5")
    return True if action.startswith("fail") else None


# What came back

_ORIGINAL_ID = re.compile(r"(?im)^[> \t|]*(?:x-)?(?:original-)?message-id[ \t]*:\s*<?\s*([^\s<>]+)")
_ORIGINAL_TO = re.compile(r"(?im)^[> \t|]*to[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)")


def _from_prose(report: Report, notice: str) -> list[BouncedRecipient]:
    named = notices.recipients(notice, report.ours, report.failed)
    return named.about or named.mentioned


def _from_returned(report: Report, notice: str, rest: str) -> list[BouncedRecipient]:
    """Where the report names nobody, the only recipient of the returned mail must be the one."""
    for text in (*report.returned, rest):
        match = _ORIGINAL_TO.search(text[: notices.LENGTH])
        found = set(notices.ADDRESS.findall(match[1])) if match else set()
        if len(found) == 1:
            return [notices.described(found.pop(), notice.split("\n"), notice, {})]
    return []


def _message_id(report: Report, rest: str) -> str | None:
    for text in (*report.returned, rest, *report.statuses, report.text):
        if match := _ORIGINAL_ID.search(text[: notices.REST]):
            return match[1]
    return report.mentioned[-1] if report.mentioned else None
