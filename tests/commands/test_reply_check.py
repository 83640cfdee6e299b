"""The reply check as whoever answers meets it: told on a terminal, refused where that was asked for, silent in cron."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.test_reply import Terminal, sent, typed
from tests.conftest import Office
from ticketctl.domain.ticket.message import Person

UNFILLED = "Hej Åsa! Du får svar [Skriv här: när]."
VAGUE = "Hej Åsa! Vi tittar på det och återkommer så snart vi kan."


def drafts(office: Office, number: int = 17) -> list[str]:
    return [one.text for one in office.get(number).messages if one.delivery == "draft"]


def with_check(office: Office, manner: str) -> None:
    path = office.folder / "rules.yaml"
    path.write_text(path.read_text("utf-8").replace("outgoing: {", f"outgoing: {{check: {manner}, "), "utf-8")


@pytest.mark.parametrize("go_on", [True, False])
def test_a_warning_on_a_terminal_asks_and_a_no_keeps_the_text(office: Office, tmp_path: Path, go_on: bool) -> None:
    office.make(17)
    terminal = Terminal(office, tmp_path, typed(UNFILLED), "reply", 17)
    terminal.answer("Send it all the same? [y]es, [e]dit, [N]o", "y" if go_on else "")
    told = terminal.end(0 if go_on else 5)
    assert "warning: line 1: not filled in: [Skriv här: när]" in told
    assert len(sent(office)) == go_on
    assert drafts(office) == ([] if go_on else [UNFILLED])
    assert ("kept as a draft on #17; `ticketctl reply 17` goes on with it" in told.replace("\r\n", " ")) is not go_on


def test_at_a_warning_the_writer_can_go_on_writing(office: Office, tmp_path: Path) -> None:
    office.make(17)
    filled = "sed -i 's/.Skriv här: när./i morgon/' \"$1\""
    script = f'if grep -q Skriv "$1"; then {filled}; else {typed(UNFILLED)}; fi'
    terminal = Terminal(office, tmp_path, script, "reply", 17)
    terminal.answer("Send it all the same?", "e")
    terminal.answer("promise:", "n")
    assert "reply sent" in terminal.end()
    assert [mail.get_content() for mail in sent(office)] == ["Hej Åsa! Du får svar i morgon.\n"]
    assert drafts(office) == [] and not list((office.folder / "data" / "drafts").iterdir())


def test_an_empty_second_text_sends_nothing_and_loses_nothing(office: Office, tmp_path: Path) -> None:
    office.make(17)
    script = f'if grep -q Skriv "$1"; then : > "$1"; else {typed(UNFILLED)}; fi'
    terminal = Terminal(office, tmp_path, script, "reply", 17)
    terminal.answer("Send it all the same?", "e")
    terminal.end(5)
    assert sent(office) == [] and drafts(office) == [UNFILLED]


def test_a_hint_on_a_terminal_is_told_and_stops_nothing(office: Office, tmp_path: Path) -> None:
    office.make(17)
    told = Terminal(office, tmp_path, typed(VAGUE), "reply", 17).end()
    assert "hint: it promises to go on, but not when" in told and "reply sent" in told
    assert told.index("hint:") < told.index("reply sent")


def test_a_good_reply_on_a_terminal_is_not_remarked_on(office: Office, tmp_path: Path) -> None:
    office.make(17)
    told = Terminal(office, tmp_path, typed("Hej Åsa! Den är skickad i dag."), "reply", 17).end()
    assert "hint" not in told and "warning" not in told


def test_without_a_terminal_nothing_is_asked_and_no_hole_leaves(office: Office) -> None:
    office.make(17)
    result = office.run("reply", 17, "--text", VAGUE)
    assert "reply sent" in result.stdout and result.stderr == ""
    told = office.trouble("reply", 17, "--text", UNFILLED, code=5)
    assert "#17: line 1: not filled in: [Skriv här: när]" in told
    assert "your text is kept as a draft on #17" in told
    assert len(sent(office)) == 1


def test_strict_refuses_with_exit_code_5_and_keeps_the_text(office: Office) -> None:
    office.make(17)
    for text in (UNFILLED, VAGUE):
        told = office.trouble("reply", 17, "--strict", "--text", text, code=5)
        assert "replies are checked strictly; `--no-check` sends it as it is" in told
        assert "your text is kept as a draft on #17" in told
        assert drafts(office)[-1] == text
    assert sent(office) == []
    office.run("reply", 17, "--strict", "--text", "Hej Åsa! Den är skickad i dag.")
    assert len(sent(office)) == 1


def test_a_desk_can_be_strict_or_without_any_check(office: Office, tmp_path: Path) -> None:
    office.make(17)
    with_check(office, "strict")
    assert "line 1: not filled in" in office.trouble("reply", 17, "--text", UNFILLED, code=5)
    office.run("reply", 17, "--text", UNFILLED, "--no-check")
    assert len(sent(office)) == 1
    path = office.folder / "rules.yaml"
    path.write_text(path.read_text("utf-8").replace("check: strict", "check: off"), "utf-8")
    office.make(18)
    assert "warning" not in Terminal(office, tmp_path, typed(UNFILLED), "reply", 18).end()
    assert "not filled in" in office.trouble("reply", 18, "--strict", "--text", UNFILLED, code=5)  # asked for here


def test_a_desk_that_says_something_else_is_told_its_line(office: Office) -> None:
    with_check(office, "strickt")
    assert "rules.yaml:7:19: unknown check 'strickt' (did you mean 'strict'?)" in office.trouble(
        "rules", "check", code=2
    )


def test_strict_goes_for_each_of_several_tickets(office: Office) -> None:
    office.make(17, requester=Person("bertil@annan.example", "Bertil Ek"))
    office.make(18)
    text = "Hej! Den skickas i dag till Bertil Ek."
    told = office.trouble("reply", "17-18", "--strict", "--text", text, code=5)
    assert "#18: warning: line 1: Bertil Ek is known from #17, which is another customer's" in told
    assert [mail["To"] for mail in sent(office)] == ["Bertil Ek <bertil@annan.example>"]


def test_a_draft_is_kept_whatever_it_says(office: Office) -> None:
    office.make(17)
    office.run("reply", 17, "--draft", "--strict", "--text", UNFILLED)
    assert drafts(office) == [UNFILLED]


def test_json_tells_the_hints_beside_the_message(office: Office) -> None:
    office.make(17)
    shape = json.loads(office.say("reply", 17, "--text", VAGUE, "--json"))
    assert [(one["code"], one["severity"], one["line"]) for one in shape["hints"]] == [("time", "hint", None)]
    assert json.loads(office.say("reply", 17, "--text", "Klart!", "--json"))["hints"] == []


# --- only the check ---


def test_check_tells_and_changes_nothing(office: Office) -> None:
    before = office.make(17)
    told = office.say("reply", 17, "--check", "--text", UNFILLED)
    assert told == "#17: warning: line 1: not filled in: [Skriv här: när]\n"
    assert office.say("reply", 17, "--check", "--text", "Klart, den är skickad!") == "#17: nothing to remark\n"
    assert "[Skriv här: dag och tid]" in office.say("reply", 17, "--check", "--snippet", "klagomal")
    assert "no" not in office.say("reply", 17, "--check", stdin="Klart!\n").replace("nothing to remark", "")
    assert office.get(17) == before
    shape = json.loads(office.say("reply", 17, "--check", "--text", VAGUE, "--json"))
    assert shape["ticket"] == 17 and [one["code"] for one in shape["hints"]] == ["time"]


def test_check_reads_the_draft_and_strict_sets_the_exit_code(office: Office) -> None:
    office.make(17)
    office.run("reply", 17, "--draft", "--text", UNFILLED)
    assert "not filled in" in office.run("reply", 17, "--check", "--strict", code=5).stdout
    assert drafts(office) == [UNFILLED]
    office.run("reply", 17, "--check", "--no-check", code=2)


def test_check_tells_of_a_promised_attachment_too(office: Office, tmp_path: Path) -> None:
    office.make(17)
    text = ("--text", "Hej! Jag bifogar kvittot.")
    assert "the text says “bifogar”, but nothing is attached" in office.say("reply", 17, "--check", *text)
    (tmp_path / "kvitto.pdf").write_bytes(b"x")
    for option in (("--no-attachment",), ("--attach", tmp_path / "kvitto.pdf")):
        assert office.say("reply", 17, "--check", *option, *text) == "#17: nothing to remark\n"


def test_names_of_the_team_and_of_this_ticket_are_known(office: Office) -> None:
    office.make(16, requester=Person("alice@exempel.example", "Alice Berg"))
    office.make(17)
    office.make(18, fields={"order_number": "481516"}, requester=Person("x@annan.example", "Xerxes Ek"))
    text = "Hej Åsa Öberg! Skriv till alice@exempel.example."
    assert office.say("reply", 17, "--check", "--text", text) == "#17: nothing to remark\n"
    told = office.say("reply", 17, "--check", "--text", "Er order är 481516, Xerxes Ek.")
    assert "Xerxes Ek is known from #18" in told and "481516 is known from #18" in told
