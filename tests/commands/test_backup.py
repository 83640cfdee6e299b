"""`backup` and `restore`: the whole desk as it was at one moment, or a clear refusal; nothing leaves a restored desk
before somebody has looked (docs/operations.md, "Backup")."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import ROOT, Office
from tests.planted import hits

ANSWERING = """
rules:
  - {id: svar, events: [created], then: [{reply: {snippet: mottaget, automatic: true}}]}
"""
LETTER = """\
From: Åsa Öberg <asa@kund.example>
To: support@exempel.example
Subject: {subject}
Message-ID: <{key}@kund.example>
Date: Fri, 20 Nov 2026 08:00:00 +0000
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=utf-8

Hej, {text}
--x
Content-Type: text/csv; name=fil.csv
Content-Disposition: attachment; filename=fil.csv

{key};1
--x--
"""


def arrive(office: Office, key: str, text: str = "var är mitt paket?") -> None:
    """A mail of a customer is fetched."""
    for part in ("new", "cur", "tmp"):
        (office.folder / "in" / part).mkdir(parents=True, exist_ok=True)
    path = office.folder / "in" / "new" / f"{key}.x"
    path.write_bytes(LETTER.format(subject=f"Ärende {key}", key=key, text=text).encode())
    os.utime(path, (office.now.timestamp(),) * 2)
    office.run("fetch", f"maildir:{office.folder / 'in'}")


@pytest.fixture
def busy(office: Office) -> Office:
    """Tickets with files, an archived one, a note, a draft, and a reply that waits."""
    for key in ("a", "b", "c"):
        arrive(office, key)
    office.run("close", 1, "--cause", "leverans", "--set", "category=faktura")
    office.now += timedelta(days=40)
    office.run("escalate", "-q")  # archives it
    office.run("note", 2, "Ringde kunden på åäö")
    office.run("reply", 3, "--text", "Vi tittar på det.", "--queue", "--no-check")
    return office


def restored(office: Office, file: Path, name: str = "ny", *more: object) -> Office:
    folder = office.folder.parent / name
    office.run("restore", file, folder, "--anyway", *more)
    found = Office(folder)
    found.now = office.now
    return found


def everything(office: Office) -> list[str]:
    """Tickets with messages and events, and the year's figures, without the last record of the audit log."""
    figures = office.run("report", "--from", "2026-01-01", "--csv").stdout.splitlines()
    return [office.run("export").stdout, *(line for line in figures if not line.startswith("audit"))]


def test_all_comes_back(busy: Office) -> None:
    file = busy.folder.parent / "desk.tar.gz"
    before = everything(busy)
    said = busy.run("backup", file).stdout
    assert "2 tickets, 1 archived, 7 stored mails and files" in said and str(file) in said
    assert file.stat().st_mode & 0o777 == 0o600
    new = restored(busy, file)
    assert everything(new) == before
    for name in ("rules.yaml", "snippets"):
        assert (new.folder / name).exists() == (busy.folder / name).exists()
    saved = new.folder / "files"
    new.run("show", 2, "--attachments", saved)
    assert (saved / "fil.csv").read_text().strip() == "b;1"
    looked = new.run("doctor", "--offline", "--deep", code=8).stdout  # 8: the reply that may have been sent
    assert "blobs                7 in use, all there" in looked
    assert "audit.jsonl" in looked and looked.count("BAD") == 1
    assert (new.folder / "data").stat().st_mode & 0o777 == 0o700


def test_nothing_leaves_before_somebody_has_looked(busy: Office) -> None:
    new = _restored_and_used(busy)
    for command in (["send"], ["fetch", f"maildir:{new.folder / 'in'}"], ["escalate"]):
        refused = new.run(*command, code=5).stderr
        assert "restored from a backup of 2026-12-30 09:00 UTC" in refused and "ticketctl doctor --resume" in refused
    answered = new.run("reply", 2, "--text", "Hej.", "--no-check", code=5)
    assert "doctor --resume" in answered.stderr
    assert not (new.folder / "data" / "sent").exists()
    new.run("doctor", "--resume", "--offline", code=8)
    assert "restored" not in new.run("doctor", "--offline", code=8).stdout
    new.run("fetch", f"maildir:{new.folder / 'in'}")
    new.run("send")
    sent = [path.read_text() for path in (new.folder / "data" / "sent" / "new").iterdir()]
    assert len(sent) == 1 and "Hej." in sent[0]  # not the one that may have been sent before
    waiting = json.loads(new.run("outbox", "--json").stdout)
    assert {item["ticket"]: item["state"] for item in waiting}[3] == "uncertain"


