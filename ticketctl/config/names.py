"""What rules.yaml declares, for its rules to refer to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ticketctl.config import people
from ticketctl.config.reading import Reader, shown
from ticketctl.config.tree import Node
from ticketctl.domain.rules import match as comparing
from ticketctl.domain.settings.settings import Agent, FieldSpec


@dataclass(frozen=True)
class Names:
    """What the rest of the file declares, for rules to refer to."""

    team: tuple[Agent, ...]
    fields: dict[str, FieldSpec]
    labels: tuple[str, ...]
    causes: tuple[str, ...]
    snippets: frozenset[str]


def snippets(folder: Path) -> frozenset[str]:
    """The names of the snippets beside rules.yaml, partials left out: a reply names one of them."""
    found = folder.glob("snippets/*/*.j2")
    return frozenset(path.stem for path in found if not path.stem.startswith("_"))


def field_value(reader: Reader, spec: FieldSpec, node: Node) -> str | None:
    """A value that the field takes."""
    if spec.values:
        return reader.choice(node, spec.values, f"value of {spec.name}")
    text = reader.text(node)
    if text is not None and spec.pattern and not comparing.pattern(spec.pattern, any_case=False).fullmatch(text):
        reader.fault(node, f"{shown(text)} does not match the pattern of {spec.name}, {shown(spec.pattern)}")
        return None
    return text


def label(reader: Reader, node: Node, names: Names) -> str | None:
    """A declared label; where the file declares none, any word is one."""
    return reader.choice(node, names.labels, "label") if names.labels else people.label(reader, node)


def label_list(reader: Reader, node: Node, names: Names) -> tuple[str, ...]:
    return reader.listed(node, lambda at: label(reader, at, names), single=True)
