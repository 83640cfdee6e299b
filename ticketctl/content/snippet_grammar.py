"""What a snippet may contain: values, `if`, `for` over a list, a few filters and tests. Everything else is refused by
name and line before anything runs."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes

from ticketctl.errors import BadSnippet

LARGEST_FILE = 64 * 1024
DEEPEST_LOOP = 2
DEEPEST = 40  # nodes; Python itself compiles no more than 100 levels of indentation
FILTERS = frozenset(
    {
        "capitalize",
        "count",
        "d",
        "default",
        "first",
        "join",
        "last",
        "length",
        "lower",
        "sort",
        "title",
        "trim",
        "upper",
    }
)
TESTS = frozenset({"defined", "undefined", "none", "in", "eq", "ne", "equalto", "string"})

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.If,
    nodes.For,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Include,
    nodes.Concat,
    nodes.List,
    nodes.Tuple,
    nodes.Keyword,
)


def read(path: Path) -> str:
    """The file's text; raises BadSnippet where it is missing, too large or not UTF-8."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123 - no waiting
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # a pipe has no end
                raise BadSnippet("{path}: is not a plain file; move it away", code="snippet_not_a_file", path=path)
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise BadSnippet(
            "{path}: cannot be read: {reason}", code="snippet_unreadable", path=path, reason=error.strerror
        ) from None
    if len(raw) > LARGEST_FILE:
        raise BadSnippet(
            "{path}: larger than {limit} KB", code="snippet_too_large", path=path, limit=LARGEST_FILE // 1024
        )
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadSnippet(
            "{path}:{line}: not UTF-8; save the file as UTF-8", code="snippet_not_utf8", path=path, line=line
        ) from None


def check(
    environment: jinja2.Environment,
    path: Path,
    source: str,
    lines_before: int,
    context: Mapping[str, Any],
) -> None:
    """Raises BadSnippet for the first thing in `source` that a snippet may not contain, also in branches that would not
    be rendered, names that are not in `context` among them. A partial includes nothing."""
    try:
        tree = environment.parse(source)
        _walk(tree, 0, 0, partial=path.stem.startswith("_"))
        for node in tree.find_all(nodes.Getattr):
            _value(node, context)
        _known_names(tree, context)
        _loops_over_lists(tree, context)
    except jinja2.TemplateSyntaxError as error:
        raise BadSnippet(
            "{path}:{line}: {reason}",
            code="snippet_fault",
            path=path,
            line=error.lineno + lines_before,
            reason=error.message,
        ) from None
    except RecursionError:
        raise BadSnippet("{path}: nested too deeply", code="snippet_nested_too_deeply", path=path) from None


def names(environment: jinja2.Environment, source: str) -> tuple[set[str], set[str]]:
    """Which values a template uses, such as "ticket.fields.area", and which partials it includes."""
    tree = environment.parse(source)
    inner = {id(node.node) for node in tree.find_all(nodes.Getattr)}
    whole = [node for node in tree.find_all((nodes.Getattr, nodes.Name)) if id(node) not in inner]
    bound = _bound(tree)
    values = {".".join(path) for path in map(_path, whole) if path and path[0] not in bound}
    included = (node.template for node in tree.find_all(nodes.Include))
    return values, {str(one.value) for one in included if isinstance(one, nodes.Const)}


def _walk(node: nodes.Node, depth: int, loops: int, *, partial: bool) -> None:
    if depth > DEEPEST:
        raise RecursionError
    loops += isinstance(node, nodes.For)
    if reason := _reason(node, loops, partial):
        raise jinja2.TemplateSyntaxError(reason, getattr(node, "lineno", None) or 1)
    for child in node.iter_child_nodes():
        _walk(child, depth + 1, loops, partial=partial)


def _reason(node: nodes.Node, loops: int, partial: bool) -> str:
    """Why `node` is refused, "" where it may stand."""
    if not isinstance(node, _ALLOWED):
        return f"{type(node).__name__.lower()} is more than a snippet may do; it puts in values, with if and for"
    if isinstance(node, nodes.For) and (loops > DEEPEST_LOOP or node.recursive):
        return f"loops may be at most {DEEPEST_LOOP} deep and not recursive"
    if isinstance(node, nodes.Include) and (partial or not isinstance(node.template, nodes.Const)):
        return 'only a snippet includes, and only a partial by its name: {% include "_name.j2" %}'
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return f"unknown filter {node.name!r}{_suggest(node.name, FILTERS)}"
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        return f"unknown test {node.name!r}{_suggest(node.name, TESTS)}"
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        return f"{node.attr!r} is not a value"
    return ""


def _value(node: nodes.Node, context: Mapping[str, Any]) -> Any:
    """What `ticket.fields.area` stands for, None for what is no such path. `requester.nmae` is a fault even where an
    `if` would skip it."""
    first, *rest = _path(node) or [""]
    if first not in context:
        return None
    value: Any = context[first]
    dotted = first
    for name in rest:
        if not isinstance(value, Mapping) or name not in value:
            known = [f"{dotted}.{one}" for one in value] if isinstance(value, Mapping) else []
            raise jinja2.TemplateSyntaxError(
                f"unknown value {dotted}.{name}{_suggest(f'{dotted}.{name}', known)}", node.lineno
            )
        value, dotted = value[name], f"{dotted}.{name}"
    return value


def _path(node: nodes.Node) -> list[str]:
    """["ticket", "fields", "area"], or nothing for what is no such path."""
    names: list[str] = []
    while isinstance(node, nodes.Getattr):
        names.insert(0, node.attr)
        node = node.node
    return [node.name, *names] if isinstance(node, nodes.Name) else []


def _loops_over_lists(tree: nodes.Template, context: Mapping[str, Any]) -> None:
    """Not over the letters of a text: lists are short, so that no loop can run long."""
    for node in tree.find_all(nodes.For):
        if not isinstance(_value(node.iter, context), list | Mapping):
            raise jinja2.TemplateSyntaxError("a loop runs over a list, such as ticket.labels", node.lineno)


def _known_names(tree: nodes.Template, context: Mapping[str, Any]) -> None:
    bound = _bound(tree)
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in context and node.name not in bound:
            hint = _suggest(node.name, context)
            raise jinja2.TemplateSyntaxError(f"unknown value {node.name}{hint}", node.lineno)


def _bound(tree: nodes.Template) -> set[str]:
    """The names that loops give."""
    return {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"} | {"loop"}


def _suggest(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, sorted(known), n=1)
    return f" (did you mean {near[0]}?)" if near else f"; known: {', '.join(sorted(known))}"
