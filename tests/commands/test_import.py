"""`export` and `import`: the same tickets and figures on another desk; tickets of other systems, whose customers are
not answered, told or escalated (docs/import.md)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_backup import arrive, everything
from tests.conftest import RULES, Office

SYSTEMS = Path(__file__).parent.parent / "exports"


@pytest.fixture
def other(office: Office, tmp_path: Path) -> Office:
    """A second desk without tickets."""
    folder = tmp_path / "annat"
    folder.mkdir()
    (folder / "rules.yaml").write_text((office.folder / "rules.yaml").read_text())
    found = Office(folder)
    found.now = office.now
    return found


def exported(office: Office) -> list[dict[str, Any]]:
    return [json.loads(line) for line in office.run("export").stdout.splitlines()]


# --- of our own ---


def lived(office: Office) -> Office:
    """A desk on which most that can happen to a ticket did."""
    for key in "abcdef":
        arrive(office, key)
    office.run("reply", 1, "--text", "Hej, vi tittar på det.", "--no-check")
    office.run("send")
    office.now += timedelta(hours=3)
    office.run("close", 1, "--cause", "leverans", "--set", "category=faktura", "--lesson", "Ring först")
    office.run("merge", 3, "--into", 2)
    office.run("note", 2, "Ringde @bo på åäö")
    office.run("spam", 4)
    office.run("wait", 5, "3d")
    office.run("assign", 6, "bo")
    office.run("label", 6, "+vip")
    office.run("promise", 6, "friday")
    office.now += timedelta(days=40)
    office.run("escalate", "-q")
    return office


def test_the_same_tickets_and_figures(office: Office, other: Office, tmp_path: Path) -> None:
    lived(office)
    before = everything(office)
    file, files = tmp_path / "tickets.jsonl", tmp_path / "files"
    file.write_text(office.run("export", "--files", files).stdout)
    other.now = office.now
    said = other.run("import", file, "--files", files).stdout
    assert "imported tickets: 6; here already: 0" in said and "missing" not in said
    assert everything(other) == before
    for number in (1, 2, 6):
        assert other.run("show", number).stdout == office.run("show", number).stdout
    assert other.run("list", "--all").stdout == office.run("list", "--all").stdout
    looked = other.run("doctor", "--offline", "--deep").stdout
    assert "BAD" not in looked
    saved = tmp_path / "saved"
    other.run("show", 6, "--attachments", saved)
    assert (saved / "fil.csv").read_text().strip() == "f;1"
    assert "imported tickets: 0; here already: 6" in other.run("import", file, "--files", files).stdout
    assert everything(other) == before
    arrive(other, "a")  # a mail that came with the export is known again
    assert everything(other) == before


def test_numbers_that_are_taken(office: Office, other: Office, tmp_path: Path) -> None:
    arrive(office, "a")
    file = tmp_path / "tickets.jsonl"
    file.write_text(office.run("export").stdout)
    other.make(1, subject="Något annat")
    before = everything(other)
    assert "#1" in other.run("import", file, code=5).stderr
    assert everything(other) == before


def test_without_the_files(office: Office, other: Office, tmp_path: Path) -> None:
    arrive(office, "a")
    file = tmp_path / "tickets.jsonl"
    file.write_text(office.run("export").stdout)
    assert "missing files, only named on the ticket: 1 (#1 fil.csv)" in other.run("import", file).stdout
    assert "fil.csv" in other.run("show", 1).stdout
    assert "BAD" not in other.run("doctor", "--offline").stdout


# --- in the same shape, by others ---


def foreign(number: object, **more: Any) -> dict[str, Any]:
    return {
        "system": "pappersakten",
        "number": number,
        "subject": f"Ärende {number}",
        "status": "open",
        "requester": {"name": "Åsa Öberg", "address": "Asa@Kund.Example"},
        "messages": [
            {"at": "2019-03-01T10:00:00+01:00", "text": "Var är mitt paket?", "from": {"address": "asa@kund.example"}}
        ],
        **more,
    }


def written(path: Path, *shapes: object) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in shapes))
    return path


def test_what_others_wrote(office: Office, tmp_path: Path) -> None:
    shapes = [
        foreign(5),
        foreign("2019-0007", status="closed", closed_at="2019-03-09T12:00:00Z", assignee="bo", labels=["vip"]),
        foreign(7, status="waiting", wake_at="2026-12-24T08:00:00+01:00", assignee="Kalle", links=[{"to": 5}]),
        foreign(8, status="waiting", requester=None, messages=[]),
    ]
    file = written(tmp_path / "t.jsonl", *shapes)
    would = office.run("import", file, "--dry-run").stdout
    assert "tickets to import: 4;" in would and exported(office) == []
    said = office.run("import", file).stdout
    assert "status: closed 1, open 1, waiting 2" in said and "opened: 2019 3, 2026 1" in said
    assert "Kalle 1" in said and "another number here: 1 (2019-0007 is #9)" in said
    assert "without a customer's address: 1 (8)" in said
    found = {one["number"]: one for one in exported(office)}
    assert sorted(found) == [5, 7, 8, 9]
    assert found[5]["opened_at"] == "2019-03-01T09:00:00Z" and found[5]["messages"][0]["at"] == "2019-03-01T09:00:00Z"
    assert found[5]["requester"]["address"] == "asa@kund.example"
    assert (found[9]["closed_at"], found[9]["assignee"], found[9]["labels"]) == ("2019-03-09T12:00:00Z", "bo", ["vip"])
    assert (found[7]["status"], found[7]["wake_at"], found[7]["assignee"]) == ("waiting", "2026-12-24T07:00:00Z", None)
    assert found[7]["links"] == [{"to": 5, "kind": "related"}]
    assert found[8]["requester"] == {"name": "unknown", "address": ""}
    assert "#9" in office.run("search", "2019-0007").stdout or "9 " in office.run("search", "2019-0007").stdout
    again = office.run("import", written(tmp_path / "t.jsonl", *shapes, foreign(10))).stdout
    assert "imported tickets: 1; here already: 4" in again
    assert len(exported(office)) == 5


def test_an_owner_by_another_name(office: Office, tmp_path: Path) -> None:
    file = written(tmp_path / "t.jsonl", foreign(5, assignee="bo.ek@old.example"))
    office.run("import", file, "--person", "bo.ek@old.example=bo")
    assert exported(office)[0]["assignee"] == "bo"
    assert "NAME=AGENT" in office.run("import", file, "--person", "bo", code=2).stderr


ESCALATING = """
escalation:
  - {when: {used: 50%}, then: [{notify: team}]}
  - {when: {unassigned: 1h}, then: [{notify: team}]}
