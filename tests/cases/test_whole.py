"""What a user sees where files of the desk are gone, old, or not theirs."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from tests.cases.shop import ASA, Shop

MORE = """\
privacy:
  retention:
    - {when: {status: closed, closed_for: 24 months}, then: anonymise}
"""


@pytest.fixture
def shop(open_shop) -> Shop:
    """#1 was closed in September and archived, #2 is open, both with their original mail, which is old."""
    shop = open_shop(MORE).at("2026-09-01T09:00+02:00")
    shop.mail(ASA, "Order 4711", "Hej, var är den?")
    shop.run("close", 1, "--cause", "leverans")
    shop.at("2026-11-01T09:00+01:00").mail(ASA, "Faktura", "Vad är detta?")
    shop.cron("escalate")
    shop.run("note", 2, "--text", "ring")
    for path in (shop.folder / "data" / "blobs").rglob("*"):
        os.utime(path, (datetime(2026, 9, 1).timestamp(),) * 2)
    return shop


def blobs(shop: Shop) -> int:
    return sum(len(path.name) == 64 for path in (shop.folder / "data" / "blobs").rglob("*"))


def findings(shop: Shop, *options: str, code: int) -> dict[str, dict[str, str]]:
    lines = shop.run("doctor", "--offline", "--json", *options, code=code).output.splitlines()
    return {one["subject"]: one for one in map(json.loads, lines)}


def test_a_lost_month_is_said_and_its_mails_are_kept(shop: Shop) -> None:
    before = blobs(shop)
    (shop.folder / "data" / "archive" / "2026-09.json").unlink()
    assert "is missing" in findings(shop, code=6)["archive/2026-09.json"]["detail"]
    for command in ("list --all", "export", "report", "show 1"):
        told = shop.run(*command.split(), code=6).output
        assert "archive/2026-09.json is missing; it held 1 ticket" in told, command
    assert "Faktura" in shop.run("list").output
    shop.at("2026-11-05T03:30+01:00")
    assert "archive/2026-09.json is missing" in shop.run("purge", user="system", code=6).output
    assert blobs(shop) == before
    told = findings(shop, "--recover", code=6)
    assert told["tickets"]["detail"] == "1 could not be brought back: #1"
    assert "no stored file is deleted while 2026-09.json.damaged-lost is in data/" in shop.cron("purge")
    assert blobs(shop) == before
    (shop.folder / "data" / "archive" / "2026-09.json.damaged-lost").unlink()
    shop.cron("purge")
    assert blobs(shop) < before


def test_what_a_damaged_desk_file_may_name_is_kept(shop: Shop) -> None:
    before = blobs(shop)
    path = shop.folder / "data" / "desk.json"
    (shop.folder / "data" / "desk.json.bak").unlink()
    path.write_bytes(path.read_bytes()[:300])
    told = findings(shop, "--recover", code=6)
    assert told["tickets"]["detail"] == "1 could not be brought back: #2"
    shop.at("2026-12-05T03:30+01:00").cron("purge")
    assert blobs(shop) == before
    assert "until then purge deletes no stored file" in shop.run("doctor", "--offline").output


def test_mails_of_a_desk_file_that_is_gone_are_kept(shop: Shop) -> None:
    """Beside a whole archive: what the desk file named is told as lost, and stays until somebody has looked."""
    before = blobs(shop)
    for name in ("desk.json", "desk.json.bak"):
        (shop.folder / "data" / name).unlink()
    told = findings(shop, "--recover", code=6)
    assert told["tickets"]["detail"] == "1 could not be brought back: #2"
    assert "desk.json.damaged-lost is in data/" in shop.at("2026-12-05T03:30+01:00").cron("purge")
    assert blobs(shop) == before
    (shop.folder / "data" / "desk.json.damaged-lost").unlink()
    shop.cron("purge")
    assert blobs(shop) < before


def test_an_older_desk_file_sends_nothing_a_second_time(shop: Shop) -> None:
    path = shop.folder / "data" / "desk.json"
    shop.run("reply", 2, "--text", "Det är en faktura.", "--no-check", "--later", "i morgon kl 9")
    old = path.read_bytes()
    shop.at("2026-11-03T09:00+01:00").cron("send")
    sent = [*(shop.folder / "data" / "sent" / "new").iterdir()]
    assert len(sent) == 1
    shop.mail(ASA, "Ny sak", "Hej igen")
    path.write_bytes(old)
    for command in ("send", "list", "show 2", "board", "note 2 --text x", "escalate", "purge"):
        told = shop.run(*command.split(), code=6).output
        assert "desk.json is an older state than" in told, command
    assert "older state" in findings(shop, code=6)["desk.json"]["detail"]
    findings(shop, "--recover", code=0)
    shop.run("send")
    assert [*(shop.folder / "data" / "sent" / "new").iterdir()] == sent
    assert "Faktura" in shop.run("list").output


@pytest.mark.parametrize("how", ["cut", "emptied"])
def test_emptied_files_are_bad(shop: Shop, how: str) -> None:
    assert findings(shop, code=0)["blobs"]["state"] == "ok"
    for path in (shop.folder / "data" / "blobs").rglob("*"):
        if len(path.name) == 64:
            path.write_bytes(b"" if how == "emptied" else path.read_bytes()[:-1])
    assert "2 are damaged" in findings(shop, code=6)["blobs"]["detail"]
    shop.at("2026-11-05T03:30+01:00")
    assert "2 are damaged" in shop.run("purge", user="system", code=6).output


def test_one_bit_is_found_deep(shop: Shop) -> None:
    findings(shop, code=0)
    path = next(path for path in (shop.folder / "data" / "blobs").rglob("*") if len(path.name) == 64)
    path.write_bytes(path.read_bytes().replace(b"Hej", b"hej").replace(b"Vad", b"vad"))
    findings(shop, code=0)
    assert "1 are damaged" in findings(shop, "--deep", code=6)["blobs"]["detail"]
    assert "1 are damaged" in findings(shop, code=6)["blobs"]["detail"]


def test_a_damaged_backup_is_no_success(shop: Shop) -> None:
    path = shop.folder / "data" / "desk.json.bak"
    path.write_bytes(path.read_bytes()[:-5])
    assert findings(shop, code=6)["desk.json.bak"]["state"] == "error"
    findings(shop, "--recover", code=0)
    assert findings(shop, code=0)["desk.json.bak"]["state"] == "ok"


def test_a_conflict_copy_is_listed(shop: Shop) -> None:
    (shop.folder / "data" / "desk (conflicted copy).json").write_bytes(b"{}")
    for number in range(8):
        (shop.folder / "data" / f".a{number}").touch()
    assert "desk (conflicted copy).json" in findings(shop, code=0)["foreign files"]["detail"]
    for number in range(8):
        (shop.folder / "data" / f".a{number}").unlink()
    (shop.folder / "data" / "desk (conflicted copy).json").unlink()
    assert "foreign files" not in findings(shop, code=0)


def test_a_working_desk_has_no_foreign_files(shop: Shop, tmp_path: Path) -> None:
    """Also one that fetched, drafted, wrote and was completed."""
    shop.arrived("2026-11-01T08:00+01:00", ASA, "Tredje", "Hej")
    shop.run("reply", 2, "--text", "Hej", "--draft", "--no-check")
    shop.cron("send")
    shop.cron("purge")
    assert "foreign files" not in findings(shop, code=0)
