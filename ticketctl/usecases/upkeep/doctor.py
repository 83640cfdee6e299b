"""Checks the desk: rules.yaml, the store, the computer, jobs, the outbox, mailboxes and servers; repairs the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Literal

import msgspec

from ticketctl.domain.text.one_line import one_line
from ticketctl.domain.ticket.outbound import HOOK
from ticketctl.errors import (
    BadRules,
    ChannelFailed,
    Damaged,
    MissingExtra,
    NextStep,
    Refused,
    StoreFailed,
    TicketctlError,
    Usage,
)
from ticketctl.ports.store import Finding
from ticketctl.usecases.intake.first_fetch import undecided_of, undecided_text
from ticketctl.usecases.outgoing.queue import PUSH
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.desk_check import desk_findings
from ticketctl.usecases.upkeep.host_check import clocks, disk
from ticketctl.usecases.upkeep.login import login_findings
from ticketctl.usecases.upkeep.notice_check import notice_findings
from ticketctl.usecases.upkeep.retention_check import retention_findings


class Examine(msgspec.Struct, frozen=True, kw_only=True):
    """`deep`: every stored file is read and its hash compared. `offline`: no server is connected to."""

    deep: bool = False
    offline: bool = False


class Examined(msgspec.Struct, frozen=True):
    """`error` is the kind of error that it is, where the finding's state is "error"."""

    finding: Finding
    error: type[TicketctlError] = TicketctlError


def examine(session: Session, request: Examine) -> Iterator[Examined]:
    """Each finding once it is made, since servers may be slow. Changes nothing."""
    session.must("doctor")
    began = monotonic()
    rules = _rules(session)
    yield from rules
    yield from _store(session, request.deep)
    yield Examined(session.store.check_privacy())
    yield from _access(session)
    yield _disk(session)
    if any(one.finding.state == "error" for one in rules):
        yield Examined(Finding(subject="mail", state="warning", code="not_examined"))
        return
    yield from map(Examined, notice_findings(session))
    yield from _in_store(session)
    yield from (Examined(finding, ChannelFailed) for finding in login_findings(session))
    yield from _assistant(session)
    if not request.offline:
        yield from _channels(session)
        yield from (Examined(finding) for finding in clocks(session, began))


def recover(session: Session) -> tuple[Examined, ...]:
    """Repairs a damaged store from what is there; nothing where all is well. Raises NotAllowed."""
    session.must("recover")
    found = session.store.recover()
    try:
        found = [*found, *session.audit.recover(session.now, session.user or "doctor")]
    except BadRules:  # they say which key it is signed with
        found = [*found, Finding(subject="audit.jsonl", state="warning", code="not_examined")]
    return tuple(Examined(finding, Damaged) for finding in found)


# --- this computer ---


def _rules(session: Session) -> list[Examined]:
    subject = "rules.yaml"
    try:
        facts = {"folder": session.folder, "team": len(session.config.team)}
    except BadRules as error:
        return [
            Examined(Finding(subject=subject, state="error", code="trouble", facts={"why": fault}), BadRules)
            for fault in error.faults
        ]
    except (Usage, MissingExtra) as error:
        return [Examined(Finding.failed(subject, error), type(error))]
    return [Examined(Finding(subject=subject, state="ok", code="rules", facts=facts))]


def _store(session: Session, deep: bool) -> Iterator[Examined]:
    try:
        found = session.store.check(deep=deep, known=_named_places(session))
        yield from (Examined(finding, Damaged) for finding in found)
        if all(finding.state != "error" for finding in found):
            yield _audit(session)
    except (Damaged, StoreFailed) as error:
        yield Examined(Finding.failed("store", error), type(error))


def _audit(session: Session) -> Examined:
    try:
        return Examined(session.audit.verify(), Damaged)
    except BadRules:  # one of the findings; they say which key it is signed with
        return Examined(Finding(subject="audit.jsonl", state="warning", code="not_examined"))
    except (Usage, StoreFailed) as error:
        return Examined(Finding.failed("audit.jsonl", error), type(error))


def _named_places(session: Session) -> list[Path]:
    """Where rules.yaml has Maildirs and the like."""
    try:
        config = session.config
    except Usage:  # one of the findings
        return []
    sinks = [config.outgoing.sink] if config.outgoing else []
    paths = [getattr(one, "path", "") for one in (*config.sources, *sinks)]
    return [session.folder / Path(path).expanduser() for path in paths if path]


