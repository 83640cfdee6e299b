"""`ticketctl inspect` as people and other programs see it. It needs no desk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ticketctl.cli import cli

MAIL = """\
From: Åsa Öberg <asa@kund.example>
To: support@exempel.example
Subject: SV: Fråga om faktura
Message-ID: <1@kund.example>
Date: Fri, 20 Nov 2026 10:00:00 +0100
In-Reply-To: <0@exempel.example>

Hej!
Ring mig på 070-174 06 05 i stället.
"""
KEYS = {
    *("file", "ok", "error", "subject", "base_subject", "from", "to", "cc", "reply_to", "date", "message_id"),
    *("in_reply_to", "references", "text", "new_text", "quoted", "signature", "attachments", "machine", "may_answer"),
    *("bounce", "forwarded", "language", "masked_text", "masked"),
}


def inspect(*args: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["inspect", *map(str, args)], input=stdin, prog_name="ticketctl")


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # where there is no desk
    path = tmp_path / "brev.eml"
    path.write_text(MAIL, "utf-8")
    return path


def test_the_contract(sample: Path) -> None:
    result = inspect("--json", sample)
    (found,) = objects(result)
    assert result.exit_code == 0
    assert set(found) >= KEYS
    assert (found["file"], found["ok"], found["error"]) == (str(sample), True, None)
    assert found["from"] == {"name": "Åsa Öberg", "address": "asa@kund.example"}
    assert found["date"] == "2026-11-20T10:00:00+01:00"
    assert (found["message_id"], found["in_reply_to"]) == ("1@kund.example", "0@exempel.example")
    assert (found["subject"], found["base_subject"]) == ("SV: Fråga om faktura", "Fråga om faktura")
    assert found["text"] == "Hej!\nRing mig på 070-174 06 05 i stället."


def test_masks_are_offsets_in_the_new_text(sample: Path) -> None:
    (found,) = objects(inspect("--json", sample))
    spans = {one["kind"]: found["new_text"][one["start"] : one["end"]] for one in found["masked"]}
    assert spans == {"phone": "070-174 06 05"}
    assert "174 06 05" not in found["masked_text"]


def test_json_is_also_a_global_option(sample: Path) -> None:
    result = CliRunner().invoke(cli, ["--json", "inspect", str(sample)])
    assert json.loads(result.stdout)["ok"] is True


def test_one_bad_file_stops_no_other(sample: Path, tmp_path: Path) -> None:
    empty, absent = tmp_path / "tom.eml", tmp_path / "saknas.eml"
    empty.write_bytes(b"")
    result = inspect("--json", empty, absent, tmp_path, sample)
    found = objects(result)
    assert result.exit_code == 1
    assert [one["file"] for one in found] == [str(empty), str(absent), str(tmp_path), str(sample)]
    assert [one["ok"] for one in found] == [False, False, False, True]
    assert all(one["error"] for one in found[:3])


def test_standard_input(sample: Path) -> None:
    (found,) = objects(inspect("--json", "-", stdin=sample.read_bytes()))
    assert (found["file"], found["subject"]) == ("-", "SV: Fråga om faktura")


def test_bare_bodies(tmp_path: Path) -> None:
    text, html = tmp_path / "a.txt", tmp_path / "a.html"
    text.write_text("Tack!\n\n> Går det bra?\n", "utf-8")
    html.write_text("<p>Tack, <b>Åsa</b></p>", "utf-8")
    (found,) = objects(inspect("--json", "--body", text))
    assert (found["new_text"], found["from"], found["message_id"]) == ("Tack!", None, None)
    (found,) = objects(inspect("--json", "--html-body", html))
    assert "Åsa" in found["text"]
    assert "<" not in found["text"]


def test_a_mail_without_id_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_text("Subject: x\n\nhej", "utf-8")
    assert objects(inspect("--json", path))[0]["message_id"] is None


def test_the_account_tells_a_person_what_was_found(sample: Path) -> None:
    result = inspect(sample)
    assert result.exit_code == 0
    for told in ("Åsa Öberg <asa@kund.example>", "SV: Fråga om faktura", "from a person", "1 × phone", "Ring mig på"):
        assert told in result.stdout


def test_the_account_tells_of_bounces_and_attachments(tmp_path: Path) -> None:
    path = tmp_path / "studs.eml"
    path.write_text(
        "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail\nContent-Type: multipart/report;"
        " report-type=delivery-status; boundary=b\n\n--b\n\nKunde inte levereras.\n--b\n"
        "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; bo@borta.example\nAction: failed\n"
        "Status: 5.1.1\n--b\nContent-Type: application/pdf; name=offert.pdf\n\nx\n--b--\n",
        "utf-8",
    )
    shown = inspect(path).stdout
    for told in ("automatic (bounce)", "must not be sent", "bo@borta.example (5.1.1 for good)", "offert.pdf"):
        assert told in shown


def test_control_characters_reach_no_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes("From: \x1b]0;x\x07 <a@b.example>\nSubject: a\x1b[2Jb\u202ec\n\n\x1b[31mrött\x9b".encode())
    for args in ((path,), ("--json", path)):
        shown = inspect(*args).stdout
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)


def test_bad_use_is_told_on_standard_error(sample: Path) -> None:
    result = inspect()
    assert (result.exit_code, result.stdout) == (2, "")
    assert inspect("--nonsense", sample).exit_code == 2


def test_of_a_mail_above_the_limit_of_fetch_only_the_header_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.eml"
    path.write_bytes(MAIL.encode() + b"x" * 25_000_000)
    (found,) = objects(inspect("--json", path))
    assert (found["ok"], found["subject"], found["text"]) == (True, "SV: Fråga om faktura", "")
    told = inspect("-", stdin=path.read_bytes())
    assert "only the header was read: it has more than 25,000,000 bytes" in told.stdout
    assert "Ring mig" not in told.stdout


def test_a_text_above_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * 25_000_001)
    result = inspect("--json", "--body", path)
    (found,) = objects(result)
    assert (result.exit_code, found["ok"]) == (1, False)
    assert "25,000,000 bytes" in found["error"]