def _restored_and_used(busy: Office) -> Office:
    file = busy.folder.parent / "desk.tar"
    busy.run("backup", file)
    new = restored(busy, file)
    (new.folder / "in").mkdir()
    for part in ("new", "cur", "tmp"):
        (new.folder / "in" / part).mkdir()
    return new


def test_what_came_before_the_restore_is_filed_and_not_answered_by_itself(office: Office) -> None:
    snippet = office.folder / "snippets" / "sv" / "mottaget.j2"
    snippet.parent.mkdir(parents=True, exist_ok=True)
    snippet.write_text("Subject: Mottaget\n\nTack, vi har fått ditt meddelande.\n")
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text() + ANSWERING)
    arrive(office, "a")
    file = office.folder.parent / "desk.tar"
    office.run("backup", file)
    office.now += timedelta(hours=5)
    new = restored(office, file)
    new.invoke("doctor", "--resume", "--offline")
    before = new.now - timedelta(hours=1)
    for key, at in (("lost", before), ("later", new.now + timedelta(minutes=1))):
        clock, new.now = new.now, at
        _lay(new, key)
        new.now = clock + timedelta(minutes=2)
    new.run("fetch", f"maildir:{new.folder / 'in'}")
    tickets = [json.loads(line) for line in new.run("export").stdout.splitlines()]
    answers = {one["subject"]: sum(m["direction"] == "out" for m in one["messages"]) for one in tickets}
    assert answers == {"Ärende a": 1, "Ärende lost": 0, "Ärende later": 1}


def _lay(office: Office, key: str) -> None:
    for part in ("new", "cur", "tmp"):
        (office.folder / "in" / part).mkdir(parents=True, exist_ok=True)
    path = office.folder / "in" / "new" / f"{key}.x"
    letter = LETTER.format(subject=f"Ärende {key}", key=key, text="hej").replace("asa@", f"{key}@")
    path.write_bytes(letter.encode())
    os.utime(path, (office.now.timestamp(),) * 2)


def test_who_was_erased_is_asked_about(office: Office) -> None:
    arrive(office, "a")
    file = office.folder.parent / "desk.tar"
    office.run("backup", file)
    folder = office.folder.parent / "ny"
    refused = office.run("restore", file, folder, code=5).stderr
    assert str(folder / "erased") in refused and "--anyway" in refused
    assert not folder.exists()
    (folder / "erased").mkdir(parents=True)
    office.run("restore", file, folder)
    assert (folder / "rules.yaml").is_file()


def test_only_into_a_new_folder(office: Office) -> None:
    arrive(office, "a")
    file = office.folder.parent / "desk.tar"
    office.run("backup", file)
    assert "not empty" in office.run("restore", file, office.folder, "--anyway", code=5).stderr
    assert "not empty" in office.run("restore", file, office.folder, code=5).stderr  # and nothing of who was erased
    assert "inside the desk's data/" in office.run("backup", office.folder / "data" / "x.tar", code=2).stderr


def test_again_after_a_restore_that_was_killed(office: Office) -> None:
    arrive(office, "a")
    file, folder = office.folder.parent / "desk.tar", office.folder.parent / "ny"
    office.run("backup", file)
    gone = subprocess.Popen(["true"])
    gone.wait()
    for number in (gone.pid, os.getppid()):
        (folder / f".restoring.{number}" / "data").mkdir(parents=True)
    refused = office.run("restore", file, folder, "--anyway", code=5).stderr
    assert f"not empty (.restoring.{os.getppid()})" in refused  # somebody is at it
    shutil.rmtree(folder / f".restoring.{os.getppid()}")
    office.run("restore", file, folder, "--anyway")
    assert not list(folder.glob(".restoring*")) and (folder / "data" / "desk.json").exists()


# --- a failure leaves what was ---


