"""Outgoing mail in a Maildir: whole, private, once."""

from __future__ import annotations

import mailbox
import os
from pathlib import Path

import pytest

from ticketctl.channels.email.maildir_out import MaildirSink
from ticketctl.ports.channels import SendFailed

RAW = b"Subject: Hej\r\n\r\nrad ett\r\nrad tv=C3=A5\r\n"


def send(folder: Path) -> None:
    MaildirSink(folder).send("a@b.example", ["c@d.example"], RAW)


def test_a_mail_program_finds_it(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "sent"
    send(folder)
    (mail,) = mailbox.Maildir(folder, create=False)
    assert (mail["Subject"], mail.get_payload()) == ("Hej", "rad ett\nrad tv=C3=A5\n")
    assert list((folder / "tmp").iterdir()) == []


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        send(tmp_path / "sent")
    finally:
        os.umask(before)
    for path in [tmp_path / "sent", *(tmp_path / "sent").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_same_mail_again_is_there_once_seen_or_not(tmp_path: Path) -> None:
    send(tmp_path)
    send(tmp_path)
    (file,) = (tmp_path / "new").iterdir()
    file.rename(tmp_path / "cur" / f"{file.name}:2,S")
    send(tmp_path)
    assert len(mailbox.Maildir(tmp_path, create=False)) == 1


def test_what_a_dead_run_left_is_no_obstacle(tmp_path: Path) -> None:
    send(tmp_path)
    (file,) = (tmp_path / "new").iterdir()
    file.unlink()
    (tmp_path / "tmp" / f"{file.name}.{os.getpid()}").write_bytes(b"half")
    send(tmp_path)
    assert (tmp_path / "new" / file.name).read_bytes() == RAW.replace(b"\r\n", b"\n")


def test_a_folder_that_cannot_be_written_to_is_a_failure_that_passes(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sink = MaildirSink(tmp_path / "file" / "sent")
    with pytest.raises(SendFailed) as failure:
        sink.send("a@b.example", ["c@d.example"], RAW)
    assert not failure.value.permanent
    with pytest.raises(SendFailed):
        sink.check()
    assert "Maildir" in MaildirSink(tmp_path / "new-one").check()
