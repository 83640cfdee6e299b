"""Where in rules.yaml something stands, for what is told about a file that is right."""

from __future__ import annotations

from ticketctl.config.tree import Faults, Mapping, Node, Sequence, parse


class Places:
    """`at("rules", 3, "then")` → "41:5": the key, or the item of a list; as deep as the file goes."""

    def __init__(self, raw: bytes) -> None:
        self._root = parse(raw, Faults())

    def at(self, *path: str | int) -> str:
        node: Node | None = self._root
        line, column = 1, 1
        for step in path:
            if isinstance(node, Mapping) and isinstance(step, str) and step in node.items:
                line, column = node.keys[step].line, node.keys[step].column
                node = node.items[step]
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                line, column = node.line, node.column
            else:
                break
        return f"{line}:{column}"

    def among(self, path: tuple[str | int, ...], text: str) -> str:
        """Where `text` is listed at that path, else where the list stands."""
        node: Node | None = self._root
        for step in path:
            node = node.items.get(step) if isinstance(node, Mapping) and isinstance(step, str) else None
        items = node.items if isinstance(node, Sequence) else []
        found = next((item for item in items if getattr(item, "text", None) == text), None)
        return f"{found.line}:{found.column}" if found else self.at(*path)
