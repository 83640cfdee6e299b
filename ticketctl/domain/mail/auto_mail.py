"""Mail that no person wrote: what kind it is, and whether an automatic acknowledgement would be allowed (RFC 3834).

A wrong "machine" costs a customer the answer, a wrong "person" costs a mail loop: headers, which people do not write,
decide wherever they are there; a subject decides alone only where it is one that no customer writes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import msgspec

from ticketctl.domain.mail import auto_mail_phrases as phrases
from ticketctl.domain.mail import bounces
from ticketctl.domain.ticket.message import Inbound, Machine

Headers = Mapping[str, tuple[str, ...]]


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a mail before it is classified.

    `headers`: lower-case name → decoded values. `sender` is the address in From, `answer_to` the one that an answer
    would go to. `kinds` are the content types of the message and all its parts; `report_type` is that parameter of
    multipart/report. `report` is what a delivery report would be read from.
    """

    headers: Headers
    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    answer_to: str = ""
    kinds: frozenset[str] = frozenset()
    report_type: str = ""
    report: bounces.Report = bounces.Report()


def classify(mail: Mail) -> Machine | None:
    """The kind of machine mail, or None for mail from a person."""
    return (
        _report(mail)
        or _screening(mail)
        or _bounce(mail)
        or _answer(mail)
        or _list(mail)
        or _answer_by_subject(mail)
        or _challenge(mail)
        or _bulk(mail)
        or _notification(mail)
    )


def may_answer(mail: Mail, machine: Machine | None) -> bool:
    """Whether an acknowledgement may be sent: to a person, at an address, who did not forbid it, and not to spam."""
    if machine is not None or _ADDRESS.fullmatch(mail.answer_to) is None or null_path(mail.headers):
        return False
    if any(map(_suppresses, mail.headers.get("x-auto-response-suppress", ()))):
        return False
    if mail.headers.get("x-loop"):
        return False
    return not _starts(mail.headers, "x-spam-flag", "yes") and not _starts(mail.headers, "x-spam-status", "yes")


def _suppresses(value: str) -> bool:
    """Whether X-Auto-Response-Suppress forbids an automatic answer (MS-OXCMAIL: OOF, AutoReply, All) and not only
    delivery and read receipts. A word that we do not know forbids too."""
    return bool(set(re.split(r"[\s,;]+", value.strip().lower())) - _RECEIPTS)


_RECEIPTS = {"", "none", "dr", "ndr", "rn", "nrn"}


def written_by_person(inbound: Inbound) -> Inbound:
    """As a person's mail, whatever its headers say of the machine that sent it; where answers are forbidden they stay
    so."""
    answer_to = inbound.reply_to[0].address if inbound.reply_to else ""
    allowed = may_answer(Mail(headers=inbound.headers, answer_to=answer_to), None)
    return msgspec.structs.replace(inbound, machine=None, may_answer=allowed)


_ADDRESS = re.compile(r"""[^\s@<>()\[\]\\,;:"]{1,200}@(?!-)[\w-]{1,63}(?:\.[\w-]{1,63}){0,30}""")


def null_path(headers: Headers) -> bool:
    """The empty envelope sender of reports and automatic answers: nothing may be sent back to it."""
    return any(value.strip() in {"<>", "< >"} for value in headers.get("return-path", ())[:1])


def _report(mail: Mail) -> Machine | None:
    if mail.report_type == "feedback-report" or "message/feedback-report" in mail.kinds:
        return "feedback_report"
    if phrases.COMPLAINT.match(mail.report.text[:1_000].replace('\\"', '"')) or _complains(mail):
        return "feedback_report"
    if mail.report_type == "disposition-notification" or "message/disposition-notification" in mail.kinds:
        return "bounce" if bounces.is_refusal(mail.report) else "read_receipt"
    return None


def _complains(mail: Mail) -> bool:
    """A mail provider's junk complaint in the forms from before ARF (RFC 5965): the reported mail is attached."""
    if not mail.report.returned:
        return False
    marked = any(phrases.REPORTER.search(text[:20_000]) for text in mail.report.returned)
    return marked or phrases.COMPLAINED.match(folded(mail.subject)) is not None


def _screening(mail: Mail) -> Machine | None:
    """A screening service's request in the dress of a delivery report: nothing failed, the sender shall confirm."""
    return "challenge" if bounces.is_screening(mail.report) else None


def _bounce(mail: Mail) -> Machine | None:
    if mail.report.statuses and bounces.succeeded(mail.report):
        return "notification"
    return "bounce" if bounces.is_bounce(mail.report, mail.subject, _from_daemon(mail)) else None


def _from_daemon(mail: Mail) -> bool:
    """Whether a mail server speaks. Its name alone is no proof: system administrators write mail too."""
    if is_daemon(mail.sender):
        return True
    if phrases.NO_REPLY.fullmatch(mail.sender.partition("@")[0].lower()):
        return bounces.is_named(mail.subject) or bounces.gives_back(mail.report)
    if phrases.DAEMON_NAME.search(mail.sender_name):
        return bool(mail.report.returned or mail.report.statuses) or bounces.is_named(mail.subject)
    if _answer(mail) or _answer_by_subject(mail):  # some servers call their reports automatic answers (RFC 3834)
        return not mail.sender and not mail.subject.strip() and bounces.refuses(mail.report)
    return null_path(mail.headers) or not mail.sender


