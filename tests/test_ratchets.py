"""The shape of the house may only get better: counts of what we want less of, held against setup.cfg, [ratchets].

A count above its number fails. A count below it fails too, and says which number to write: so the number falls.
`python -m tests.test_ratchets` prints the counts.
"""

from __future__ import annotations

import ast
import configparser
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

HOUSE = ROOT / "ticketctl"
FRONT = ("cli.py", "commands", "terminal", "demo", "web")  # rooms that may name commands and options


def setup_cfg() -> configparser.ConfigParser:
    found = configparser.ConfigParser()
    found.read(ROOT / "setup.cfg", encoding="utf-8")
    return found


@cache
def modules() -> list[tuple[Path, str]]:
    return [(path, path.read_text(encoding="utf-8")) for path in sorted(HOUSE.rglob("*.py"))]


@cache
def tree(source: str) -> list[ast.AST]:
    """All nodes of a module."""
    return list(ast.walk(ast.parse(source)))


def functions() -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for _, source in modules():
        for node in tree(source):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def ignored_imports() -> int:
    """Imports that break a contract and are excused by name."""
    config = setup_cfg()
    contracts = [name for name in config.sections() if name.startswith("importlinter:contract:")]
    return sum(config.get(name, "ignore_imports", fallback="").count("->") for name in contracts)


def functions_with_eight_parameters() -> int:
    """Commands are left out: click gives each option a parameter."""

    def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        given = node.args
        return len(
            [one for one in (*given.posonlyargs, *given.args, *given.kwonlyargs) if one.arg not in ("self", "cls")]
        )

    return sum(parameters(node) >= 8 for node in functions() if node.name != "command")


def functions_over_forty_lines() -> int:
    """Of a command its body counts: click gives each option a parameter, and the docstring is its help."""

    def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        first = node.body[1] if node.name == "command" and len(node.body) > 1 else node
        return (node.end_lineno or 0) - first.lineno + 1

    return sum(lines(node) > 40 for node in functions())


def tiny_modules_with_one_importer() -> int:
    """Modules of at most 35 lines that one other module imports: they belong into it. commands/, present/words/,
    usecases/tickets/ and usecases/views/ are left out: they have one module a verb; so is phrases/, which has one a
    language."""
    importers: Counter[str] = Counter()
    for _, source in modules():
        names = set()
        for node in tree(source):
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        importers.update(names)

    def name(path: Path) -> str:
        return ".".join(path.relative_to(ROOT).with_suffix("").parts)

    return sum(
        source.count("\n") <= 35 and importers[name(path)] == 1
        for path, source in modules()
        if path.name != "__init__.py" and path.parent.name not in ("commands", "words", "tickets", "views", "phrases")
    )


def sentences_that_name_the_shell() -> int:
    """Strings below the front rooms that name a command or an option, beside present/words, which holds what commands
    say; docstrings are for programmers."""
    return len(list(texts_that_name_the_shell()))


def texts_that_name_the_shell() -> Iterator[tuple[str, int, str]]:
    """File, line and text of each."""
    options = set(
        re.findall(r'"(--[a-z][a-z-]+)', "".join(source for path, source in modules() if room(path) in FRONT))
    )
    for path, source in modules():
        if room(path) in FRONT or path.parent == HOUSE / "present" / "words":
            continue
        for line, text in texts(source):
            named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) & options
            if named or (" " in text.strip() and re.search(r"(?i)\bticketctl\b", text)):
                yield str(path.relative_to(HOUSE)), line, text


def room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0]


def texts(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def modules_in_the_fullest_folder() -> int:
    """What has one module a verb is left out (commands/, present/words/, usecases/tickets/), or one a language."""
    folders = Counter(path.parent for path, _ in modules() if path.name != "__init__.py")
    return max(
        count for folder, count in folders.items() if folder.name not in ("commands", "words", "tickets", "phrases")
    )


def modules_over_five_hundred_lines() -> int:
    return sum(source.count("\n") > 500 for _, source in modules())


def commands_over_their_lines() -> int:
    """A command parses and prints: 80 lines, and 150 for the three with the most options. options.py holds options."""
    allowed = {"reply.py": 150, "fetch.py": 150, "list_.py": 150, "options.py": 500}
    return sum(
        source.count("\n") > allowed.get(path.name, 80)
        for path, source in modules()
        if path.parent == HOUSE / "commands"
    )


RATCHETS: list[Callable[[], int]] = [
    ignored_imports,
    functions_with_eight_parameters,
    functions_over_forty_lines,
    tiny_modules_with_one_importer,
    sentences_that_name_the_shell,
    modules_in_the_fullest_folder,
    modules_over_five_hundred_lines,
    commands_over_their_lines,
]


def test_ratchets() -> None:
    """All in one, which reads the house once."""
    allowed = {count.__name__: setup_cfg().getint("ratchets", count.__name__) for count in RATCHETS}
    found = {count.__name__: count() for count in RATCHETS}
    assert [
        f"{name}: {found[name]}, setup.cfg allows {allowed[name]}" for name in found if found[name] > allowed[name]
    ] == []
    assert found == allowed, "better than before: write what was found into [ratchets] of setup.cfg"


if __name__ == "__main__":
    for count in RATCHETS:
        print(f"{count.__name__} = {count()}")
    for found in texts_that_name_the_shell():
        print(*found)
