"""The registry of what can hold a person: nothing that is stored is missing in it."""

from __future__ import annotations

import ast
import importlib
import re
import typing
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

import ticketctl
from tests.conftest import Office
from ticketctl.domain.privacy import registry
from ticketctl.store.tiny import foreign, recovery
from ticketctl.store.tiny.documents import Decoder

SOURCE = Path(ticketctl.__file__).parent
STORED = ("usecases", "store", "domain", "channels/email/oauth")  # where stored JSON is decoded


def modules(*folders: str) -> Iterator[tuple[Any, ast.Module]]:
    for folder in folders:
        for path in sorted((SOURCE / folder).rglob("*.py")):
            name = ".".join(("ticketctl", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
            yield importlib.import_module(name), ast.parse(path.read_text("utf-8"))


def value(written: ast.expr, module: Any) -> Any:
    """What an expression of a module's source is, None where only a run can tell."""
    try:
        return eval(ast.unparse(written), {**vars(typing), **vars(module)})
    except (NameError, AttributeError):
        return None


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(names):
            yield call


def decoded() -> Iterator[Any]:
    """Every type that some line makes of stored JSON."""
    yield from recovery._KINDS.values()  # some are decoded only by the commands that need them
    for module, tree in modules(*STORED):
        yield from (one._kind for one in vars(module).values() if isinstance(one, Decoder))
        for call in calls(tree, "json.decode"):
            yield from (value(one.value, module) for one in call.keywords if one.arg == "type")
        for call in calls(tree, "Decoder"):
            yield from imported_in_functions(tree, ast.unparse(call.args[0]))


def imported_in_functions(tree: ast.AST, name: str) -> Iterator[Any]:
    """A type that is imported only where it is decoded, so that few commands load it."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for one in ast.walk(function):
                if isinstance(one, ast.ImportFrom) and any(alias.name == name for alias in one.names):
                    yield getattr(importlib.import_module(str(one.module)), name)


def structs(kind: Any, found: dict[str, type]) -> dict[str, type]:
    """Those that a value of that type is made of, by module and name."""
    name = f"{getattr(kind, '__module__', '')}.{getattr(kind, '__name__', '')}"
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and name not in found:
        found[name] = kind
        for hint in typing.get_type_hints(kind).values():
            structs(hint, found)
    for inner in typing.get_args(kind):
        structs(inner, found)
    return found


@cache
def stored() -> dict[str, type]:
    found: dict[str, type] = {}
    for kind in decoded():
        structs(kind, found)
    return found


def test_every_field_of_what_is_stored_is_listed() -> None:
    missing = []
    for name, kind in stored().items():
        if kind.__name__ in registry.VIEWS:
            continue
        known = registry.FIELDS.get(registry.entry(kind), None)
        if known is None:
            missing.append(name)
            continue
        fields = [one.name for one in msgspec.structs.fields(kind)]
        missing += [f"{name}.{field}" for field in fields if field not in known]
        missing += [f"{name}.{field} is no more" for field in known if field not in fields]
    assert missing == [], "write them into ticketctl/domain/privacy/registry.py"


def test_what_is_listed_is_stored() -> None:
    names = {registry.entry(kind) for kind in stored().values()}
    assert set(registry.FIELDS) - names == set()


def test_persons_are_never_called_plain() -> None:
    """A field of the type Person is listed as one; a struct as a part."""
    for kind in stored().values():
        known = registry.FIELDS.get(registry.entry(kind), {})
        for field, hint in typing.get_type_hints(kind).items():
            names = {one.__name__ for one in structs(hint, {}).values()}
            if field in known and names:
                assert known[field] == ("person" if names == {"Person"} else "part"), f"{kind.__name__}.{field}"


def tables() -> set[str]:
    """The tables that the desk file has: the first argument of each call that reads or writes one."""
    found = set()
    for module, tree in modules("store/tiny"):
        for call in calls(tree, "self._put", "self._drop", "self._rows", "self._all", "self._one"):
            found.add(value(call.args[0], module))
    return found - {None}


def test_every_collection_is_listed() -> None:
    assert tables() == set(registry.COLLECTIONS)


def fact_keys() -> Iterator[tuple[str, str]]:
    """The first word of each fact that is remembered, and where."""
    for module, tree in modules("usecases"):
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            local = {
                ast.unparse(one.targets[0]): one.value for one in ast.walk(function) if isinstance(one, ast.Assign)
            }
            for call in calls(function, "desk.remember"):
                yield module.__name__, beginning(local.get(ast.unparse(call.args[0]), call.args[0]), module)


def beginning(key: ast.expr, module: Any) -> str:
    """The constant words that a key begins with; "" where it is one that was found by its prefix."""
    if isinstance(key, ast.JoinedStr):
        return beginning(key.values[0], module)
    if isinstance(key, ast.FormattedValue):
        return beginning(key.value, module)
    if isinstance(key, ast.BinOp):
        return beginning(key.left, module)
    return str(value(key, module) or "")


def test_every_fact_is_listed() -> None:
    found = {key.split(" ")[0] for _, key in fact_keys() if key}
    assert found - set(registry.FACTS) == set()
    assert len(found) > 8


def alternatives(pattern: str) -> Iterator[str]:
    """ "a|(b|c)d" → "a", "(b|c)d"."""
    depth, start = 0, 0
    for at, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]


def test_every_kind_of_file_is_listed() -> None:
    """What doctor takes for the desk's own in data/, the registry knows."""
    known = {one.replace(re.escape("-"), "-") for pattern in registry.FILES for one in alternatives(pattern)}
    tops = {one.partition("/")[0].partition("(")[0] for one in known} | known
    ours = {one.replace(re.escape("-"), "-") for one in alternatives(foreign._OURS.pattern)}
    renamed = {r"desk\.json(\.bak)?": r"desk\.json", r"\.?[\w-]+\.lock": r"(\.?[\w-]+)\.lock",
               r"\..+\.\d+\.tmp": r"(.+/)?\..+\.\d+\.tmp"}  # fmt: skip
    assert {renamed.get(one, one) for one in ours} - tops == set()


def test_every_file_of_a_desk_at_work_is_listed(office: Office) -> None:
    office.make()
    office.run("note", 1, "--text", "Ringde kunden.")
    office.run("reply", 1, "--text", "Den kommer i morgon.", "--no-check")
    office.run("close", 1, "--cause", "leverans", "--set", "category=support")
    office.now += timedelta(days=60)
    office.run("purge", "--clock-is-right", user="system")
    data = office.folder / "data"
    found = [str(path.relative_to(data)) for path in data.rglob("*") if path.is_file()]
    assert [one for one in found if not any(re.fullmatch(known, one) for known in registry.FILES)] == []
    assert any(one.startswith("archive/") for one in found)


@pytest.mark.parametrize("kind", [*registry.KINDS])
def test_every_kind_says_what_is_done_with_it(kind: registry.Kind) -> None:
    treatment = registry.KINDS[kind]
    assert all((treatment.holds, treatment.show, treatment.erase, treatment.rectify))