def is_daemon(address: str) -> bool:
    """Whether the address is one that mail servers write from."""
    return bool(phrases.DAEMON.fullmatch(address.partition("@")[0].rstrip("\\").lower()))


def _answer(mail: Mail) -> Machine | None:
    """What autoresponders say of themselves."""
    headers = mail.headers
    told = any(_starts(headers, name, *beginnings) for name, beginnings in _TOLD.items())
    marked = any(value.strip().lower() not in _NO for name in _MARKS for value in headers.get(name, ()))
    mailer = " ".join(headers.get("x-mailer", ())).lower()
    return "auto_reply" if told or marked or "vacation" in mailer or "autorespond" in mailer else None


_TOLD = {
    "auto-submitted": ("auto-replied", "auto-reply"),
    "precedence": ("auto_reply", "auto-reply", "autoreply"),
    "x-precedence": ("auto_reply", "auto-reply", "autoreply"),
    "x-autogenerated": ("reply",),
    "x-apple-action": ("vacation",),
    "delivered-to": ("autoresponder",),
}
_NO = {"", "no", "false", "0"}
_MARKS = ("x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply")
_LIST = (
    *("list-id", "list-post", "list-subscribe", "list-help", "list-archive", "list-owner"),
    *("mailing-list", "x-mailing-list", "x-ml-name", "x-mlserver"),
)


def _list(mail: Mail) -> Machine | None:
    """A mail over a mailing list; what the list's own robot says (an alarm, a request to a moderator) is none."""
    local = mail.sender.partition("@")[0].lower()
    listed = any(mail.headers.get(name) for name in _LIST) or _preceded(mail.headers, "list")
    if phrases.LIST_ROBOT.fullmatch(local):
        return "notification"
    if phrases.LIST_ROLE.fullmatch(local) and (listed or phrases.LOOP.search(folded(mail.subject))):
        return "notification"
    return "list" if listed else None


def _bulk(mail: Mail) -> Machine | None:
    if _preceded(mail.headers, "bulk", "junk") or mail.headers.get("list-unsubscribe"):
        return "bulk"
    return None


def _preceded(headers: Headers, *beginnings: str) -> bool:
    return any(_starts(headers, name, *beginnings) for name in ("precedence", "x-precedence"))


def _answer_by_subject(mail: Mail) -> Machine | None:
    """An autoresponder by the subject that mail programs give its answers.

    "Automatic reply: …" is one; "Automatic reply does not work" and "Semester" are customers, unless a header
    speaks for a machine too.
    """
    if _starts(mail.headers, "auto-submitted", "no"):
        return None
    subject = folded(mail.subject)
    if phrases.HEADING.match(subject) or phrases.STATEMENT.match(subject) or phrases.EXCHANGE.search(subject):
        return "auto_reply"
    says_so = _says_so(mail.report.text)
    if phrases.DOMINO.match(subject) and (says_so or phrases.AWAY.search(subject)):
        return "auto_reply"
    if says_so and phrases.ALONE.fullmatch(phrases.PREFIX.sub("", subject, count=1)):
        return "auto_reply"
    supported = null_path(mail.headers) or bool(mail.headers.keys() & _SUPPORT)
    if supported or ("in-reply-to" in mail.headers and not phrases.PREFIX.match(subject)):
        bare = phrases.PREFIX.sub("", subject, count=1)
        if phrases.ALONE.fullmatch(bare) or (supported and phrases.BEGINS.match(bare)):
            return "auto_reply"
    return None


def _says_so(text: str) -> bool:
    """Whether a line of its own words says that the mail was written automatically."""
    own = text[:TOLD].partition("\n>")[0].split("\n")
    return any(phrases.SAID_SO.match(folded(line)) for line in own if "auto" in line.lower())


TOLD = 1_500  # characters of a text in which a machine says what it is
_SUPPORT = {"auto-submitted", "precedence", "x-precedence"}


def folded(text: str, length: int = 500) -> str:
    """Lower case without accents (å → a, ö → o), white space collapsed: languages are compared so."""
    text = text[:length].casefold().replace("\u2019", "'").translate(_STROKES)
    if not text.isascii():
        text = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " ".join(text.strip("[](){}*\"' \t").split())


_STROKES = str.maketrans({"ł": "l", "đ": "d"})


def _challenge(mail: Mail) -> Machine | None:
    told = any(name in mail.headers for name in ("x-tmda-fingerprint", "x-boxtrapper", "x-challenge"))
    return "challenge" if told or phrases.CHALLENGE.match(folded(mail.subject)) or _asks(mail) else None


def _asks(mail: Mail) -> bool:
    """Whether the text says what challenges say: it is held back, follow the link, and you are let in."""
    text = folded(mail.report.text, TOLD)
    return "http" in text and all(one.search(text) for one in (phrases.HELD, phrases.FOLLOW, phrases.LET_IN))


def _notification(mail: Mail) -> Machine | None:
    submitted = mail.headers.get("auto-submitted", ())
    if any(value.strip().lower().partition(";")[0].strip() not in {"", "no"} for value in submitted):
        return "notification"
    local = mail.answer_to.partition("@")[0].lower()
    if null_path(mail.headers) or is_daemon(mail.answer_to) or phrases.NO_REPLY.fullmatch(local):
        return "notification"
    return "notification" if "multipart/report" in mail.kinds else None


def _starts(headers: Headers, name: str, *beginnings: str) -> bool:
    return any(value.strip().lower().startswith(beginnings) for value in headers.get(name, ()))
