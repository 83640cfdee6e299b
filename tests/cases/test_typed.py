"""What people type, and what they read: help, commands that have another name, faults of rules.yaml, triage by hand."""

from __future__ import annotations

import pytest

from tests.cases.shop import ASA
from ticketctl.cli import HELP

ACK = """rules:
  - {id: ack, events: [created], when: {machine: false}, then: [{reply: {snippet: mottaget, automatic: true}}]}"""


@pytest.fixture
def shop(open_shop):
    return open_shop().at("2026-11-16T09:00+01:00")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("next", "`take`"), ("snooze", "`wait`"), ("tag", "`label`"), ("done", "`close`"), ("view", "`show`"),
        ("find", "`search`"), ("delete", "`ticketctl purge`"),
        ("erase", "`ticketctl purge`"), ("sök", "`search`"), ("status", "`board`"), ("answer", "`reply`"),
        ("comment", "`note`"), ("repyl", "`reply`"), ("fecth", "`fetch`"), ("History", "--history"),
        ("forget", "`ticketctl person erase ADDRESS`"), ("gdpr", "`person`"), ("log", "`audit`"),
        ("snapshot", "`backup`"),
    ],
)  # fmt: skip
def test_a_command_that_has_another_name_here(shop, typed, told):
    assert told in shop.trouble(typed, code=2)


@pytest.mark.parametrize("typed", ["xyzzy", "frobnicate", "kubectl", "coffee", "tele"])
def test_what_is_not_near_is_not_suggested(shop, typed):
    told = shop.trouble(typed, code=2)
    assert f"no command '{typed}'; `ticketctl help` lists them" in told and "did you mean" not in told


def test_help_is_the_help(shop):
    assert "Look:" in shop.say("help") and "search" in shop.say("help")
    assert shop.say("help", "reply") == shop.say("reply", "--help")
    assert shop.say("help", "outbox", "release") == shop.say("outbox", "release", "--help")
    assert "did you mean `reply`?" in shop.trouble("help", "repyl", code=2)
    assert "no command 'x' of its own" in shop.trouble("help", "reply", "x", code=2)


READS = {
    "show": [1], "search": ["x"], "explain": [1], "new": ["--text", "x"],
    "assign": [1, "bo"], "reply": [1, "--text", "x"], "note": [1, "x"], "watch": [1], "unwatch": [1], "wait": [1, "2d"],
    "promise": [1, "fredag"], "close": [1], "reopen": [1], "merge": [1, "--into", 2], "unmerge": [1],
    "move": [1, "m1", 2], "split": [1, "m1"], "link": [1, 2], "label": [1, "x"], "set": [1, "x=y"],
    "priority": [1, "high"], "spam": [1], "undo": [1], "handover": ["alice", "bo"], "requester": [1, "a@b.example"],
    "unmask": [1, "--key", __file__], "measure": ["list"], "privacy": ["record"], "person": ["show", "a@b.example"],
    "hold": [1], "import": [__file__], "audit": ["show"], "backup": ["x.tar"], "page": [1],
    "key": ["list"], "user": ["list"], "webhook": ["list"],
    "cron": ["show"], "rules": ["check"], "login": ["support"],
}  # fmt: skip


@pytest.mark.parametrize(
    "command", [one for one in HELP if one not in ("completion", "demo", "help", "init", "inspect", "restore")]
)
def test_every_command_tells_what_is_wrong_with_rules_yaml_also_on_an_empty_desk(shop, command):
    with (shop.folder / "rules.yaml").open("a", encoding="utf-8") as file:
        file.write("nonsense: 1\n")
    result = shop.invoke(command, *READS.get(command, []))
    assert result.exit_code == 2 and "rules.yaml:" in result.output and "nonsense" in result.output, result.output


def test_automatic_answers_are_one_line(open_shop):
    shop = open_shop(ACK).at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Sprucken hjälm", "Hej! Den är sprucken.")
    shop.run("send", user="system")
    folded = [line for line in shop.say("show", 1).splitlines() if "Automatic answer" in line]
    after = shop.say("show", 1).partition(folded[0])[2].strip()
    assert folded[0].endswith("…  --full") and "Tack för att du hör av dig" in folded[0] and not after
    assert len(shop.say("show", 1, "--full").splitlines()) > len(shop.say("show", 1).splitlines()) + 3


def test_escalate_says_since_when(open_shop):
    steps = (
        "escalation:\n  - {when: {used: 100%}, then: [{notify: alice}]}\n  - {when: {used: 300%}, then: [{label: x}]}"
    )
    shop = open_shop(steps).at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Order", "Hej")
    shop.at("2026-11-16T14:00+01:00")
    assert "#1 first response overdue since 13:00: notify alice@exempel.example" in shop.cron("escalate", "--dry-run")
    shop.at("2026-11-18T10:00+01:00")
    told = shop.cron("escalate", "--dry-run")
    assert "#1 first response overdue since Mon 13:00: label x" in told and "% used" not in told


def test_triage_by_hand_can_do_all_that_a_first_look_needs(shop):
    for number in range(1, 6):
        shop.mail(f"K{number} <k{number}@kund.example>", f"Fråga {number}", "Hej")
    answers = ["b", "p", "high", "u", "t", "subject='Ny rubrik'", "w", "3 december", "c"]
    answers += ["g", "99", "g", "5", "b", "n", "q"]
    result = shop.run("triage", "-i", stdin="\n".join(answers) + "\n")
    assert (shop.get(1).priority, shop.get(1).subject, shop.get(1).status) == ("medium", "Ny rubrik", "waiting")
    assert "#1 has medium priority again" in result.stdout
    assert shop.get(2).status == "closed" and "(1 of 5)" in result.stdout
    assert "no ticket #99" in result.stderr and shop.get(3).merged_into == 5
    assert result.stdout.count("(3 of 5)") == 2  # back, and on
    assert shop.get(4).status == "new"


def test_the_editor_shows_what_the_customer_asked_last_first(open_shop, tmp_path):
    from tests.commands.test_reply import Terminal

    shop = open_shop(ACK).at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Hjälm", "Den är sprucken.")
    shop.mail(ASA, "Re: Hjälm", "Hallå, vad gör jag?", "m1@kund.example")
    shop.run("note", 1, "Ring henne.", user="bo")
    Terminal(shop, tmp_path, f'cp "$1" {tmp_path}/copy; : > "$1"', "reply", 1).end(5)
    below = (tmp_path / "copy").read_text(encoding="utf-8").partition(">8")[2]
    order = [
        below.index(text) for text in ("Hallå, vad gör jag?", "Ring henne.", "Den är sprucken.", "Automatic answer")
    ]
    assert order[0] == min(order) and order[1] < order[2] and below.count("Hallå") == 1
    assert "Tack för att du hör av dig" not in below
