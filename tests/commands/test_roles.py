"""Who may do what: every command is in the table, a viewer changes nothing, an agent does no admin's work."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from docs.make_reference import NAMED, WITH, role_of
from tests.conftest import RULES, Office
from ticketctl.cli import HELP, cli

# Something that can be typed for each command that needs more than to look.
LINES = {
    "fetch": "fetch maildir:post",
    "send": "send",
    "quarantine release": "quarantine release 3f9a",
    "quarantine drop": "quarantine drop 3f9a",
    "new": "new --subject Hej --requester Åsa --text Hej",
    "triage": "triage",
    "take": "take",
    "assign": "assign 1 bo",
    "handover": "handover bo alice",
    "away": "away bo",
    "reply": "reply 1 --text Hej --queue",
    "note": "note 1 Hej",
    "promise": "promise 1 friday",
    "drafts --drop": "drafts --drop 1",
    "outbox release": "outbox release 1",
    "outbox cancel": "outbox cancel 1",
    "login": "login post",
    "wait": "wait 1 5d",
    "close": "close 1",
    "reopen": "reopen 2",
    "merge": "merge 1 --into 3",
    "unmerge": "unmerge 1",
    "move": "move 1 m1 3",
    "split": "split 1 m1",
    "link": "link 1 3",
    "label": "label 1 +vip",
    "set": "set 1 area=app",
    "priority": "priority 1 high",
    "spam": "spam 1",
    "requester": "requester 1 anna@kund.example",
    "undo": "undo 1",
    "escalate": "escalate",
    "purge": "purge --yes",
    "patterns name": "patterns name P1 Paket",
    "patterns merge": "patterns merge P1 P2",
    "patterns split": "patterns split P1",
    "patterns faq": "patterns faq P1",
    "patterns hide": "patterns hide P1",
    "cron install": "cron install",
    "cron remove": "cron remove",
    "report --email": "report --email",
    "audit show": "audit show",
    "doctor --recover": "doctor --recover --offline",
    "doctor --resume": "doctor --resume --offline",
    "backup": "backup desk.tar",
    "import": "import tickets.jsonl",
    "hold": "hold 1 --reason Tvist",
    "measure start": "measure start Ny",
    "measure stop": "measure stop 1",
    "person link": "person link åsa@kund.example asa@arbete.example",
    "person unlink": "person unlink åsa@kund.example asa@arbete.example",
    "person export": "person export åsa@kund.example",
    "person rectify": "person rectify åsa@kund.example --name Åsa",
    "person restrict": "person restrict åsa@kund.example",
    "person erase": "person erase åsa@kund.example --yes",
    "person note": "person note åsa@kund.example Kvartalsvis",
    "key add": "key add butik --scope read",
    "key revoke": "key revoke butik",
    "webhook resume": "webhook resume lager",
    "webhook test": "webhook test lager",
    "user add": "user add bo",
    "user remove": "user remove bo",
    "privacy breach": "privacy breach",
    "unmask": "unmask 1 --key tickets.jsonl",
}
LOOKS = (
    "board", "inbox", "list", "show 1", "explain 1", "report", "export", "rules check", "rules test", "rules replay",
    "quarantine", "quarantine list", "cron show", "doctor --offline", "completion bash", "send --list",
    "audit verify", "patterns", "patterns list",
    "triage --dry-run", "triage --suggest", "merge --suggest", "escalate --dry-run", "purge --dry-run",
    "fetch --dry-run maildir:post", "outbox", "outbox list", "snippets", "snippets check",
)  # fmt: skip


def leaves(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from leaves(child, f"{path} {name}")


def every() -> dict[str, click.Command]:
    root = click.Context(cli)
    return {path: one for name in HELP for path, one in leaves(cli.get_command(root, name), name)}


@pytest.fixture
def desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.chdir(office.folder)
    for part in ("new", "cur", "tmp"):
        (office.folder / "post" / part).mkdir(parents=True)
    (office.folder / "rules.yaml").write_text(RULES + "report: {to: [alice@exempel.example]}\n", "utf-8")
    (office.folder / "tickets.jsonl").write_text('{"number": 70}\n')
    for number in (1, 2, 3):
        office.make(number, fields={"category": "support"})
    office.run("close", 2, "--cause", "leverans")
    return office


def state(desk: Office) -> bytes:
    return (desk.folder / "data" / "desk.json").read_bytes()


def test_the_reference_names_commands_and_options_that_there_are() -> None:
    commands = every()
    assert set(NAMED) <= set(commands)
    for path, option in WITH:
        assert option in {name for param in commands[path].params for name in param.opts}, (path, option)


def test_every_command_that_needs_more_than_to_look_is_tried_here() -> None:
    needing = {path for path in every() if role_of(path) != "viewer"}
    needing |= {f"{path} {option}" for path, option in WITH if role_of(path, option) != "viewer"}
    assert set(LINES) == needing


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_viewer_changes_nothing(desk: Office, line: str) -> None:
    before = state(desk)
    assert re.search(
        r"vera (is a viewer and changes no tickets|has `role: viewer`)",
        desk.trouble(*line.split(), code=5, user="vera"),
    )
    assert state(desk) == before


def test_a_viewer_is_told_the_role_that_it_takes(desk: Office) -> None:
    english = desk.trouble("take", code=5, user="vera")
    swedish = desk.trouble("--language", "sv", "take", code=5, user="vera")
    assert "; `role: agent` in rules.yaml would" in english and "; `role: agent` i rules.yaml skulle" in swedish


@pytest.mark.parametrize("line", ["purge --yes", "cron install", "audit show", "person export åsa@kund.example"])
def test_a_viewer_is_told_what_needs_an_admin_whether_it_reads_or_changes(desk: Office, line: str) -> None:
    what = " ".join(line.split()[: 1 if line.startswith("purge") else 2])
    english = desk.trouble(*line.split(), code=5, user="vera")
    swedish = desk.trouble("--language", "sv", *line.split(), code=5, user="vera")
    assert f"vera has `role: viewer`, and `{what}` needs `role: admin` in rules.yaml" in english
    assert f"vera har `role: viewer`, och `{what}` kräver `role: admin` i rules.yaml" in swedish


def test_what_is_wrong_is_said_in_the_language_behind_the_command(desk: Office) -> None:
    assert "vera får bara läsa" in desk.trouble("take", "--language", "sv", code=5, user="vera")
    assert "vera får bara läsa" in desk.trouble("outbox", "cancel", "1", "--language", "sv", code=5, user="vera")


@pytest.mark.parametrize("line", ["triage --interactive", "triage --interactive 1"])
def test_a_viewer_is_refused_before_anything_is_asked(desk: Office, line: str) -> None:
    result = desk.run(*line.split(), user="vera", stdin="p\nhigh\n", code=5)
    assert result.stdout == "" and "vera is a viewer" in result.stderr


@pytest.mark.parametrize("line", LOOKS)
def test_a_viewer_looks_at_everything(desk: Office, line: str) -> None:
    before = desk.get(1), desk.get(2), desk.get(3)
    result = desk.run(*line.split(), user="vera")
    assert "viewer" not in result.stderr
    assert (desk.get(1), desk.get(2), desk.get(3)) == before


@pytest.mark.parametrize("line", [line for path, line in LINES.items() if role_of(path) == "admin"])
def test_an_agent_does_no_admins_work(desk: Office, line: str) -> None:
    before = state(desk)
    assert "bo is an agent, and `" in desk.trouble(*line.split(), code=5, user="bo")
    assert state(desk) == before


def test_where_nobody_is_admin_every_agent_is(desk: Office) -> None:
    rules = desk.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace(", role: admin", ""), "utf-8")
    desk.run("purge", user="bo")
    desk.trouble("purge", code=5, user="vera")


def test_cron_may(desk: Office) -> None:
    for line in ("fetch maildir:post", "send -q", "escalate -q", "purge -q", "report --email -q"):
        desk.run(*line.split(), user="system")


def test_mail_that_is_delivered_is_never_bounced_for_a_role(desk: Office) -> None:
    desk.run("fetch", "-", user="vera", stdin="From: a@b.example\nSubject: Hej\n\nHej\n")
    assert desk.get(4).subject == "Hej"
