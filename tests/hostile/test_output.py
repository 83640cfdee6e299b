"""What customers and file names can make ticketctl print: 300 payloads for terminals through every command that prints,
errors too; 100 for spreadsheets; 500 for browsers, in Chromium."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import click
import pytest
from msgspec.structs import replace

from tests.commands.test_roles import LINES, LOOKS, every
from tests.conftest import RULES, Office
from tests.growth import HANG
from tests.mails import simple
from ticketctl.domain.ticket.message import Attachment, Person
from ticketctl.domain.ticket.ticket import Ticket

# --- terminals ---

CONTROLS = [chr(number) for number in (*range(1, 9), 11, 12, *range(13, 32), *range(127, 160))]
FORMATS = [chr(number) for number in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)]
SEQUENCES = [
    f"{start}{rest}"
    for start, rest in product(
        ("\x1b", "\x9b", "\x1b\x1b", "a\x1b"),
        (
            "[2J",
            "[8m",
            "[31m",
            "]0;titel\x07",
            "]8;;https://ond.example\x07hej\x1b]8;;\x07",
            "[6n",
            "[?1049h",
            "c",
            "(0",
            "P+q544e\x1b\\",
            "]52;c;aGVq\x07",
            "[1;1H",
            "[1A",
            "_G\x1b\\",
            "#8",
            "[20t",
            "[5i",
            "]4;1;?\x07",
            "[>c",
        ),
    )
]
CUT = [f"början{char}slut" for char in (*CONTROLS, *FORMATS)]
TERMINAL = [*CONTROLS, *FORMATS, *SEQUENCES, *CUT, "\r\x1b[K$ ", "\x08" * 20 + "falskt", "a\r\nb\x0b\x0cc", "\x00"]
TERMINAL += [f"{one}{two}" for one, two in product(CONTROLS[::3] + FORMATS[::3], ("x", "å", "😀", "e\u0301"))]
MORE = (
    "page 1",
    "chat",
    "audit show", "audit verify", "doctor", "drafts", "inbox --json", "show 1 --json",
    "show 1 2 3 4 5 --full --history --why", "watch 1", "unwatch 1", "hold 1",
    "list --all --json", "export", "search ärende", "outbox --json", "patterns", "privacy check", "privacy record",
    "purge --plan", "rules replay --json", "merge --suggest --json", "report --from 2026-11-01 --by label",
    "person show a0@kund.example", "backup --help", "undo --dry-run 1", "snippets show mottaget",
)  # fmt: skip
TYPED = ("show {}", "list --from {}", "search {}", "label 1 +{}", "assign 1 {}", "set 1 area={}", "fetch {}", "{}",
         "quarantine show {}", "snippets show {}", "report --week {}", "show 1 --as {}", "close 1 --cause {}",
         "person show {}", "audit show --person {}", "audit verify --anchor {}", "inspect {}")  # fmt: skip


def raw(text: str) -> set[str]:
    """What steers a terminal or turns the order of letters."""
    return {
        one for one in text
        if one not in "\n\t" and (unicodedata.category(one) == "Cc" or one in FORMATS or one in "\u2028\u2029")
    }  # fmt: skip


@pytest.fixture
def planted(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Every payload in subject, names, texts, file names, labels, notes, cause and lesson of a ticket."""
    monkeypatch.chdir(office.folder)
    (office.folder / "rules.yaml").write_text(RULES + "report: {to: [alice@exempel.example]}\n", "utf-8")
    size = 20
    for at in range(0, len(TERMINAL), size):
        text = " ".join(TERMINAL[at : at + size])
        file = Attachment(name=f"{text}.txt", type=f"text/{text}", size=3, sha256=office.store.blobs.put(b"hej"))
        office.make(
            subject=f"Ärende {text}", text=f"Hej\n{text}", whole=text, requester=Person(f"a{at}@kund.example", text),
            attachments=(file,), labels=(text[:60],), fields={"category": text[:40], "area": text[:30]},
        )  # fmt: skip
    office.run("fetch", "-", stdin=simple("Äkta \x1b[8m", "Hej \x1b]0;x\x07", sender="ö@kund.example").decode())
    for number in (1, 2):
        one = office.get(number)
        office.change(number, lambda ticket, one=one: replace(ticket, cause=one.subject, lesson=one.subject))
        office.run("note", number, one.subject)
        office.run("reply", number, "--draft", "--text", one.subject)
    return office


