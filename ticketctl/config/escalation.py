"""`escalation:` → EscalationSteps."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ticketctl.config.actions import reply
from ticketctl.config.names import Names, label_list
from ticketctl.config.promises import notified, receiver
from ticketctl.config.reading import Reader, kind, shown
from ticketctl.config.tree import Node, Scalar
from ticketctl.domain.settings.settings import Duration, EscalationStep
from ticketctl.domain.ticket.ticket import PRIORITIES

DUE = Duration()  # a promise: when it is due, not before


def escalation(reader: Reader, node: Node, declared: Names) -> tuple[EscalationStep, ...]:
    steps: list[EscalationStep] = []
    reads = Steps(reader, declared)
    names: set[str] = set()
    for item in reader.items(node):
        section = reader.section(item, ("id", "when", "then"), "escalation step")
        if section is None:
            continue
        when = section.need("when", lambda at: _when(reader, at), _When())
        name = section.text("id") or _free(when.name, names)
        if name in names:
            reader.fault(section.node.items["id"], f"a second step {shown(name)}")
        names.add(name)
        actions = section.need("then", reads.steps, ())
        steps.append(
            EscalationStep(
                name=name,
                used=when.used / 100,
                unassigned=when.unassigned,
                owner_away=when.owner_away,
                promise=when.promise,
                actions=actions,
            )
        )
    return tuple(steps)


def _free(name: str, taken: set[str]) -> str:
    number = 2
    wanted = name
    while wanted in taken:
        wanted, number = f"{name} {number}", number + 1
    return wanted


class _When(NamedTuple):
    used: int = 0
    owner_away: bool | None = None
    unassigned: Duration | None = None
    promise: Duration | None = None

    @property
    def name(self) -> str:
        if self.unassigned:
            return f"unassigned {self.unassigned}"
        if self.promise is not None:
            return f"promise {self.promise}" if self.promise != DUE else "promise due"
        return f"{self.used}%"


def _when(reader: Reader, node: Node) -> _When | None:
    """Per cent of the target, how long nobody has owned the ticket, or how long before a promised date; and whether
    the owner must be away."""
    section = reader.section(node, ("used", "owner_away", "unassigned", "promise"), "escalation")
    if section is None:
        return None
    kinds = [key for key in section.node.items if key in ("used", "unassigned", "promise")]
    if not kinds:
        reader.fault(node, "expected used: 75% (of a target), unassigned: 2h, or promise: due")
        return None
    for other in kinds[1:]:
        reader.fault(section.node.keys[other], f"{other} does not go with {kinds[0]}; write a step of its own")
    if "unassigned" in section and "owner_away" in section:
        reader.fault(section.node.keys["owner_away"], "owner_away does not go with unassigned; nobody owns the ticket")
    return _When(
        used=section.get("used", lambda at: _per_cent(reader, at), 0),
        owner_away=section.get("owner_away", reader.boolean, None),
        unassigned=section.get("unassigned", reader.duration, None),
        promise=section.get("promise", lambda at: _before(reader, at), None),
    )


def _before(reader: Reader, node: Node) -> Duration | None:
    """`due`, or how long before that: `2h`."""
    return DUE if isinstance(node, Scalar) and node.text == "due" else reader.duration(node)


def _per_cent(reader: Reader, node: Node) -> int | None:
    text = reader.text(node) or ""
    if re.fullmatch(r"[0-9]{1,4} ?%", text) and 1 <= int(text.rstrip(" %")) <= 1000:
        return int(text.rstrip(" %"))
    reader.fault(node, f"expected a share of the target from 1% to 1000%, such as 75%, found {kind(node)}")
    return None


class Steps:
    """Reads `then` of a step: what the step does, in order."""

    def __init__(self, reader: Reader, names: Names) -> None:
        self.reader = reader
        self.names = names
        self._readers: dict[str, Callable[[Node], tuple[tuple[str, str], ...]]] = {
            "notify": lambda at: _one("notify", notified(reader, at, names.team)),
            "raise_priority": lambda at: _one("raise_priority", reader.choice(at, PRIORITIES, "priority")),
            "assign": lambda at: _one("assign", receiver(reader, at, names.team)),
            "label": lambda at: tuple(("label", one) for one in label_list(reader, at, names)),
            "reply": self._reply,
        }

    def steps(self, node: Node) -> tuple[tuple[str, str], ...]:
        return tuple(one for some in self.reader.listed(node, self._step) for one in some)

    def _step(self, node: Node) -> tuple[tuple[str, str], ...] | None:
        section = self.reader.section(node, tuple(self._readers), "escalation action")
        if section is None:
            return None
        if not section.node.items:
            self.reader.fault(node, "an action is missing here")
        known = ((key.text, value) for key, value in section if key.text in self._readers)
        return tuple(one for what, value in known for one in self._readers[what](value))

    def _reply(self, node: Node) -> tuple[tuple[str, str], ...]:
        found = reply(self.reader, node, self.names.snippets)
        return (("reply" if found.automatic else "draft", found.snippet),) if found else ()


def _one(what: str, value: str | None) -> tuple[tuple[str, str], ...]:
    return ((what, value),) if value else ()
