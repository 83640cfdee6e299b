"""A contact form that somebody has filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from ticketctl.content import snippets
from ticketctl.content.snippet_values import sample_contexts
from ticketctl.domain.config import FormSource
from ticketctl.domain.text import language
from ticketctl.domain.text.one_line import one_line
from ticketctl.domain.ticket.message import Person
from ticketctl.errors import BadSnippet, NoSuchTicket, Refused, TicketctlError, Usage
from ticketctl.ports.plain_message import PlainFile, PlainMessage
from ticketctl.usecases.fields import checked_fields
from ticketctl.usecases.intake.file_message import policy
from ticketctl.usecases.intake.receive import Receive, Received, receive, receive_all
from ticketctl.usecases.session import Session

LONGEST = 100_000  # characters of the text
LINE = 300  # of a name, a subject, a field
MEGABYTE = 1024 * 1024
_ADDRESS = re.compile(r"[^\s<>@\"(),;:]{1,64}@[^\s<>@\"(),;:.]+(?:\.[^\s<>@\"(),;:.]+)+")

_SUSPECT = "a field that people do not see was filled in"

FaultCode = Literal[
    "missing", "no_address", "own_address", "too_long", "no_such_value", "wrong_form", "too_many", "too_large"
]


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the same for the same submission: a second one with it is none. `source` names the form in rules.yaml.
    `suspect`: a program seems to have filled it in; it is kept as spam, and answered by nothing."""

    id: str
    source: str
    email: str
    text: str
    name: str = ""
    subject: str = ""
    fields: Mapping[str, str] = {}
    files: tuple[PlainFile, ...] = ()
    language: str = ""
    suspect: bool = False


class NotFilledIn(Refused):
    """What must be put right first: part of the form (`email`, `text`, `files`, the name of a field …) → what is wrong
    with it."""

    def __init__(self, faults: Mapping[str, FaultCode]) -> None:
        super().__init__("the form is not filled in: {parts}", code="form_faults", parts=", ".join(faults))
        self.faults = faults


class FormClosed(Refused):
    """rules.yaml says `open: false`."""


def form_named(session: Session, name: str) -> FormSource:
    """Raises NoSuchTicket where rules.yaml has no form of that name."""
    for one in session.config.web_sources:
        if isinstance(one, FormSource) and one.name == name:
            return one
    raise NoSuchTicket("there is no form {name}", code="no_form", name=name)


def submit(session: Session, request: Submission, *, keep: bool = True) -> Received:
    """Raises NotFilledIn, FormClosed, NoSuchTicket, and what `receive` raises."""
    session.must("form", keep=keep)
    return receive(session, _message(session, request), keep=keep)


def submit_all(session: Session, requests: Sequence[Submission]) -> list[Received | TicketctlError]:
    """Several in one commit; each gets what `submit` would return or raise. Raises Busy and StoreFailed for all."""
    session.must("form")
    found: dict[int, Received | TicketctlError] = {}
    messages: dict[int, Receive] = {}
    for at, request in enumerate(requests):
        try:
            messages[at] = _message(session, request)
        except TicketctlError as error:
            found[at] = error
    received = receive_all(session, tuple(messages.values())) if messages else ()
    found |= dict(zip(messages, received, strict=True))
    return [found[at] for at in range(len(requests))]


def _message(session: Session, request: Submission) -> Receive:
    form = form_named(session, request.source)
    if not form.open:
        raise FormClosed("the form {name} is closed", code="form_closed", name=form.name)
    faults = faults_of(session, form, request)
    if faults:
        raise NotFilledIn(faults)
    message = PlainMessage(
        id=request.id,
        sender=Person(request.email.strip().lower(), one_line(request.name)),
        text=request.text,
        subject=one_line(request.subject),
        at=session.now,
        language=language.detect(request.text[:600]) or request.language,
        files=request.files,
        fields={name: one_line(request.fields.get(name, "")) for name in form.fields if request.fields.get(name)},
        claimed=True,
    )
    return Receive(source=form.name, channel="form", message=message, spam=_SUSPECT if request.suspect else "")


def privacy_notice(session: Session, language: str) -> str:
    """The text of `privacy: notice:` in that language; "" where there is none, or it cannot be made (`rules check` and
    `doctor` say why)."""
    config = session.config
    if not config.privacy.notice:
        return ""
    values = next(iter(sample_contexts(config).values()))
    try:
        return snippets.partial(session.folder / "snippets", config.privacy.notice, language, values).strip()
    except BadSnippet:
        return ""


def faults_of(session: Session, form: FormSource, request: Submission) -> dict[str, FaultCode]:
    found: dict[str, FaultCode] = {}
    address = request.email.strip().lower()
    if not address:
        found["email"] = "missing"
    elif len(address) > 254 or not _ADDRESS.fullmatch(address):
        found["email"] = "no_address"
    elif session.config.outgoing is not None and address in policy(session).own:
        found["email"] = "own_address"
    for name, value in (("name", request.name), ("subject", request.subject)):
        if len(value) > LINE:
            found[name] = "too_long"
    for name in form.fields:
        if fault := _field_fault(session, form, name, one_line(request.fields.get(name, ""))):
            found[name] = fault
    if not request.text.strip():
        found["text"] = "missing"
    elif len(request.text) > LONGEST:
        found["text"] = "too_long"
    if len(request.files) > form.files:
        found["files"] = "too_many"
    elif sum(len(one.data) for one in request.files) > form.megabytes * MEGABYTE:
        found["files"] = "too_large"
    return found


def _field_fault(session: Session, form: FormSource, name: str, value: str) -> FaultCode | None:
    if not value:
        return "missing" if name in form.required else None
    if len(value) > LINE:
        return "too_long"
    try:
        checked_fields(session.config, [f"{name}={value}"])
    except Usage as error:
        return "no_such_value" if error.code == "no_such_value" else "wrong_form"
    return None