def test_a_failure_leaves_the_backup_before_it(busy: Office) -> None:
    file = busy.folder.parent / "desk.tar.gz"
    busy.run("backup", file)
    before = file.read_bytes()
    blob = next(path for path in (busy.folder / "data" / "blobs").rglob("*") if len(path.name) == 64)
    blob.unlink()
    failed = busy.run("backup", file, code=6).stderr
    assert blob.name in failed and "no backup was made" in failed
    assert file.read_bytes() == before
    assert [path.name for path in busy.folder.parent.glob(".desk*")] == []


def test_where_there_is_no_such_folder(busy: Office) -> None:
    folder = busy.folder.parent / "missing"
    assert f"there is no folder {folder}\n" in busy.run("backup", folder / "x.tar", code=10).stderr


@pytest.mark.parametrize("name", ["rules.yaml", "data.csv", "other.tar.gz"])
def test_another_file_is_never_overwritten(office: Office, name: str) -> None:
    file = office.folder / name
    if name == "other.tar.gz":
        with tarfile.open(file, "w:gz") as tar:
            tar.add(office.folder / "rules.yaml", "rules.yaml")
    elif name == "data.csv":
        file.write_text("a;b\n")
    before = file.read_bytes()
    assert "is no backup; choose another name" in office.run("backup", file, code=5).stderr
    assert file.read_bytes() == before


def test_an_older_backup_of_that_name_is_replaced(office: Office) -> None:
    arrive(office, "a")
    for name in ("desk.tar", "desk.tar.gz"):
        file = office.folder.parent / name
        file.touch()
        office.run("backup", file)
        office.run("backup", file)
        with tarfile.open(file) as tar:
            assert tar.getnames()[-1] == "manifest.json"


