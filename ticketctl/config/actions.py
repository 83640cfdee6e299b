"""`then:` → domain Actions. Every name in it must be declared in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import partial
from typing import cast, get_args

from ticketctl.config import promises
from ticketctl.config.names import Names, field_value, label_list
from ticketctl.config.reading import Reader, Section, kind, shown, suggest
from ticketctl.config.tree import Mapping, Node, Scalar
from ticketctl.domain.rules import actions
from ticketctl.domain.rules.actions import Action
from ticketctl.domain.settings.settings import Sensitive
from ticketctl.domain.ticket.ticket import PRIORITIES, Priority

RESOLUTIONS = ("solved", "no_answer", "duplicate")


class Actions:
    """Reads `then`: a list of actions, each a mapping, or a bare word where the action needs nothing."""

    def __init__(self, reader: Reader, names: Names) -> None:
        self.reader = reader
        self.names = names
        self._readers: dict[str, Callable[[Node], tuple[Action, ...]]] = {
            "set": self._set,
            "label": lambda at: (actions.Label(label_list(reader, at, names)),),
            "unlabel": lambda at: (actions.Unlabel(label_list(reader, at, names)),),
            "assign": self._assign,
            "reply": self._reply,
            "note": self._note,
            "notify": self._notify,
            "spam": self._spam,
            "close": self._close,
            "wait": self._wait,
            "promise": self._promise,
            "link": self._link,
            "mask": self._mask,
        }

    def read(self, node: Node) -> tuple[Action, ...]:
        items = self.reader.items(node)
        if not items:
            self.reader.fault(node, "an action is missing here")
        return tuple(action for item in items for action in self._item(item))

    def _item(self, node: Node) -> tuple[Action, ...]:
        mapping = self.reader.mapping(node)
        if mapping is None:
            return ()
        if not mapping.items:
            self.reader.fault(node, "an action is missing here")
        return tuple(action for key, value in Section(self.reader, mapping) for action in self._action(key, value))

    def _action(self, key: Scalar, value: Node) -> tuple[Action, ...]:
        if key.text in self._readers:
            return self._readers[key.text](value)
        if not self.reader.not_yet(key, "action"):
            hint = suggest(key.text, self._readers) or f"; known: {', '.join(self._readers)}"
            self.reader.fault(key, f"unknown action {shown(key.text)}{hint}")
        return ()

    def _set(self, node: Node) -> tuple[Action, ...]:
        section = self.reader.section(node, ("priority", *self.names.fields), "set")
        found: list[Action] = []
        for key, value in section or ():
            if key.text == "priority":
                priority = self.reader.choice(value, PRIORITIES, "priority")
                found += [actions.SetPriority(cast(Priority, priority))] if priority else []
            elif key.text in self.names.fields:
                text = field_value(self.reader, self.names.fields[key.text], value)
                found += [actions.SetField(key.text, text)] if text else []
        if section and not section.node.items:
            self.reader.fault(node, "what to set is missing here")
        return tuple(found)

    def _assign(self, node: Node) -> tuple[Action, ...]:
        if isinstance(node, Mapping):
            section = self.reader.section(node, ("to",), "assign")
            return self._assign(section.node.items["to"]) if section and "to" in section else self._missing(node, "to")
        if isinstance(node, Scalar) and node.text in ("least_loaded", "round_robin"):
            if not any(agent.role != "viewer" for agent in self.names.team):
                self.reader.fault(node, "team: has nobody who can be given tickets")
            return (actions.Assign(node.text),)
        name = promises.receiver(self.reader, node, self.names.team)
        return (actions.Assign(name),) if name else ()

    def _reply(self, node: Node) -> tuple[Action, ...]:
        found = reply(self.reader, node, self.names.snippets)
        return (found,) if found else ()

    def _notify(self, node: Node) -> tuple[Action, ...]:
        whom = promises.notified(self.reader, node, self.names.team)
        return (actions.Notify(whom),) if whom else ()

    def _note(self, node: Node) -> tuple[Action, ...]:
        text = self.reader.text(node, one_line=False)
        return (actions.Note(text.strip()),) if text else ()

    def _spam(self, node: Node) -> tuple[Action, ...]:
        if self.reader.boolean(node) is False:
            self.reader.fault(node, "only spam: true is an action")
        return (actions.Spam(),)

    def _close(self, node: Node) -> tuple[Action, ...]:
        section = self.reader.section(node, ("resolution", "cause"), "close")
        if section is None:
            return ()
        resolution = section.get("resolution", lambda at: self.reader.choice(at, RESOLUTIONS, "resolution"), "solved")
        cause = section.get("cause", lambda at: self.reader.choice(at, self.names.causes, "cause"), "")
        return (actions.Close(resolution, cause),)

    def _wait(self, node: Node) -> tuple[Action, ...]:
        duration = self.reader.duration(node)
        return (actions.Wait(duration),) if duration else ()

    def _promise(self, node: Node) -> tuple[Action, ...]:
        duration = self.reader.duration(node)
        if duration and not (duration.minutes or duration.days or duration.months):
            self.reader.fault(node, "a promise is for later; write it as calendar 30d")
            return ()
        return (actions.PromiseBy(duration),) if duration else ()

    def _link(self, node: Node) -> tuple[Action, ...]:
        """`link: 17`, `link: own_open`."""
        if isinstance(node, Scalar) and node.text == "own_open":
            return (actions.LinkTo("own_open"),)
        if not isinstance(node, Scalar) or not re.fullmatch(r"#?[1-9][0-9]{0,8}", node.text):
            self.reader.fault(node, f"expected a ticket's number, or own_open, found {kind(node)}")
            return ()
        return (actions.LinkTo(int(node.text.lstrip("#"))),)

    def _mask(self, node: Node) -> tuple[Action, ...]:
        read = partial(self.reader.choice, known=get_args(Sensitive), what="kind of content")
        kinds = self.reader.listed(node, read, single=True)
        return (actions.Mask(kinds),) if kinds else ()

    def _missing(self, node: Node, key: str) -> tuple[Action, ...]:
        self.reader.fault(node, f"{key!r} is missing here")
        return ()


def reply(reader: Reader, node: Node, snippets: Collection[str]) -> actions.Reply | None:
    """`reply: SNIPPET`, `reply: {snippet: SNIPPET, automatic: true}`."""
    if not isinstance(node, Mapping):
        name = snippet(reader, node, snippets)
        return actions.Reply(name) if name else None
    section = reader.section(node, ("snippet", "automatic"), "reply")
    if section is None:
        return None
    name = section.need("snippet", lambda at: snippet(reader, at, snippets), "")
    return actions.Reply(name, section.get("automatic", reader.boolean, False))


def snippet(reader: Reader, node: Node, known: Collection[str]) -> str | None:
    text = reader.text(node)
    if text is not None and text not in known:
        hint = suggest(text, known) or f"; there is no file snippets/LANGUAGE/{text}.j2"
        reader.fault(node, f"unknown snippet {shown(text)}{hint}")
    return text