def test_there_are_300_payloads() -> None:
    assert len(set(TERMINAL)) >= 300 and len(SHEET) >= 100 and len(set(BROWSER)) >= 500


def test_no_command_prints_what_steers_a_terminal(planted: Office) -> None:
    for line in (*LOOKS, *MORE, *LINES.values()):
        ended = planted.invoke(*line.split(), stdin="n\n")
        assert ended.exception is None or isinstance(ended.exception, SystemExit), (line, ended.exception)
        assert raw(ended.stdout) == set() and raw(ended.stderr) == set(), line


def test_nor_does_an_error(planted: Office) -> None:
    for line, payload in product(TYPED, [one for one in TERMINAL if "\x00" not in one][::4]):
        arguments = [part.replace("{}", payload) for part in line.split()]
        ended = planted.invoke(*arguments, stdin="")
        assert ended.exception is None or isinstance(ended.exception, SystemExit), (arguments, ended.exception)
        assert raw(ended.stderr) == set() and raw(ended.stdout) == set(), arguments


def test_every_command_that_prints_is_among_them() -> None:
    tried = {" ".join(line.split()[:2]) for line in (*LOOKS, *MORE, *LINES.values())}
    tried |= {one.split()[0] for one in tried}
    no_content = {
        "init",
        "demo",
        "completion",
        "help",
        "login",
        "restore",
        "import",
        "inspect",
        "serve",
        "webhook",
    }  # inspect, and what serve shows: their own tests
    missing = {path for path, command in every().items() if not isinstance(command, click.Group)} - tried
    assert {one for one in missing if one.split()[0] not in tried | no_content} == set()


# --- spreadsheets ---

SHEET = [
    f"{start}{rest}"
    for start, rest in product(
        ("=", "+", "-", "@", "\t", "\r", " =", "\t=", "＝", "\n=", "+-", "\r="),
        (
            "1+1",
            "cmd|' /C calc'!A0",
            'HYPERLINK("http://ond.example")',
            "SUM(A1)",
            "x",
            "A1",
            "IMPORTXML(1)",
            '"',
            "2",
            ";",
        ),
    )
]


def test_no_cell_begins_a_formula(office: Office) -> None:
    for number, payload in enumerate(SHEET, 1):
        office.make(number, subject=payload, labels=(payload,), fields={"area": payload}, cause=payload,
                    requester=Person(f"k{number}@kund.example", payload), assignee=payload[:20])  # fmt: skip
        if number % 3 == 0:
            office.change(number, lambda ticket: replace(ticket, status="closed", closed_at=office.now))
    for by, kind in product(("label", "cause", "owner", "area"), ("excel", "plain")):
        told = office.say("report", "--from", "2026-11-01", "--by", by, f"--csv={kind}")
        told = told.lstrip("\ufeff")
        rows = list(csv.reader(io.StringIO(told), delimiter=";" if ";" in told.splitlines()[0] else ","))
        cells = [cell for row in rows for cell in row if not re.fullmatch(r"-?[\d.,:% ]+", cell)]
        assert [cell for cell in cells if cell[:1] in "=+-@\t\r＝" and cell] == [], by


# --- browsers ---

