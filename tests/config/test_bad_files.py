"""Nothing that can be written into rules.yaml makes a traceback, and every fault names its place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.config.bad_files import CASES, EXTRAS
from tests.config.test_load import WHOLE as WHOLE_FILE
from ticketctl.cli import cli
from ticketctl.config import load
from ticketctl.domain.config import Config
from ticketctl.errors import BadRules

STARTER = Path(__file__).parents[2] / "rules.yaml"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "snippets" / "sv").mkdir(parents=True)
    (tmp_path / "snippets" / "sv" / "mottaget.j2").write_text("Subject: Hej\nHej\n", "utf-8")
    (tmp_path / "data").mkdir(0o700)
    return tmp_path


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_there_are_at_least_a_hundred() -> None:
    assert len({name for name, *_ in CASES}) == len(CASES) >= 100


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        pytest.param(*case, id=name, marks=[pytest.mark.extra(extra) for extra in EXTRAS.get(name, ())])
        for name, *case in CASES
    ],
)
def test_a_bad_file_ends_with_its_line_and_changes_nothing(desk: Path, raw: bytes, place: str, words: str) -> None:
    (desk / "rules.yaml").write_bytes(raw)
    before = content(desk)
    result = CliRunner().invoke(cli, ["--desk", str(desk), "triage"])
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert all(re.match(r"ticketctl: rules\.yaml:[0-9]+:[0-9]+: ", line) for line in lines), result.stderr
    assert any(line.startswith(f"ticketctl: rules.yaml:{place}") and words in line for line in lines), result.stderr
    assert content(desk) == before


def load_or_refuse(path: Path, raw: bytes) -> Config | None:
    path.write_bytes(raw)
    try:
        return load(path)
    except BadRules as error:
        assert error.faults and all(re.match(r"rules\.yaml:[0-9]+:[0-9]+: \S", fault) for fault in error.faults)
        return None


@pytest.fixture(scope="module")
def lair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples; not the base of all tests, where a rules.yaml would make every folder a desk."""
    return tmp_path_factory.mktemp("fuzz")


KEYS = sorted(set(re.findall(r"([a-z_.]+):", WHOLE_FILE)) | {"is", "matches", "sender", "away", "sweep", "tests"})
PIECES = [
    "version: 1\n",
    "desk: ",
    "rules:\n",
    "  - ",
    "{",
    "}",
    "[",
    "]",
    ": ",
    ", ",
    "\n",
    "  ",
    "id: a",
    "when: ",
    "then: ",
    "text",
    "any_word",
    "all",
    "not",
    "machine: false",
    "null",
    "~",
    "'",
    '"',
    "\\",
    "*a",
    "&a ",
    "!!x ",
    "---\n",
    "...\n",
    "? ",
    "- ",
    "|\n",
    ">-\n",
    "#",
    "%YAML 1.2\n",
    "<<: ",
    "\t",
    "å",
    "\u2028",
    "\x85",
    "75%",
    "1h",
    "08:00-17:00",
    "hours: ",
    "sources: ",
    "imap: ",
    "maildir: ",
    "escalation: ",
    "privacy: ",
    "retention: ",
    "created",
    "matches: (",
]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.lists(st.sampled_from(PIECES), max_size=60).map("".join).map(str.encode)))
def test_no_bytes_make_a_traceback(lair: Path, raw: bytes) -> None:
    load_or_refuse(lair / "rules.yaml", raw)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_of_a_good_file_makes_a_traceback(lair: Path, data: st.DataObject) -> None:
    raw = STARTER.read_bytes()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 12))
        new = data.draw(st.one_of(st.binary(max_size=4), st.sampled_from(PIECES).map(str.encode)))
        raw = raw[:start] + new + raw[start + length :]
    load_or_refuse(lair / "rules.yaml", raw)


WORDS = [
    "",
    "a",
    "75%",
    "1h",
    "08:00-17:00",
    "created",
    "none",
    "true",
    "2026-02-30",
    "99999 years",
    "x@y",
    "(",
    "bo",
    "\u0085",
]
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(WORDS), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)),
    max_leaves=6,
)


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The way to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(one for key, child in inner for one in places(child, (*path, key)))]


def replaced(value, path: tuple[object, ...], new: object):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_value_in_the_wrong_place_makes_a_traceback(lair: Path, data: st.DataObject) -> None:
    tree = yaml.load(WHOLE_FILE, yaml.BaseLoader)
    for _ in range(data.draw(st.integers(1, 3))):
        tree = replaced(tree, data.draw(st.sampled_from(places(tree))), data.draw(ANYTHING))
    raw = json.dumps(tree, ensure_ascii=data.draw(st.booleans())).encode("utf-8", "replace")  # JSON is YAML
    load_or_refuse(lair / "rules.yaml", raw)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{", "{[", "a: [", '"', "|\n ", "!!x ", "&a "])
def test_a_quarter_megabyte_of_nesting_is_refused_at_once(desk: Path, opening: str) -> None:
    raw = (opening * (256 * 1024 // len(opening))).encode()
    assert load_or_refuse(desk / "rules.yaml", raw) is None
