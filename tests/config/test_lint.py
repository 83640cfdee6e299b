"""What is valid and probably not meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from ticketctl.config import load
from ticketctl.config.lint import lint

HEAD = """\
version: 1
desk: {name: A, timezone: UTC}
hours: {mon-fri: 08:00-17:00}
"""
TEAM = "team: [{name: bo, email: bo@example.se}]\n"
MAIL = "outgoing: {maildir: data/sent, from: a@example.se}\n"
KEPT = "privacy: {retention: [{raw_mail: 90 days}, {when: {status: closed, closed_for: 1y}, then: delete}]}\n"


def warnings(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "rules.yaml").write_text(HEAD + text, "utf-8")
    return lint(load(tmp_path / "rules.yaml"))


def test_a_good_file_has_none(tmp_path: Path) -> None:
    assert warnings(tmp_path, TEAM + MAIL + KEPT) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MAIL + KEPT, "rules.yaml: team: nobody is listed; nothing can be assigned"),
        (
            "team: [{name: bo, email: b@e.se}, {name: eva, email: e@e.se, login: eva}]\n" + MAIL + KEPT,
            "rules.yaml: team: no login for bo: they need --as NAME unless that is their user name",
        ),
        (TEAM + KEPT, "rules.yaml: outgoing: is missing; replies cannot leave"),
        (
            TEAM + KEPT + "outgoing: {smtp: {host: h}, from: a@example.se}\n",
            "rules.yaml: outgoing: no user, so the server is not logged in to",
        ),
        (TEAM + MAIL, "rules.yaml: privacy: no retention; closed tickets are kept for ever"),
        (
            TEAM + MAIL + KEPT + "labels: {values: [a, b, c], at_most: 2}\n",
            "rules.yaml: labels: 3 of them, more than 2; too many choices slow triage",
        ),
        (
            TEAM + MAIL + KEPT + "escalation: [{when: {used: 75%}, then: [{notify: owner}]}]\n",
            "rules.yaml: escalation: never happens without targets",
        ),
        (
            TEAM + MAIL + KEPT + "targets: {high: {first_response: 2d, resolution: 20h}}\n",  # 18 of them are two days
            None,
        ),
        (
            TEAM + MAIL + KEPT + "targets: {high: {first_response: 3d, resolution: 4h}}\n",
            "rules.yaml: targets: high promises a first response (3d) later than the resolution (4h)",
        ),
        (
            TEAM + MAIL + KEPT + "targets: {high: {first_response: 1d}, low: {first_response: 1h}}\n",
            "rules.yaml: targets: high waits longer for a first response (1d) than low (1h)",
        ),
    ],
)
def test_what_is_told(tmp_path: Path, text: str, expected: str | None) -> None:
    assert warnings(tmp_path, text) == ([expected] if expected else [])