CALLS = ("document.title='pwned'", "fetch('http://127.0.0.1:9/x')", "location='http://127.0.0.1:9/'")
SHAPES = (
    "<script>{}</script>",
    '<img src=x onerror="{}">',
    '<svg onload="{}">',
    '"><script>{}</script>',
    "'><img src=x onerror={}>",
    "</title><script>{}</script>",
    "</style><script>{}</script>",
    "</textarea><script>{}</script>",
    "<body onload={}>",
    '<iframe srcdoc="<script>{}</script>">',
    '<a href="javascript:{}" autofocus onfocus="{}">x</a>',
    "<style>@import 'http://127.0.0.1:9/'</style>",
    "<link rel=stylesheet href=http://127.0.0.1:9/>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
    "<object data=http://127.0.0.1:9/>",
    '<video src=x onerror="{}">',
    '<details open ontoggle="{}">',
    '<math><mi xlink:href="javascript:{}">',
    '<input autofocus onfocus="{}">',
    "<base href=http://127.0.0.1:9/>",
    "<form action=http://127.0.0.1:9/><button autofocus>",
    "<!--><script>{}</script>-->",
    "<![CDATA[<script>{}</script>]]>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;script&#62;{}&#60;/script&#62;",
    '" onmouseover="{}',
    "' autofocus onfocus='{}",
    "</pre><script>{}</script>",
    "</td></table><script>{}</script>",
    "{{{{ {} }}}}",
    "{{% {} %}}",
    "<scr<script>ipt>{}</script>",
    "<SCRIPT>{}</SCRIPT>",
    "<script\x0c>{}</script>",
    "<img/src=x/onerror={}>",
    "<svg><script>{}</script></svg>",
    "<template><script>{}</script></template>",
    '<noscript><p title="</noscript><img src=x onerror={}>">',
    "<audio src onerror={}>",
    "<marquee onstart={}>",
    '<embed src="javascript:{}">',
    "url(http://127.0.0.1:9/)",
)
BROWSER = [
    f"{before}{shape.replace('{{', '{').replace('}}', '}').replace('{}', call)}"
    for shape, call, before in product(SHAPES, CALLS, ("", "x ", "\ufeff", "\\", "\t"))
]
TELL = "<script>document.title='pwned'</script>"


def browsed(page: Path, folder: Path) -> tuple[str, str]:
    """What the page became in Chromium, and what it asked for."""
    log = folder / "net.json"
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profil",
               f"--log-net-log={log}", "--virtual-time-budget=2000", "--dump-dom", page.as_uri()]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=4 * HANG, check=False)
    return done.stdout, log.read_text("utf-8", "replace") if log.exists() else ""


def pages(office: Office) -> Iterator[tuple[str, Path]]:
    """Reports with each payload as label, cause, owner or field; a person's data with each in name, subject or text."""
    size = 42
    for at in range(0, len(BROWSER), size):
        some, text = BROWSER[at : at + size], " ".join(BROWSER[at : at + size])
        who = Person("åsa@kund.example", text)
        office.make(subject=text, text=text, whole=text, labels=tuple(some), requester=who)
        with office.store.transaction() as desk:
            for one in some:
                closed = Ticket(
                    number=desk.new_number(), subject="x", requester=Person("", "Eva"), opened_at=office.now
                )
                desk.save(
                    replace(
                        closed, cause=one, assignee=one, fields={"area": one}, closed_at=office.now, status="closed"
                    )
                )
    for by in ("label", "cause", "owner", "area"):
        path = office.folder / f"rapport-{by}.html"
        office.run("report", "--from", "2026-11-01", "--by", by, "--html", path)
        yield f"report --by {by}", path
    office.run("person", "export", "åsa@kund.example", "-o", office.folder / "ut.zip")
    with zipfile.ZipFile(office.folder / "ut.zip") as archive:
        for name in archive.namelist():
            if name.endswith(".html"):
                yield f"person export {name}", Path(archive.extract(name, office.folder / "ut"))


@pytest.mark.browser
@pytest.mark.long
def test_no_page_runs_a_script_or_asks_for_anything(office: Office, tmp_path: Path) -> None:
    seen = 0
    for name, page in pages(office):
        folder = tmp_path / f"b{seen}"
        folder.mkdir()
        dom, asked = browsed(page, folder)
        assert len(dom) > 1000, name
        assert "<title>pwned" not in dom, name
        assert not re.search(r"<script|<img|<iframe|<svg onload", dom), name
        assert "127.0.0.1:9" not in asked, name
        seen += 1
    assert seen >= 5 + len(BROWSER) // 42
    control = tmp_path / "kontroll.html"
    control.write_text(f"<title>x</title>{TELL}<img src=http://127.0.0.1:9/x>")
    folder = tmp_path / "k"
    folder.mkdir()
    dom, asked = browsed(control, folder)
    assert "pwned" in dom and "127.0.0.1:9" in asked  # this browser would have told