def _access(session: Session) -> Iterator[Examined]:
    """Whoever may write rules.yaml, or what it names, decides which commands are run."""
    try:
        names = session.config.paths()
    except TicketctlError:  # one of the findings
        names = []
    for why in session.host.untrusted(session.folder, names):
        yield Examined(Finding(subject="access", state="warning", code="untrusted", facts={"why": why}))


def _disk(session: Session) -> Examined:
    try:
        return Examined(disk(session), StoreFailed)
    except StoreFailed as error:
        return Examined(Finding.failed("disk", error), StoreFailed)


def _in_store(session: Session) -> Iterator[Examined]:
    try:
        with session.store.reading() as desk:
            yield from (Examined(finding, ChannelFailed) for finding in desk_findings(session, desk))
            yield from map(Examined, retention_findings(session, desk))
    except (Damaged, StoreFailed):
        return  # one of the findings


def _assistant(session: Session) -> Iterator[Examined]:
    """Where texts may go; it is not asked anything."""
    found = session.config.assistant
    if found is not None:
        facts = {"model": found.model, "url": found.url}
        state: Literal["ok", "warning"] = "warning" if found.allow_remote else "ok"
        code = "assistant_remote" if found.allow_remote else "assistant"
        yield Examined(Finding(subject="assistant", state=state, code=code, facts=facts))


# --- the world outside ---


def _channels(session: Session) -> Iterator[Examined]:
    for source in session.config.fetched:
        found = _tried(f"source {source.name}", partial(_look_at_source, session, source.name))
        yield found
        if found.finding.state == "ok":
            yield from _first_fetch(session, source.name)
    yield _tried("outgoing", partial(_look_at_sink, session))
    if session.config.outgoing and session.config.outgoing.sent:
        yield _tried("sent copies", partial(_look_at_sent, session))
    if session.config.notify:
        yield _tried("notify", partial(_look_at_notify, session))
    if session.config.webhooks:
        yield _tried("webhooks", partial(_look_at_webhooks, session))


def _look_at_source(session: Session, name: str) -> str:
    with closing(session.source(name)) as source:
        return source.check()


def _first_fetch(session: Session, name: str) -> Iterator[Examined]:
    try:
        undecided = undecided_of(session, name)
    except (ChannelFailed, Damaged, StoreFailed):
        return  # one of the findings already, or next time
    if undecided:
        facts = {"why": undecided_text(session, name, undecided).removeprefix(f"{name}: "), "source": name}
        subject = f"source {name}"
        yield Examined(
            Finding(subject=subject, state="warning", code="first_fetch", facts=facts, next_step="say_since_when")
        )


def _look_at_notify(session: Session) -> str:
    with closing(session.app.sink(PUSH)) as sink:
        return sink.check()


def _look_at_webhooks(session: Session) -> str:
    """Raises Refused where one is paused."""
    from ticketctl.usecases.outgoing.webhooks import webhooks

    with closing(session.app.sink(HOOK)) as sink:
        found = sink.check()
    paused = [one.webhook.name for one in webhooks(session) if one.state.paused_at]
    if paused:
        step = NextStep("webhook", more=f"resume {paused[0]}", then="tries it again")
        text = "paused, as nothing was taken for three days: {names}"
        raise Refused(text, code="webhook_paused", names=", ".join(paused), next_step=step)
    return found


def _look_at_sink(session: Session) -> str:
    with closing(session.sink) as sink:
        return sink.check()


def _look_at_sent(session: Session) -> str:
    with closing(session.sent_folder()) as sent:
        return sent.check()


def _tried(subject: str, look: Callable[[], str]) -> Examined:
    try:
        return Examined(Finding(subject=subject, state="ok", code="answers", facts={"what": look()}))
    except (Usage, MissingExtra) as error:
        return Examined(Finding.failed(subject, error), type(error))
    except TicketctlError as error:
        return Examined(Finding.failed(subject, error), ChannelFailed)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this server's: the others are looked at
        facts = {"why": f"{type(error).__name__}: {one_line(str(error))}"}
        return Examined(Finding(subject=subject, state="error", code="not_looked_at", facts=facts), ChannelFailed)
