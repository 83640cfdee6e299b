"""From a ticket to a snippet in the editor: `reply --choose`, `reply --edit`, `triage -i`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.test_reply import Terminal, sent, typed
from tests.conftest import Office
from ticketctl.terminal.choose_snippet import meant


def test_a_snippet_is_chosen_from_the_list_and_opens_in_the_editor(office: Office, tmp_path: Path) -> None:
    office.make(17)
    office.make(18)
    office.run("reply", 18, "--snippet", "stangt", "--queue")
    terminal = Terminal(office, tmp_path, typed("Redigerat."), "reply", 17, "--choose")
    terminal.answer("Which one", "m")
    terminal.answer("could be mer-information, mottaget", "99")
    terminal.answer("'99' is not one of them", "losn")
    told = terminal.end()
    assert "  1  stangt            Vi har avslutat ditt ärende\n" in told  # the one that people use
    (mail,) = sent(office)
    assert mail.get_content().startswith("Redigerat.\nHej Åsa!\n\nDu skrev till oss om ”Var är min beställning?”.\n")
    assert office.get(17).messages[-1].why == "reply with snippet losning"


def test_what_rules_send_stands_last(starter: Office, tmp_path: Path) -> None:
    starter.make(17)
    rules = starter.folder / "rules.yaml"
    rules.write_text(
        rules.read_text("utf-8").replace("{maildir: data/sent,", "{maildir: data/sent, undo: 0s,"), "utf-8"
    )
    terminal = Terminal(starter, tmp_path, typed("Hej!"), "reply", 17, "--choose")
    terminal.answer("Which one", "")
    told = terminal.end()
    assert told.index(" driftstorning ") < told.index(" stangt ") < told.index(" mottaget ")
    assert sent(starter)[0].get_content() == "Hej!\n"


def test_choose_needs_somebody_who_can_be_asked(office: Office) -> None:
    office.make(17)
    assert "--snippet NAME" in office.trouble("reply", 17, "--choose", code=2)
    office.run("reply", 17, "--choose", "--snippet", "losning", code=2)
    office.run("reply", "17-18", "--choose", code=2)


def test_edit_opens_the_editor_with_the_given_text(office: Office, tmp_path: Path) -> None:
    office.make(17)
    Terminal(office, tmp_path, typed("Hej!"), "reply", 17, "--text", "Klart i dag.", "--edit").end()
    assert sent(office)[0].get_content() == "Hej!\nKlart i dag.\n"
    assert "--edit needs a terminal" in office.trouble("reply", 17, "--text", "x", "--edit", code=2)
    office.run("reply", 17, "--edit", "--send", code=2)


@pytest.mark.parametrize(
    ("word", "names"),
    [("1", ["losning"]), ("3", ["mottaget"]), ("4", []), ("0", []), ("m", ["mer-information", "mottaget"]), ("x", []),
     ("mottaget", ["mottaget"]), ("los", ["losning"])],
)  # fmt: skip
def test_a_number_a_name_or_its_beginning(word: str, names: list[str]) -> None:
    assert meant(word, ["losning", "mer-information", "mottaget"]) == names


def test_triage_goes_from_a_ticket_to_a_reply_and_on_to_the_next(office: Office, tmp_path: Path) -> None:
    office.make(17, text="Hej!\n" + "rad\n" * 10 + "sista raden")
    office.make(18)
    terminal = Terminal(office, tmp_path, typed("Redigerat."), "triage", "-i", 17, 18)
    terminal.answer("[m]ore", "m")
    terminal.answer("sista raden", "r")
    terminal.answer("Which one", "mer")
    terminal.answer("(2 of 2)", "q")
    told = terminal.end()
    assert "#17: reply sent to åsa@kund.example; waits until" in told
    assert [mail.get_content().split("\n")[0] for mail in sent(office)] == ["Redigerat."]
    assert office.get(17).status == "waiting" and office.get(18).status == "new"


def test_a_reply_that_is_refused_stays_with_its_ticket(office: Office, tmp_path: Path) -> None:
    office.make(17)
    terminal = Terminal(office, tmp_path, "true", "triage", "-i", 17)
    terminal.answer("[r]eply", "r")
    terminal.answer("Which one", "klagomal")
    terminal.answer("Send it all the same?", "n")
    terminal.answer("nothing was sent", "q")
    assert "your text is kept as a draft on #17" in terminal.end()
    assert sent(office) == []