@pytest.mark.long
def test_every_flipped_byte_is_found_or_does_no_harm(busy: Office) -> None:
    file, broken = busy.folder.parent / "desk.tar", busy.folder.parent / "broken.tar"
    busy.run("backup", file)
    whole, tickets = file.read_bytes(), busy.run("export").stdout
    found = 0
    for number, at in enumerate(range(0, len(whole), max(1, len(whole) // 60))):
        broken.write_bytes(whole[:at] + bytes([whole[at] ^ 0x21]) + whole[at + 1 :])
        folder = busy.folder.parent / f"r{number}"
        done = busy.invoke("restore", broken, folder, "--anyway")
        if done.exit_code == 0:  # between the files of a tar nothing is kept
            same = Office(folder)
            same.now = busy.now
            assert same.run("export").stdout == tickets
        else:
            assert done.exit_code == 6, done.output
            assert "not a whole backup" in done.stderr and not folder.exists()
            found += 1
    assert found > 20


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.9, 0.97])
def test_half_a_backup_is_none(busy: Office, share: float) -> None:
    file = busy.folder.parent / "desk.tar.gz"
    busy.run("backup", file)
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
    folder = busy.folder.parent / "ny"
    assert "not a whole backup" in busy.run("restore", file, folder, "--anyway", code=6).stderr
    assert not folder.exists()


# --- backups that are none of ours ---


def packed(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> None:
    with tarfile.open(path, "w") as tar:
        head = json.dumps({"format": 1, "version": "0.1.0", "made_at": "2026-11-20T09:00:00Z"}).encode()
        for info, data in ((tarfile.TarInfo("ticketctl-backup.json"), head), *members):
            info.size = len(data) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(data))


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.mark.parametrize(
    "bad",
    [
        member("../evil"),
        member("/tmp/evil"),
        member("data/../../evil"),
        member("snippets/../../../evil"),
        member("data/x", tarfile.SYMTYPE, "/etc/passwd"),
        member("data/x", tarfile.LNKTYPE, "rules.yaml"),
        member("data/x", tarfile.FIFOTYPE),
        member("data/x", tarfile.CHRTYPE),
        member("data", tarfile.DIRTYPE),
        member(".bashrc"),
    ],
    ids=lambda info: f"{info.name} {info.type.decode()}",
)
def test_no_file_outside_the_desk(office: Office, bad: tarfile.TarInfo) -> None:
    file = office.folder.parent / "bad.tar"
    packed(file, (member("rules.yaml"), b"version: 1\n"), (bad, b"x" if bad.isreg() else b""))
    folder = office.folder.parent / "ny"
    assert "not a whole backup" in office.run("restore", file, folder, "--anyway", code=6).stderr
    assert not folder.exists() and not (office.folder.parent / "evil").exists()


def test_a_newer_backup_is_refused_by_its_version(office: Office) -> None:
    file = office.folder.parent / "new.tar"
    head = json.dumps({"format": 2, "version": "9.0.0"}).encode()
    info = tarfile.TarInfo("ticketctl-backup.json")
    info.size = len(head)
    with tarfile.open(file, "w") as tar:
        tar.addfile(info, io.BytesIO(head))
    refused = office.run("restore", file, office.folder.parent / "ny", "--anyway", code=5).stderr
    assert "version 9.0.0" in refused


@pytest.mark.parametrize("content", [b"", b"x" * 600, gzip.compress(b"hello", mtime=0), b"\x1f\x8b\x08\x00rest"])
def test_what_is_no_backup_at_all(office: Office, content: bytes) -> None:
    file = office.folder.parent / "no.tar.gz"
    file.write_bytes(content)
    assert "not a whole backup" in office.run("restore", file, office.folder.parent / "ny", "--anyway", code=6).stderr
    assert "there is no file" in office.run("restore", f"{file}x", office.folder.parent / "ny", code=10).stderr


# --- many backups ---


def test_only_the_newest_stay(office: Office) -> None:
    arrive(office, "a")
    folder = office.folder.parent / "backups"
    folder.mkdir()
    other = folder / f"{office.folder.name}2-2026-01-01T000000.tar.gz"
    other.write_bytes(b"of another desk")
    for _ in range(4):
        office.now += timedelta(days=1)
        said = office.run("backup", folder, "--keep", 2).stdout
    assert "deleted 1 older" in said
    names = sorted(path.name for path in folder.iterdir() if path != other)
    assert names == [f"{office.folder.name}-2026-11-{day}T090000.tar.gz" for day in (23, 24)] and other.exists()
    assert "not a folder" in office.run("backup", folder / "x.tar", "--keep", 2, code=2).stderr
    assert office.run("backup", folder, "-q").stdout == ""


@pytest.mark.extra("crypt")
def test_encrypted(office: Office) -> None:
    import pyrage

    arrive(office, "a")
    key, wrong = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    right_file, wrong_file = office.folder.parent / "key.txt", office.folder.parent / "wrong.txt"
    right_file.write_text(f"# my key\n{key}\n")
    wrong_file.write_text(f"{wrong}\n")
    file = office.folder.parent / "desk.tar.gz.age"
    office.run("backup", file, "--encrypt-to", key.to_public())
    raw = file.read_bytes()
    assert raw.startswith(b"age-encryption.org/") and b"rules.yaml" not in raw and file.stat().st_mode & 0o777 == 0o600
    folder = office.folder.parent / "ny"
    assert "secret key" in office.run("restore", file, folder, "--anyway", code=2).stderr
    refused = office.run("restore", file, folder, "--anyway", "--identity", wrong_file, code=5).stderr
    assert "does not open" in refused and not folder.exists()
    new = restored(office, file, "ny", "--identity", right_file)
    assert everything(new) == everything(office)
    assert not [path for path in new.folder.rglob("*") if path.name.startswith(".plain")]
    assert "age1" in office.run("backup", file, "--encrypt-to", "nonsense", code=2).stderr


def test_private_whatever_the_umask(office: Office) -> None:
    arrive(office, "a")
    file = office.folder.parent / "desk.tar"
    old = os.umask(0)
    try:
        office.run("backup", file)
        new = restored(office, file)
    finally:
        os.umask(old)
    assert file.stat().st_mode & 0o777 == 0o600
    for path in (new.folder / "data").rglob("*"):
        assert not path.stat().st_mode & 0o077, path


WRITER = """
import subprocess, sys
desk, count, name, letter = sys.argv[1:]
for number in range(int(count)):
    key = f"{name}-{number}"
    mail = letter.format(subject=key, key=key, text=key).replace("asa@", f"{key}@").encode()
    command = [sys.executable, "-m", "ticketctl", "--desk", desk, "fetch", "-"]
    subprocess.run(command, input=mail, check=True, capture_output=True)
"""


def writers(office: Office, count: int, each: int) -> Iterator[subprocess.Popen[bytes]]:
    script = office.folder.parent / "writer.py"
    script.write_text(WRITER)
    for number in range(count):
        arguments = [sys.executable, str(script), str(office.folder), str(each), f"w{number}", LETTER]
        yield subprocess.Popen(arguments, env={**os.environ, "PYTHONPATH": str(ROOT)})


def consistent(office: Office, backups: int, each: int) -> None:
    """Backups that are made while four others write hold one moment each."""
    running = list(writers(office, 4, each))
    counts = []
    for number in range(backups):
        file = office.folder.parent / f"b{number}.tar"
        office.process("backup", str(file))
        new = restored(office, file, f"n{number}")
        looked = new.run("doctor", "--offline", "--deep").stdout
        assert "BAD" not in looked, looked
        counts.append(len(new.run("export").stdout.splitlines()))
        file.unlink()
    assert [one.wait() for one in running] == [0] * 4
    assert counts == sorted(counts)
    assert len(office.run("export").stdout.splitlines()) == 1 + 4 * each


def test_while_others_write(office: Office) -> None:
    arrive(office, "a")
    consistent(office, 2, 1)


@pytest.mark.long
def test_a_hundred_while_others_write(office: Office) -> None:
    arrive(office, "a")
    consistent(office, 100, 60)


def test_nothing_to_back_up(office: Office) -> None:
    assert "nothing to back up" in office.run("backup", office.folder.parent / "x.tar", code=6).stderr


def test_who_was_erased_does_not_return(office: Office) -> None:
    """Backups of 1, 7 and 30 days before: cleaned before the first command can read."""
    files = []
    for days in (23, 6, 1):
        arrive(office, f"d{days}", "Hälsningar Åsa Öberg")
        files.append(office.folder.parent / f"{days}.tar")
        office.run("backup", files[-1])
        office.now += timedelta(days=days)
    office.run("person", "erase", "asa@kund.example", "--yes")
    for number, file in enumerate(files):
        folder = office.folder.parent / f"old{number}"
        shutil.copytree(office.folder / "erased", folder / "erased")
        office.run("restore", file, folder)
        new = Office(folder)
        new.now = office.now
        listed = new.run("list", "--all").stdout
        assert "Öberg" not in listed and "asa@" not in listed
        assert hits(new.folder / "data", ["asa@kund.example", "Åsa Öberg"]) == []
        assert "audit.jsonl          " in new.run("doctor", "--offline", "--deep").stdout


def killed(office: Office, nth: int, *words: object) -> bool:
    """Whether the command was killed at its file operation number `nth`."""
    environment = {**os.environ, **office.environment(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.faults.die_at", str(nth), *map(str, words)]
    ended = subprocess.run(command, env=environment, capture_output=True, start_new_session=True, check=False)
    return ended.returncode == -signal.SIGKILL


@pytest.mark.extra("crypt")
def test_a_killed_backup_leaves_nothing_in_the_clear_and_nothing_for_long(busy: Office) -> None:
    import pyrage

    folder = busy.folder.parent / "backups"
    folder.mkdir()
    key = pyrage.x25519.Identity.generate().to_public()
    died = [killed(busy, nth, "backup", folder / "desk.tar.gz.age", "--encrypt-to", key) for nth in (40, 100, 160, 190)]
    assert any(died)
    for path in folder.iterdir():
        assert path.read_bytes()[:19] in (b"", b"age-encryption.org/"), path
    busy.run("backup", folder / "desk.tar.gz.age", "--encrypt-to", key)
    assert [path.name for path in folder.iterdir()] == ["desk.tar.gz.age"]
    assert not [path for path in (busy.folder / "data" / "tmp").iterdir() if "desk.tar" in path.name]


@pytest.mark.long
def test_a_killed_restore_can_be_repeated(busy: Office) -> None:
    file, folder = busy.folder.parent / "desk.tar", busy.folder.parent / "ny"
    busy.run("backup", file)
    before = everything(busy)
    died = 0
    for nth in (60, 180, 200, 204, 208):
        if killed(busy, nth, "restore", file, folder, "--anyway"):
            died += 1
            assert not (folder / "rules.yaml").exists()
    assert died
    if not (folder / "rules.yaml").exists():
        busy.run("restore", file, folder, "--anyway")
    new = Office(folder)
    new.now = busy.now
    assert everything(new) == before
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".restoring")]
