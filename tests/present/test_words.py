"""What commands say: every table of a verb has the same texts, with the same facts in them, in each language."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

from ticketctl.errors import StoreFailed
from ticketctl.ports.store import Finding
from ticketctl.present import words
from ticketctl.present.words.doctor import detail
from ticketctl.present.words.remarks import remark_line
from ticketctl.usecases.results import Remark

MODULES = [
    importlib.import_module(f"{words.__name__}.{module.name}") for module in pkgutil.iter_modules(words.__path__)
]
TABLES = {module.__name__.rpartition(".")[2]: module.TEXTS for module in MODULES if hasattr(module, "TEXTS")}


def facts(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)[^}]*}", text))


@pytest.mark.parametrize("verb", TABLES)
def test_each_language_says_all_of_it(verb: str) -> None:
    english = TABLES[verb]["en"]
    for language, table in TABLES[verb].items():
        assert set(table) == set(english), f"{language}: a table is complete or absent"
        assert {key: facts(text) for key, text in table.items()} == {key: facts(english[key]) for key in table}


def test_a_language_without_a_table_is_spoken_to_in_english() -> None:
    assert words.say_in("sv", {"en": {"was": "it was {what}"}})("was", what="so") == "it was so"


def test_a_remark_that_tells_an_error_is_in_one_language() -> None:
    error = StoreFailed("{path}: no space left", "nothing was stored", code="no_space_at_all", path="desk.json")
    said = remark_line(Remark("reading_not_noted", 17, {"error": error}), "sv")
    assert said == "not noted in the audit log: desk.json: no space left; nothing was stored"


def test_a_finding_is_in_one_language() -> None:
    theirs = Finding(subject="outgoing", state="error", code="not_looked_at", facts={"why": "the server is down"})
    ours = Finding(subject="outbox", state="ok", code="waiting", facts={"count": 2})
    assert detail(theirs, "sv") == "could not be looked at: the server is down"
    assert detail(ours, "sv") == "2 väntar" and detail(ours, "de") == "2 waiting"
