"""Every error that is raised below the shell: a constant sentence, a code that no other sentence has, the facts that
the sentence needs; and what other languages say of it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple, TypeGuard

import pytest

from tests.test_ratchets import FRONT, HOUSE, modules, room
from ticketctl.errors import Meant, NextStep, Reasons, Refused, Usage
from ticketctl.present.words import errors as words

# They have no sentence of their own: faults with their places, objections, what another error says.
WITHOUT = {"BadImport", "BadRules", "Objected"}  # they say what others found
OWN = {"NotFilledIn", "Repeated"}  # the class has its one sentence and code in its constructor
NOT_FACTS = {"code", "next_step", "permanent", "uncertain", "everything", "wait", "outcome"}


class Raised(NamedTuple):
    where: str
    kind: str
    sentence: str | None
    code: str | None
    facts: frozenset[str]


def kinds(trees: dict[Path, ast.Module]) -> set[tuple[str, str]]:
    """The module and name of all classes of errors, private ones too."""
    found = {("ticketctl.errors", "TicketctlError")}
    while True:
        names = {name for _, name in found}
        more = {
            (module_of(path), node.name)
            for path, tree in trees.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and any(isinstance(base, ast.Name) and base.id in names for base in node.bases)
        }
        if more <= found:
            return {(module, name) for module, name in found if name not in WITHOUT}
        found |= more


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(HOUSE.parent).with_suffix("").parts)


def constants(function: ast.AST) -> list[tuple[int, str, str]]:
    """The texts that a function gives a name: line, name, text."""
    return sorted(
        (node.lineno, target.id, node.value.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    )


def raised() -> Iterator[Raised]:
    trees = {path: ast.parse(source) for path, source in modules()}
    errors = kinds(trees)
    for path, tree in trees.items():
        if room(path) in FRONT:
            continue
        known = {name for module, name in errors if module == module_of(path)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                known |= {alias.asname or alias.name for alias in node.names if (node.module, alias.name) in errors}
        for made in ast.walk(tree):
            if isinstance(made, ast.ClassDef) and made.name in OWN:
                (call,) = [node for node in ast.walk(made) if is_super_init(node)]
                yield _one(path, call, [], made.name)
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known - OWN:
                        yield _one(path, node, constants(function))


def is_super_init(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__"


def _one(path: Path, node: ast.Call, named: list[tuple[int, str, str]], kind: str = "") -> Raised:
    kind = kind or ast.unparse(node.func)
    first = node.args[0] if node.args else None
    sentence = first.value if isinstance(first, ast.Constant) else None
    if isinstance(first, ast.Name):
        before = [text for line, name, text in named if name == first.id and line < node.lineno]
        sentence = before[-1] if before else None
    keywords = {one.arg: one.value for one in node.keywords}
    code = keywords.get("code")
    return Raised(
        f"{path.relative_to(HOUSE)}:{node.lineno}",
        kind,
        sentence if isinstance(sentence, str) else None,
        str(code.value) if isinstance(code, ast.Constant) else None,
        frozenset(str(name) for name in keywords) - NOT_FACTS,
    )


RAISED = tuple(dict.fromkeys(raised()))


def placeholders(text: str) -> set[str]:
    return {name.partition(".")[0] for _, name, _, _ in Formatter().parse(text) if name}


def test_each_has_a_constant_sentence_and_a_code() -> None:
    assert len(RAISED) > 150
    assert [one for one in RAISED if one.sentence is None or one.code is None] == []


def test_each_is_given_the_facts_of_its_sentence() -> None:
    """A sentence without facts is not filled in, and may have braces of its own."""
    lacking = [one for one in RAISED if one.facts and one.sentence and placeholders(one.sentence) != one.facts]
    assert lacking == []


def test_a_code_has_one_sentence() -> None:
    sentences = defaultdict(set)
    for one in RAISED:
        sentences[one.code].add(one.sentence)
    assert {code: found for code, found in sentences.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", words.SENTENCES)
def test_a_language_says_what_there_is_of_the_same_facts(language: str) -> None:
    facts = {one.code: one.facts for one in RAISED}
    for code, sentence in words.SENTENCES[language].items():
        assert code in facts or code in words.OF_THE_FRONT, f"no error has the code {code}"
        if facts.get(code):
            assert placeholders(sentence) <= facts[code], code


def test_a_sentence_and_its_step_are_in_one_language() -> None:
    closed = Refused("#{number} is closed", code="closed", number=17, next_step=NextStep("reopen", 17, then="first"))
    assert words.error_line(closed) == "#17 is closed; `ticketctl reopen 17` first"
    assert words.error_line(closed, "sv") == "#17 är stängt; `ticketctl reopen 17` först"
    strange = Refused("#{number} is closed", code="closed", number=17, next_step=NextStep("reopen", 17, then="oddly"))
    assert words.error_line(strange, "sv") == "#17 is closed; `ticketctl reopen 17` oddly"
    told = Usage("{field}: {reason}", code="in_field", field="later", reason=strange)
    assert words.error_line(told, "sv") == "--later: #17 is closed; `ticketctl reopen 17` oddly"


def test_facts_may_be_names_and_errors() -> None:
    close = Meant("bo", ("bo", "alice"))
    unknown = Usage("no agent {name!r} in team: of rules.yaml{meant}", code="no_agent", name="boo", meant=close)
    assert words.error_line(unknown) == "no agent 'boo' in team: of rules.yaml; did you mean 'bo'?"
    assert words.error_line(unknown, "sv") == "'boo' finns inte i team: i rules.yaml; menade du 'bo'?"
    both = Refused("{reasons}", code="all_stays", reasons=Reasons((unknown, unknown)))
    assert words.error_line(both) == f"{words.error_line(unknown)}; {words.error_line(unknown)}"
    assert str(Refused.because(unknown)) == str(unknown)