report: {to: [alice@exempel.example]}
"""


@pytest.mark.parametrize("count", [200, pytest.param(5_000, marks=pytest.mark.long)])
def test_nobody_is_answered_notified_or_escalated(office: Office, tmp_path: Path, count: int) -> None:
    (office.folder / "rules.yaml").write_text(RULES + ESCALATING)
    statuses = ["new", "open", "waiting", "closed"]
    shapes = [foreign(number, status=statuses[number % 4]) for number in range(1, count + 1)]
    figures = office.run("report", "--from", "2019-01-01", "--csv").stdout
    office.run("import", written(tmp_path / "t.jsonl", *shapes))
    for _ in range(3):
        office.run("triage")
        office.run("escalate", "-q")
        office.now += timedelta(hours=2)
    assert json.loads(office.run("outbox", "--json").stdout) == []
    assert not any(one["due_at"] for one in map(json.loads, office.run("list", "--json").stdout.splitlines()))
    office.now -= timedelta(hours=6)
    after = office.run("report", "--from", "2019-01-01", "--csv").stdout
    kept = [line for line in after.splitlines() if not line.startswith(("audit", "load", "backlog", "workload"))]
    assert kept == [line for line in figures.splitlines() if line in kept]


def test_once_the_customer_writes_again_it_is_a_ticket_like_others(office: Office, tmp_path: Path) -> None:
    mail = foreign(5)
    mail["messages"][0]["message_id"] = "<old@kund.example>"
    office.run("import", written(tmp_path / "t.jsonl", mail))
    letter = (
        "From: asa@kund.example\nTo: support@exempel.example\nSubject: Re: Ärende 5\nMessage-ID: <n@kund.example>\n"
        "In-Reply-To: <old@kund.example>\nDate: Fri, 20 Nov 2026 08:30:00 +0000\n\nFortfarande inget paket.\n"
    )
    office.now += timedelta(minutes=1)
    office.run("fetch", "-", stdin=letter)
    (one,) = map(json.loads, office.run("list", "--json").stdout.splitlines())
    assert one["number"] == 5 and datetime.fromisoformat(one["due_at"]) > office.now
    assert datetime.fromisoformat(one["due_at"]) < office.now + timedelta(days=4)


def test_a_mail_that_was_imported_is_known_when_it_is_fetched(office: Office, tmp_path: Path) -> None:
    mail = foreign(5)
    mail["messages"][0] |= {"message_id": "<old@kund.example>", "from": {"address": "asa@kund.example"}}
    office.run("import", written(tmp_path / "t.jsonl", mail))
    letter = "From: {sender}\nSubject: Hej\nMessage-ID: <old@kund.example>\nDate: {date}\n\nHej\n"
    then, now = "Fri, 01 Mar 2019 10:00:00 +0100", "Fri, 20 Nov 2026 08:00:00 +0000"
    same = letter.format(sender="asa@kund.example", date=then)
    assert "1 seen before" in office.run("fetch", "-", stdin=same).stdout
    assert [len(one["messages"]) for one in exported(office)] == [1]
    # the id alone is no proof: another's mail, or one of another day, is not lost
    office.run("fetch", "-", stdin=letter.format(sender="eva@annan.example", date=then))
    office.run("fetch", "-", stdin=letter.format(sender="asa@kund.example", date=now))
    assert sum(len(one["messages"]) for one in exported(office)) == 3


@pytest.mark.parametrize("mask", ["mask", "mask_shown"])
def test_a_second_run_knows_what_the_desk_masks(office: Office, other: Office, tmp_path: Path, mask: str) -> None:
    arrive(office, "a")
    office.run("new", "--requester", "bo@kund.example", "--subject", "Kort 4111 1111 1111 1111", "--text", "Hej")
    (other.folder / "rules.yaml").write_text(f"{RULES}privacy: {{{mask}: [payment_card]}}\n")
    file = tmp_path / "tickets.jsonl"
    file.write_text(office.run("export").stdout)
    assert "imported tickets: 2;" in other.run("import", file).stdout
    assert "imported tickets: 0; here already: 2" in other.run("import", file).stdout


def test_masked_on_arrival(office: Office, tmp_path: Path) -> None:
    (office.folder / "rules.yaml").write_text(RULES + "privacy: {mask: [personnummer, payment_card]}\n")
    mail = foreign(5, subject="Kort 4111 1111 1111 1111")
    mail["messages"][0]["text"] = "Mitt kort är 4111 1111 1111 1111."
    mail["messages"][0]["attachments"] = [{"name": "kort.txt", "type": "text/plain", "path": "a/kort.txt"}]
    (tmp_path / "files" / "a").mkdir(parents=True)
    (tmp_path / "files" / "a" / "kort.txt").write_text("4111 1111 1111 1111")
    office.run("import", written(tmp_path / "t.jsonl", mail), "--files", tmp_path / "files")
    for path in (office.folder / "data").rglob("*"):
        if path.is_file():
            assert b"4111 1111 1111" not in path.read_bytes(), path
    office.run("show", 5, "--attachments", tmp_path / "out")
    assert (tmp_path / "out" / "kort.txt").is_file()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "t.jsonl:1"),
        ('{"number": 1}\n[1, 2]\n', "t.jsonl:2"),
        ('{"number": 1}\n{"number": 2, "status": "ajar"}\n', "t.jsonl:2: Invalid enum value 'ajar' - at `$.status`"),
        ('{"number": 1, "messages": [{"at": "yesterday"}]}', "t.jsonl:1: Invalid RFC3339 encoded datetime"),
        ('{"subject": "x"}', "t.jsonl:1"),
        ('{"number": 1}\n{"number": 1}\n', "t.jsonl:2: there is a second ticket 1"),
        ("ingenting", "t.jsonl:1: this is no JSON"),
        ('"text"', "an object is expected"),
    ],
)
def test_a_mistake_is_named_and_nothing_comes_in(office: Office, tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text(text)
    assert place in office.run("import", file, code=2).stderr
    assert exported(office) == []
    assert "No such file" in office.run("import", tmp_path / "none", code=2).stderr
    assert "osticket" in office.run("import", file, "--from", "otrs", code=2).stderr


def test_what_is_in_none_of_the_files_is_no_silent_success(office: Office, tmp_path: Path) -> None:
    file = written(tmp_path / "t.jsonl", foreign(5))
    assert "no ticket of that shape" in office.run("import", file, "--from", "zammad", code=2).stderr
    (tmp_path / "empty").write_text("")
    assert "no ticket of that shape" in office.run("import", tmp_path / "empty", code=2).stderr
    zone = ("--from", "zammad", "--zone", "Mars/Olympus")
    assert "'Mars/Olympus' is not a time zone" in office.run("import", file, *zone, code=2).stderr


def test_in_swedish(office: Office, tmp_path: Path) -> None:
    mail = foreign(5, assignee="Anna", events=[{"at": "2019-03-02T10:00:00Z", "what": "closed", "actor": "Anna"}])
    del mail["messages"][0]["from"]
    said = office.run("--language", "sv", "import", written(tmp_path / "t.jsonl", mail)).stdout
    assert "status: öppet 1" in said
    shown = office.run("--language", "sv", "show", 5, "--history").stdout
    assert "alice: importerat pappersakten 5" in shown and "där: ansvarig Anna" in shown and "där: stängt" in shown
    assert "Åsa Öberg <asa@kund.example>" in shown  # who wrote, where that is left out, was the requester


def test_no_file_outside_the_folder(office: Office, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hemligt")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "link").symlink_to(tmp_path / "secret")
    mail = foreign(5)
    mail["messages"][0]["attachments"] = [
        {"name": str(at), "path": path} for at, path in enumerate(["../secret", str(tmp_path / "secret"), "link", ""])
    ]
    said = office.run("import", written(tmp_path / "t.jsonl", mail), "--files", tmp_path / "files").stdout
    assert "only named on the ticket: 4 (" in said
    assert not [path for path in (office.folder / "data" / "blobs").rglob("*") if path.is_file()]


# --- of other systems ---


ZAMMAD = [
    {
        "id": 2, "number": "67001", "title": "Fel på fakturan", "state": "pending reminder", "priority": "3 high",
        "customer": "asa@kund.example", "owner": "bo@exempel.example", "group": "Faktura", "tags": ["vip"],
        "created_at": "2025-05-02T08:00:00.000Z", "pending_time": "2027-01-02T08:00:00.000Z",
        "create_article_type": "phone",
    },
    {
        "id": 3, "number": "2026112310000012", "title": "Klart", "state": "closed", "priority": "1 low",
        "customer": "eva@kund.example", "owner": "-", "created_at": "2025-06-01T08:00:00.000Z",
        "last_close_at": "2025-06-03T09:30:15.000Z",
    },
]  # fmt: skip
ARTICLES = [
    {
        "id": 11, "ticket_id": 2, "sender": "Customer", "type": "email", "internal": False,
        "from": "Åsa Öberg <asa@kund.example>", "to": "support@exempel.example", "subject": "Fel på fakturan",
        "content_type": "text/html", "body": "<p>Hej!</p><p>Beloppet är fel.</p>", "message_id": "<z11@kund.example>",
        "created_at": "2025-05-02T08:00:01.000Z",
        "attachments": [{"id": 5, "filename": "faktura.pdf", "size": "4",
                         "preferences": {"Content-Type": "application/pdf"}}],
    },
    {
        "id": 12, "ticket_id": 2, "sender": "Agent", "type": "note", "internal": True, "content_type": "text/plain",
        "body": "Kolla med Eva", "created_by": "bo@exempel.example", "created_at": "2025-05-02T09:00:00.000Z",
    },
    {
        "id": 13, "ticket_id": 2, "sender": "Agent", "type": "email", "internal": False, "content_type": "text/plain",
        "body": "Vi rättar den.", "from": "Bo <bo@exempel.example>", "to": "asa@kund.example",
        "created_by": "bo@exempel.example", "created_at": "2025-05-02T10:00:00.000Z",
    },
]  # fmt: skip


def test_zammad(office: Office, tmp_path: Path) -> None:
    tickets, articles = tmp_path / "tickets.json", tmp_path / "articles.json"
    tickets.write_text(json.dumps(ZAMMAD, indent=1))
    articles.write_text(json.dumps(ARTICLES))
    (tmp_path / "files" / "2" / "11").mkdir(parents=True)
    (tmp_path / "files" / "2" / "11" / "5").write_bytes(b"%PDF")
    said = office.run(
        "import",
        tickets,
        articles,
        "--from",
        "zammad",
        "--files",
        tmp_path / "files",
        "--person",
        "bo@exempel.example=bo",
    ).stdout
    assert "imported tickets: 2;" in said and "2026112310000012 is #67002" in said
    first, second = exported(office)
    assert (first["number"], first["status"], first["priority"]) == (67001, "waiting", "high")
    assert (first["assignee"], first["labels"], first["fields"]) == ("bo", ["vip"], {"group": "Faktura"})
    assert (first["channel"], first["wake_at"]) == ("phone", "2027-01-02T08:00:00Z")
    said_in, note, answer = first["messages"]
    assert (said_in["direction"], said_in["text"]) == ("in", "Hej!\n\nBeloppet är fel.")
    assert said_in["from"] == {"name": "Åsa Öberg", "address": "asa@kund.example"}
    assert said_in["message_id"] == "z11@kund.example" and said_in["attachments"][0]["size"] == 4
    assert (note["direction"], note["kind"], note["author"]) == ("internal", "note", "bo")
    assert (answer["direction"], answer["at"], answer["delivery"]) == ("out", "2025-05-02T10:00:00Z", "sent")
    assert (second["status"], second["closed_at"], second["assignee"]) == ("closed", "2025-06-03T09:30:15Z", None)
    assert "67002" in office.run("search", "2026112310000012").stdout
    again = office.run("import", tickets, articles, "--from", "zammad").stdout
    assert "imported tickets: 0; here already: 2" in again


FREESCOUT = {
    "_embedded": {
        "conversations": [
            {
                "id": 70, "number": 31, "type": "email", "status": "active", "state": "published", "subject": "Retur",
                "customer": {"firstName": "Åsa", "lastName": "Öberg", "email": "asa@kund.example"},
                "assignee": {"email": "bo@exempel.example"}, "createdAt": "2025-01-02T03:04:05Z",
                "customFields": [{"name": "order_number", "value": "123456"}],
                "_embedded": {
                    "tags": [{"name": "retur"}],
                    "threads": [
                        {"type": "lineitem", "createdAt": "2025-01-03T03:04:05Z", "action": {"text": "Bo tog ärendet"},
                         "createdBy": {"email": "bo@exempel.example"}},
                        {"type": "message", "body": "<p>Skicka tillbaka det.</p>", "createdAt": "2025-01-04T03:04:05Z",
                         "createdBy": {"firstName": "Bo", "email": "bo@exempel.example"}, "to": ["asa@kund.example"]},
                        {"type": "customer", "body": "Hur gör jag?<br>Åsa", "createdAt": "2025-01-02T03:04:05Z",
                         "customer": {"firstName": "Åsa", "email": "asa@kund.example"},
                         "_embedded": {"attachments": [{"fileName": "bild.png", "mimeType": "image/png", "size": 3,
                                        "fileUrl": "https://help.example/storage/attachment/7/bild.png?token=x"}]}},
                        {"type": "note", "body": "Ring", "createdAt": "2025-01-05T03:04:05Z", "state": "draft"},
                    ],
                },
            },
            {"id": 71, "number": 32, "status": "spam", "state": "published", "subject": "Köp",
             "createdAt": "2025-01-02T03:04:05Z"},
            {"id": 72, "number": 33, "status": "active", "state": "draft", "subject": "Utkast"},
        ]
    },
    "page": {"size": 50, "totalPages": 1, "number": 1},
}  # fmt: skip


def test_freescout(office: Office, tmp_path: Path) -> None:
    page = tmp_path / "page1.json"
    page.write_text(json.dumps(FREESCOUT))
    (tmp_path / "files" / "7").mkdir(parents=True)
    (tmp_path / "files" / "7" / "bild.png").write_bytes(b"png")
    office.run(
        "import", page, "--from", "freescout", "--files", tmp_path / "files", "--person", "bo@exempel.example=bo"
    )
    first, spam = exported(office)
    assert (first["number"], first["status"], first["assignee"]) == (31, "open", "bo")
    assert (first["labels"], first["fields"]) == (["retur"], {"order_number": "123456"})
    asked, answer = first["messages"]
    assert (asked["direction"], asked["text"], asked["attachments"][0]["name"]) == (
        "in",
        "Hur gör jag?\nÅsa",
        "bild.png",
    )
    assert asked["attachments"][0]["size"] == 3
    assert (answer["direction"], answer["text"], answer["author"]) == ("out", "Skicka tillbaka det.", "bo")
    assert any(event["what"] == "there: Bo tog ärendet" for event in first["events"])
    assert (spam["number"], spam["status"], spam["spam"]) == (32, "closed", True)


OSTICKET = {
    "ost_ticket.csv": "ticket_id,number,user_id,user_email_id,status_id,staff_id,source,created,closed\n"
    "4,000123,9,NULL,1,2,Email,2025-07-01 10:00:00,NULL\n"
    "5,000124,9,21,3,0,Phone,2025-07-01 11:00:00,2025-07-02 12:00:00\n",
    "ost_ticket__cdata.csv": 'ticket_id,subject,priority\n4,"Trasig, igen",4\n5,Fråga,2\n',
    "ost_ticket_status.csv": "id,name,state\n1,Öppen,open\n3,Löst,closed\n",
    "ost_ticket_priority.csv": "priority_id,priority\n2,normal\n4,emergency\n",
    "ost_user.csv": "id,default_email_id,name\n9,20,Åsa Öberg\n",
    "ost_user_email.csv": "id,user_id,address\n20,9,asa@kund.example\n21,9,asa2@kund.example\n",
    "ost_staff.csv": "staff_id,username,email\n2,bo,bo@exempel.example\n",
    "ost_thread.csv": "id,object_id,object_type\n40,4,T\n41,5,T\n",
    "ost_thread_entry.csv": "id,thread_id,staff_id,user_id,type,flags,poster,title,body,format,created\n"
    '100,40,0,9,M,0,Åsa Öberg,Trasig,"<p>Den gick sönder.</p>",html,2025-07-01 10:00:00\n'
    "101,40,2,0,R,0,Bo Ek,,Vi skickar en ny.,text,2025-07-01 12:00:00\n"
    "102,40,2,0,N,0,Bo Ek,,Tredje gången,text,2025-07-01 12:30:00\n"
    "103,40,2,0,N,4,Bo Ek,,Dold,text,2025-07-01 12:40:00\n",
    "ost_thread_entry_email.csv": "id,thread_entry_id,mid\n1,100,<o1@kund.example>\n",
    "ost_attachment.csv": "id,object_id,type,file_id,name,inline\n1,100,H,7,,0\n",
    "ost_file.csv": "id,type,size,key,name\n7,image/png,3,AbC,bild.png\n",
}


def test_osticket(office: Office, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    tables.mkdir()
    for name, text in OSTICKET.items():
        (tables / name).write_text(text)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "AbC").write_bytes(b"png")
    office.run("import", *sorted(tables.iterdir()), "--from", "osticket", "--files", tmp_path / "files")
    first, second = exported(office)
    assert (first["number"], first["subject"], first["priority"]) == (123, "Trasig, igen", "high")
    assert (first["assignee"], first["labels"]) == ("bo", ["emergency"])
    assert first["opened_at"] == "2025-07-01T08:00:00Z"  # of the desk's time zone
    assert [(one["direction"], one["text"]) for one in first["messages"]] == [
        ("in", "Den gick sönder."), ("out", "Vi skickar en ny."), ("internal", "Tredje gången"),
    ]  # fmt: skip
    assert first["requester"] == {"name": "Åsa Öberg", "address": "asa@kund.example"}
    assert first["messages"][0]["message_id"] == "o1@kund.example"
    assert first["messages"][0]["attachments"][0]["name"] == "bild.png"
    assert (second["status"], second["channel"], second["requester"]["address"]) == (
        "closed",
        "phone",
        "asa2@kund.example",
    )
    lonely = office.run("import", tables / "ost_ticket.csv", "--from", "osticket", code=2).stderr
    assert "the table thread is missing" in lonely
    assert datetime.fromisoformat(second["closed_at"]) == datetime(2025, 7, 2, 10, tzinfo=UTC)


# --- what their interfaces document, and was read wrongly before ---


def test_zammad_without_words_is_refused(office: Office, tmp_path: Path) -> None:
    """docs.zammad.org, api/ticket/index.rst: what a list gives without expand."""
    bare = {"id": 2, "number": "22002", "title": "Order", "state_id": 4, "owner_id": 3, "customer_id": 6}
    path = tmp_path / "t.json"
    path.write_text(json.dumps([bare]))
    assert "expand=true" in office.trouble("import", path, "--from", "zammad", code=2)
    assert exported(office) == []


def test_zammad_who_wrote_in_the_browser_or_called(office: Office, tmp_path: Path) -> None:
    web = ARTICLES[0] | {"id": 21, "type": "web", "from": "Åsa Öberg", "created_by": "asa@kund.example"}
    call = ARTICLES[0] | {
        "id": 22, "type": "phone", "from": "", "created_by": "bo@exempel.example", "origin_by": "asa@kund.example",
        "created_at": "2025-05-02T11:00:00.000Z",
    }  # fmt: skip
    path = tmp_path / "t.json"
    path.write_text(json.dumps([ZAMMAD[0] | {"articles": [web, call]}]))
    office.run("import", path, "--from", "zammad")
    (one,) = exported(office)
    assert [message["from"]["address"] for message in one["messages"]] == ["asa@kund.example"] * 2
    assert one["messages"][0]["from"]["name"] == "Åsa Öberg"


def test_freescout_words_of_a_choice_and_what_a_customer_said_in_a_chat(office: Office, tmp_path: Path) -> None:
    said = {
        "type": "chat", "body": "Hej?", "createdAt": "2025-01-02T03:04:05Z",
        "createdBy": {"type": "customer", "firstName": "Åsa", "email": "asa@kund.example"},
    }  # fmt: skip
    field = {"id": 7, "name": "area", "value": "2", "text": "Faktura"}
    talk = {"number": 41, "status": "active", "type": "chat", "subject": "", "customFields": [field]}
    path = tmp_path / "c.json"
    path.write_text(json.dumps(talk | {"createdAt": "2025-01-02T03:04:05Z", "_embedded": {"threads": [said]}}))
    office.run("import", path, "--from", "freescout")
    (one,) = exported(office)
    assert one["fields"] == {"area": "Faktura"}
    assert (one["messages"][0]["direction"], one["messages"][0]["from"]["address"]) == ("in", "asa@kund.example")


def test_osticket_a_collaborator_wrote(office: Office, tmp_path: Path) -> None:
    more = {
        "ost_user.csv": "10,22,Bo Granne\n",
        "ost_user_email.csv": "22,10,bo@granne.example\n",
        "ost_thread_entry.csv": "104,40,0,10,M,0,Bo Granne,,Jag är hans granne.,text,2025-07-01 13:00:00\n",
    }
    for name, text in OSTICKET.items():
        (tmp_path / name).write_text(text + more.get(name, ""))
    office.run("import", *(tmp_path / name for name in OSTICKET), "--from", "osticket")
    first, _ = exported(office)
    assert first["messages"][-1]["from"] == {"name": "Bo Granne", "address": "bo@granne.example"}


def test_osticket_a_merged_ticket_keeps_its_words(office: Office, tmp_path: Path) -> None:
    tables = dict(OSTICKET)
    head, first, second = tables["ost_ticket.csv"].splitlines()
    tables["ost_ticket.csv"] = f"{head},ticket_pid\n{first},NULL\n{second},4\n"
    kinds = 'id,object_id,object_type,extra\n40,4,T,\n41,4,C,"{""ticket_id"":5,""number"":""000124""}"\n'
    tables["ost_thread.csv"] = kinds
    tables["ost_thread_entry.csv"] += "110,41,0,9,M,0,Åsa,,Samma sak.,text,2025-07-01 11:00:00\n"
    for name, text in tables.items():
        (tmp_path / name).write_text(text)
    office.run("import", *(tmp_path / name for name in tables), "--from", "osticket")
    into, away = exported(office)
    assert [one["text"] for one in away["messages"]] == ["Samma sak."] and len(into["messages"]) == 3
    assert away["links"][0]["to"] == into["number"]


# --- numbers that were replaced ---


OLD = "2026112310000012"


def answer(sender: str, subject: str) -> str:
    return f"From: {sender}\nTo: support@exempel.example\nSubject: {subject}\nMessage-ID: <{sender}>\n\nHur går det?\n"


def test_the_old_number_says_which_ticket_it_is_now(office: Office, tmp_path: Path) -> None:
    office.make(1)
    office.run("import", written(tmp_path / "t.jsonl", foreign(OLD), foreign(1)))
    now = next(one["number"] for one in exported(office) if one["subject"] == f"Ärende {OLD}")
    said = office.trouble("show", f"#{OLD}", code=4)
    assert f"here it is #{now}" in said and f"`ticketctl show {now}`" in said
    assert "importerat ärende" in office.trouble("--language", "sv", "show", OLD, code=4)
    assert "no ticket #9876543210" in office.trouble("show", "9876543210", code=4)
    both = office.run("show", 1)  # taken by another here: that one is shown, and the imported one named
    assert "#1 in the system that it was imported from" in both.stderr


@pytest.mark.parametrize("tag", [f"[#{OLD}]", f"[Ticket#{OLD}]"])
def test_a_mail_with_the_old_number_joins_for_whoever_takes_part(office: Office, tmp_path: Path, tag: str) -> None:
    office.run("import", written(tmp_path / "t.jsonl", foreign(OLD)))
    office.run("fetch", "-", stdin=answer("asa@kund.example", f"SV: Mitt paket {tag}"))
    (one,) = exported(office)
    assert len(one["messages"]) == 2
    office.run("fetch", "-", stdin=answer("eva@annan.example", f"SV: Mitt paket {tag}"))
    first, second = exported(office)
    assert len(first["messages"]) == 2 and len(second["messages"]) == 1


def test_an_old_number_that_another_ticket_has_here(office: Office, tmp_path: Path) -> None:
    office.make(1)
    office.run("import", written(tmp_path / "t.jsonl", foreign(1)))
    office.run("fetch", "-", stdin=answer("asa@kund.example", "Re: Mitt paket [#1]"))
    assert [len(one["messages"]) for one in exported(office)] == [1, 2]
