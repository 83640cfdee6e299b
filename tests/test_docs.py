"""The documentation for users: links that lead somewhere, examples that are accepted, commands that exist."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.conftest import ROOT
from tests.test_ratchets import setup_cfg
from ticketctl.cli import cli
from ticketctl.config import load
from ticketctl.config.build import KEYS
from ticketctl.config.reading import NOT_YET

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
# reference.md: test_reference.py has that
READ = [page for page in PAGES if page.name not in ("CONTRIBUTING.md", "architecture.md", "reference.md")]
NAMES = [page.name for page in READ]

# What a section may refer to; a block's own sections stand in place of these.
MINIMAL = {
    "version": "version: 1",
    "desk": "desk: {name: Exempel AB, timezone: Europe/Stockholm}",
    "team": "team: [{name: alice, email: alice@example.se}, {name: bo, email: bo@example.se}]",
    "fields": "fields: {category: {values: [faktura, support, sälj]}}",
    "labels": "labels: [drift, vip, reklamation]",
    "causes": "causes: [leverans, betalning]",
    "targets": "targets: {high: {first_response: 1h}}",
}


def blocks(page: Path) -> Iterator[tuple[int, str, str]]:
    """(line, language, text) of each fenced block."""
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"^```([a-z]*)\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, found.start()) + 1, found[1], found[2]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


# --- links ---


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", prose(page)):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        other = page.parent / name if name else page
        assert other.is_file(), target
        assert not anchor or anchor in anchors(other), target


def test_the_readme_names_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if page.parent.name == "docs" and f"(docs/{page.name})" not in readme] == []


# --- rules.yaml ---


def test_what_is_not_carried_out_yet_is_listed() -> None:
    table = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").partition("## What this version does not")[2]
    assert [key for keys in NOT_YET.values() for key in keys if f"`{key}`" not in table] == []


def test_what_is_listed_as_not_carried_out_is_refused() -> None:
    table = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").partition("## What this version does not")[2]
    listed = {key for row in re.findall(r"^\|[^|]*\|([^|]*)\|", table, re.M) for key in re.findall(r"`(\w+)`", row)}
    assert listed == {key for keys in NOT_YET.values() for key in keys}


YAML = [
    pytest.param(text, id=f"{page.name}:{line}")
    for page in READ
    for line, language, text in blocks(page)
    if language == "yaml"
]


@pytest.mark.parametrize("text", YAML)
def test_every_example_of_rules_yaml_is_accepted(text: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "snippets", tmp_path / "snippets")
    given = set(re.findall(r"^(\w+):", text, re.M))
    assert given <= set(KEYS), "a whole section of rules.yaml"
    rest = [section for name, section in MINIMAL.items() if name not in given]
    (tmp_path / "rules.yaml").write_text("\n".join([*rest, text]), encoding="utf-8")
    load(tmp_path / "rules.yaml")  # raises BadRules with what is wrong


# --- commands ---


def found(words: list[str]) -> tuple[click.Context, click.Command, list[str]]:
    """The command that words mean, and its own arguments."""
    ctx, command, rest = click.Context(cli, info_name="ticketctl"), click.Command("none"), list(words)
    while rest and rest[0].startswith("-"):
        rest = rest[2 if rest[0] in ("--desk", "--as") else 1 :]
    command = cli
    while isinstance(command, click.Group) and rest:
        inner = command.get_command(ctx, rest[0])
        if inner is None:
            break
        command, ctx = inner, click.Context(inner, info_name=rest.pop(0), parent=ctx)
    return ctx, command, rest


def typed(page: Path) -> Iterator[str]:
    """The command lines of fenced blocks: those after a prompt where there is one, else those that begin so."""
    for _, language, text in blocks(page):
        for line in text.replace("\\\n", " ").splitlines():
            command = re.search(r"(?:^|[|&;] )(?:\w+=\S+ )*(ticketctl .*)$", line.removeprefix("$ "))
            if command and (language == "sh" or line.startswith("$ ")):
                yield re.split(r" +(?:[|<>]|&&|#) ", command[1])[0]


@pytest.mark.parametrize("page", READ, ids=NAMES)
def test_every_command_line_can_be_typed(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for line in typed(page):
        monkeypatch.setattr(sys, "stdin", io.StringIO("17"))
        ctx, command, arguments = found(shlex.split(line)[1:])
        assert command is not cli or not arguments, line
        if arguments != ["--help"]:
            command.parse_args(ctx, arguments)  # raises UsageError where it is not


@pytest.mark.parametrize("page", READ, ids=NAMES)
def test_every_command_and_option_that_is_named_exists(page: Path) -> None:
    globally = {option for param in cli.params for option in param.opts} | {"--help"}
    for line in re.findall(r"`ticketctl ([a-z-][^`]*)`", prose(page)):
        words = line.split()
        ctx, command, rest = found(words)
        assert command is not cli or not rest, line
        own = {option for param in command.get_params(ctx) for option in (*param.opts, *param.secondary_opts)}
        assert [word for word in rest if word.startswith("--") and word not in own | globally] == [], line


@pytest.mark.parametrize("page", READ, ids=NAMES)
def test_every_test_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`(tests/[\w/.-]+)`", prose(page))
    assert [name for name in named if not (ROOT / name).exists()] == []


NAMED = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "CONTRIBUTING.md", ROOT / "docs/architecture.md"))


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"(?:`|\btests/)([a-z0-9_/]+(?:\.py|/(?=`)))", NAMED)) - {"web/"})
)
def test_files_and_folders_that_pages_for_developers_name_are_there(name: str) -> None:
    assert [path for at in ("ticketctl", "tests", ".") if (path := ROOT / at / name).exists()], name


# --- what each room may import ---


def layers(contract: str) -> list[list[str]]:
    """Its rooms, from the top."""
    lines = setup_cfg().get(f"importlinter:contract:{contract}", "layers").split("\n")
    return [re.findall(r"(?:ticketctl\.)?(\w+)", line) for line in lines if line.strip()]


def importable() -> dict[str, set[str]]:
    """What each room may import by the contracts of setup.cfg."""
    forbidden = {"store", "channels", "config"}  # by the contract `front`, for what lies above the use cases
    found = {}
    for contract, inside in (("layers", ""), ("domain", "domain/")):
        rooms = layers(contract)
        for place, names in enumerate(rooms):
            below = {room for lower in rooms[place + 1 :] for room in lower} | {"errors"}
            above = not inside and any("usecases" in lower for lower in rooms[place + 1 :])
            found |= {inside + name: below - (forbidden if above else set()) for name in names}
    return found


MAY_IMPORT = importable()
ROOMS = [name for name in MAY_IMPORT if (ROOT / "ticketctl" / name / "__init__.py").exists()]


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_says_what_it_holds_and_may_import(room: str) -> None:
    text = " ".join((ROOT / "ticketctl" / room / "__init__.py").read_text(encoding="utf-8").split())
    said = re.match(r'"""[^.]+(?:\.yaml[^.]+)?; may import ([a-z, ]+)\.', text)
    assert said, "its first sentence ends with “; may import …”"
    assert set(said[1].split(", ")) == MAY_IMPORT[room]


def test_each_folder_within_a_room_says_so_too() -> None:
    folders = sorted((ROOT / "ticketctl").glob("*/**/*/__init__.py"))
    assert [str(path) for path in folders if "; may import " not in " ".join(path.read_text("utf-8").split())] == []


def test_the_architecture_page_says_the_same() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for rooms, told in re.findall(r"^\| (`[^|]*/`) \| ([^|]*) \|", page.partition("## Where")[0], re.M):
        for room in re.findall(r"`(\w+)/`", rooms):
            assert set(re.findall(r"\w+", told.replace(" (results only)", ""))) == MAY_IMPORT[room], room
