"""`show`: a readable thread that trusts nobody, attachments that stay in their folder."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import timedelta

import msgspec
import pytest

from tests.growth import HANG
from ticketctl.content.terminal import columns
from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.ticket import Act

HOUR = timedelta(hours=1)


def said(office, ticket, **fields):
    """Another message on the ticket, straight into the store."""
    message = Message(
        **{
            "key": ticket.next_key(),
            "direction": "out",
            "kind": "message",
            "at": office.now,
            "sender": Person("alice@exempel.example", "alice"),
            "author": "alice",
            "text": "Svar.",
            **fields,
        }
    )
    return office.change(ticket.number, lambda one: one.write(Act("alice", office.now, "reply"), message))


def test_a_thread_from_the_first_word_to_the_last(office):
    ticket = office.make(
        17,
        subject="Var är min beställning?",
        assignee="alice",
        labels=("vip",),
        fields={"area": "butik"},
        participants=(Person("bo@kund.example", "Bo"),),
    )
    ticket = said(office, ticket, text="Den går i dag.", delivery="sent", to=(ticket.requester,))
    said(office, ticket, direction="internal", kind="note", text="Ringde lagret.")
    shown = office.say("show", "#17")
    words = [
        "#17  Var är min beställning?",
        "medium",
        "alice",
        "Åsa Öberg <åsa@kund.example>",
        "Bo",
        "vip",
        "area=butik",
        "Fri 2026-11-20 09:00",
        "har inte kommit",
        "Reply by alice, sent",
        "Den går i dag.",
        "Note by alice",
        "Ringde lagret.",
    ]
    assert [word for word in words if word not in shown] == []
    assert shown.index("har inte kommit") < shown.index("Den går i dag.") < shown.index("Ringde lagret.")


def test_times_are_local(office):
    office.make(1, age=HOUR)
    assert "Fri 2026-11-20 09:00" in office.say("show", 1)  # 08:00 UTC


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"delivery": "draft"}, "Draft by alice, not sent"),
        ({"delivery": "queued"}, "waits in the outbox"),
        ({"delivery": "failed"}, "! not delivered"),
        ({"delivery": "bounced"}, "! not delivered: it came back"),
        ({"delivery": "uncertain"}, "! perhaps delivered"),
        ({"delivery": "sent", "kind": "automatic"}, "Automatic answer, sent"),
        ({"flagged": "joined by its number alone"}, "! joined by its number alone"),
    ],
)
def test_what_is_not_a_plain_message_is_marked(office, fields, told):
    said(office, office.make(1), **fields)
    assert told in office.say("show", 1)


def test_quotes_of_what_the_ticket_has_are_hidden_until_asked_for(office):
    ticket = office.make(1, text="Hej! Min beställning har\ninte kommit.")
    whole = "Tack!\n\nDen 3 november skrev jag:\n> Hej! Min beställning\n> har inte kommit.\n"
    answer = Message(
        key="m2", direction="in", kind="message", at=office.now, sender=ticket.requester, text="Tack!", whole=whole
    )
    office.change(1, lambda one: one.receive(Act("system", office.now, "fetch"), answer))
    shown = office.say("show", 1)
    assert shown.count("Min beställning") == 1
    assert "3 more lines" in shown
    assert office.say("show", 1, "--full").count("Min beställning") == 2


def test_hostile_text_moves_no_cursor(office):
    evil = "\x1b]0;titel\x07 \x1b[2J \x9b31m \u202egnal \x08\x08 rad\r\novanpå \u200b"
    office.make(
        1,
        subject=evil,
        text=evil,
        requester=Person("x@kund.example", evil),
        labels=("\x1b[5m",),
        attachments=(Attachment(name=evil, type=evil, size=1, sha256="0" * 64),),
    )
    for options in ([], ["--full", "--history", "--why"], ["--json"]):
        shown = office.run("show", 1, *options).stdout_bytes.decode()
        assert not {"\x1b", "\x07", "\x08", "\x9b", "\u202e", "\r"} & set(shown), options


@pytest.mark.parametrize("wide", [60, 100])
def test_long_lines_are_broken_at_words(office, monkeypatch, wide):
    monkeypatch.setenv("COLUMNS", str(wide))
    text = "Räksmörgås på Östermalm " * 40 + "日本語" * 90 + "\n  indrag\n\nslut"
    office.make(1, subject="Förlängning " * 30, text=text)
    lines = office.say("show", 1, "--why", "--history").splitlines()
    assert max(map(columns, lines)) <= wide
    assert any(line.startswith("    Räksmörgås") for line in lines)
    assert "    slut" in lines


def test_why_tells_reasons_promises_and_the_next_step(office):
    office.make(1, assignee="alice", status="open", priority="high", age=2 * HOUR)
    shown = office.say("show", 1, "--why")
    assert "why here: a new matter" in shown
    assert "first response: due Fri 2026-11-20 09:00 (1h late, 200% used)" in shown
    assert "Next: `ticketctl reply 1`" in shown


@pytest.mark.parametrize(
    ("prepare", "step"),
    [
        (lambda office: None, "assign 1 me"),
        (lambda office: office.run("wait", 1, "2d"), "the customer’s answer"),
        (lambda office: office.run("close", 1, "--set", "category=sälj"), "nothing"),
        (lambda office: (office.make(2), office.run("merge", 1, "--into", 2)), "ticketctl show 2"),
        (lambda office: said(office, office.get(1), delivery="draft"), "finishes the draft m2"),
        (lambda office: said(office, office.get(1), delivery="bounced"), "check the address"),
        (lambda office: (office.run("assign", 1, "me"), said(office, office.get(1), delivery="sent")), "wait 1 5d"),
    ],
)
def test_the_next_step_fits_the_ticket(office, prepare, step):
    office.make(1)
    prepare(office)
    assert step in office.say("show", 1, "--why").splitlines()[-1]


def test_history_tells_who_what_and_why(office):
    office.make(1)
    office.run("priority", 1, "high")
    office.run("label", 1, "+vip")
    shown = office.say("show", 1, "--history")
    assert "alice: priority medium → high (priority)" in shown
    assert "alice: labelled vip (label)" in shown


def test_json_has_messages_and_events(office):
    office.make(1)
    shape = json.loads(office.say("show", 1, "--json"))
    assert shape["messages"][0]["text"] == "Hej! Min beställning har inte kommit."
    assert [event["what"] for event in shape["events"]] == ["received"]


def test_several_tickets_and_one_that_is_missing(office):
    office.make(1)
    office.make(3)
    result = office.run("show", "1-3", code=4)
    assert "#1  Var" in result.stdout and "#3  Var" in result.stdout
    assert "no ticket #2" in result.stderr


# --- attachments ---


def stored(office, *names):
    files = []
    for at, name in enumerate(names):
        data = f"innehåll {at}".encode()
        files.append(Attachment(name=name, type="text/plain", size=len(data), sha256=office.store.blobs.put(data)))
    return tuple(files)


def hostile_names():
    """300 names that want out, over another file, or into the terminal."""
    climbs = ["../" * depth + target for depth in range(1, 11) for target in ("etc/passwd", ".ssh/authorized_keys")]
    climbs += [name.replace("/", "\\") for name in climbs] + [f"/{name}" for name in climbs]
    plain = [
        "",
        ".",
        "..",
        "...",
        " ",
        "/",
        "\\",
        "~",
        "~root/.profile",
        "-rf",
        "--help",
        ".bashrc",
        "con",
        "NUL.txt",
        "COM1",
        "lpt9.pdf",
        "aux.",
        "a:b",
        "C:\\Windows\\win.ini",
        "file.txt:stream",
        "a\x00b.txt",
        "a\nb.txt",
        "\x1b[2J.txt",
        "\u202egpj.exe",
        "a" * 400 + ".pdf",
        "å" * 400 + ".pdf",
        "👩‍💻" * 90,
        "x." + "y" * 300,
        "$(reboot)",
        "`id`",
        "; rm -rf .",
        "a|b",
        "*",
        "?",
        "<script>",
        "faktura.pdf",
        "Faktura åäö.pdf",
        "a/../b",
        "./.",
        "a//b",
        "%2e%2e%2f",
        "..%5c..",
        "．．/x",
        "name.",
        "name ",
        "\ufeff",
    ]
    around = [("", ""), ("./", ""), ("../", ""), ("\u200b", ""), ("x\\", ""), ("", "/..")]
    built = [before + name + after for before, after in around for name in plain]
    return (climbs + built)[:300]


def test_300_hostile_names_stay_in_the_folder(office, tmp_path):
    outside = set(tmp_path.rglob("*"))
    names = hostile_names()
    assert len(names) == 300
    files = stored(office, *names)
    office.make(1, attachments=files)
    folder = tmp_path / "ut"
    office.run("show", 1, "--attachments", folder)
    saved = sorted(folder.iterdir())
    assert len(saved) == 300, "each has its own file"
    assert {path.read_bytes() for path in saved} == {f"innehåll {at}".encode() for at in range(300)}
    for path in saved:
        assert path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o777 == 0o600
        assert len(path.name.encode()) <= 160 and not path.name.startswith((".", "-", "~")) and path.name.isprintable()
    new = set(tmp_path.rglob("*")) - outside - set(saved) - {folder}
    assert all(office.folder / "data" in path.parents or path == office.folder / "data" for path in new)


def test_no_file_is_written_over_and_no_link_followed(office, tmp_path):
    folder = tmp_path / "ut"
    folder.mkdir()
    (folder / "faktura.pdf").write_text("min egen")
    os.symlink(tmp_path / "mål", folder / "länk.txt")
    office.make(1, attachments=stored(office, "faktura.pdf", "länk.txt"))
    told = office.say("show", 1, "--attachments", folder)
    assert (folder / "faktura.pdf").read_text() == "min egen"
    assert not (tmp_path / "mål").exists()
    assert "faktura (2).pdf" in told and "länk (2).txt" in told


def test_attachments_that_cannot_be_saved(office, tmp_path):
    office.make(1)
    assert "no attachments" in office.say("show", 1, "--attachments", tmp_path / "ut")
    (tmp_path / "fil").write_text("")
    office.make(2, attachments=stored(office, "a.txt"))
    office.run("show", 2, "--attachments", tmp_path / "fil", code=2)
    office.run("show", 2, "--attachments", tmp_path / "fil" / "under", code=10)


def test_a_long_ticket_is_paged_only_on_a_terminal(office, tmp_path):
    import pty

    office.make(1, text="rad\n" * 200 + "sist")
    assert office.process("show", "1").stdout.rstrip().endswith("sist")
    main, terminal = pty.openpty()
    marker = tmp_path / "sett"
    import subprocess
    import sys

    env = {
        **os.environ,
        **office.environment(),
        "PAGER": f"tee {marker}",
        "TERM": "xterm",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    running = subprocess.Popen(
        [sys.executable, "-m", "ticketctl", "show", "1"], stdin=terminal, stdout=terminal, stderr=terminal, env=env
    )
    os.close(terminal)
    try:
        while os.read(main, 65536):
            pass
    except OSError:  # the terminal was closed at the other end
        pass
    running.wait(HANG)
    assert marker.read_text().rstrip().endswith("sist")


def test_hashes_name_what_is_saved(office, tmp_path):
    """The bytes are those of the blob that the attachment names."""
    ticket = office.make(1, attachments=stored(office, "a.txt"))
    office.run("show", 1, "--attachments", tmp_path)
    digest = hashlib.sha256((tmp_path / "a.txt").read_bytes()).hexdigest()
    assert digest == msgspec.structs.asdict(ticket)["messages"][0].attachments[0].sha256
