"""The language in which commands speak: --language, else the locale, else the desk's."""

from __future__ import annotations

import pytest

from tests.conftest import Office
from ticketctl.terminal.shell import language_of_locale

CLOSED = {"en": "#1 closed (solved", "sv": "#1 stängt (löst"}


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, ""),
        ({"LANG": ""}, ""),
        ({"LANG": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "sv"}, "sv"),
        ({"LANG": "sv_FI@euro"}, "sv"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, ""),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "sv_SE.UTF-8", "LC_ALL": "C", "LC_MESSAGES": "sv_SE.UTF-8"}, "en"),
        ({"LANG": "sv_SE.UTF-8", "LC_ALL": "", "LC_TIME": "en_GB.UTF-8"}, "sv"),
    ],
)
def test_the_locale(environ: dict[str, str], language: str) -> None:
    assert language_of_locale(environ) == language


@pytest.mark.parametrize(
    ("environ", "options", "language"),
    [
        ({"LANG": "en_GB.UTF-8"}, [], "en"),
        ({"LANG": "sv_SE.UTF-8"}, [], "sv"),
        ({"LANG": "sv_SE.UTF-8"}, ["--language", "en"], "en"),
        ({"LANG": "C.UTF-8"}, ["--language", "sv"], "sv"),
        ({"LANG": "C.UTF-8", "TICKETCTL_LANGUAGE": "sv"}, [], "sv"),
        ({"LANG": "C.UTF-8", "TICKETCTL_LANGUAGE": "sv"}, ["--language", "en"], "en"),
        ({"LANG": "de_DE.UTF-8"}, [], "sv"),  # the desk of these tests is Swedish
        ({"LANG": ""}, [], "sv"),
    ],
)
@pytest.mark.parametrize("behind", [False, True])
def test_a_command_speaks_it(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    environ: dict[str, str],
    options: list[str],
    language: str,
    behind: bool,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    office.make(fields={"category": "support"})
    verb = ["close", "1", "--cause", "leverans"]
    assert CLOSED[language] in office.say(*(verb + options if behind else options + verb))


def test_a_language_that_commands_do_not_speak(office: Office) -> None:
    assert "'de' is not one of 'sv', 'en'" in office.trouble("--language", "de", "board", code=2)


def test_an_error_of_rules_yaml_is_said_without_its_language(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "")
    (office.folder / "rules.yaml").write_text("version: 1\ndesk: {language: [}\n", encoding="utf-8")
    assert "rules.yaml:2:" in office.trouble("board", code=2)
