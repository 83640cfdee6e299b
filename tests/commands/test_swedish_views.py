"""`board`, `inbox`, `list` and `search` in Swedish: no English word in them, whatever happened on the desk."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import NOW, ROOT, Office
from ticketctl.domain.deadlines import promises
from ticketctl.domain.ticket.message import Delivery, Message, Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act, Event, Ticket
from ticketctl.present.words import away, board, inbox, search, terms
from ticketctl.present.words import list as list_words
from ticketctl.present.words.inbox import KINDS, sentence
from ticketctl.usecases.absences import SetAway, set_away
from ticketctl.usecases.reply.presence import writing

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("Europe/Stockholm")
WORD = re.compile(r"[^\W\d_]+")


def words_of(language: str) -> set[str]:
    tables = (away, board, inbox, list_words, search, terms)
    texts = " ".join(text for table in tables for text in table.TEXTS[language].values())
    return set(WORD.findall(re.sub(r"`[^`]*`|{\w+[^}]*}", " ", texts.lower())))


OURS = """hour hours day days week weeks late ago new open waiting closed high medium low mon tue wed thu fri sat sun no
not is was has and the of with from by nobody unassigned"""
ENGLISH = (words_of("en") | set(OURS.split())) - words_of("sv") - {"frist", "medel", "in"}


def english_in(shown: str) -> set[str]:
    """The English words in it, apart from what is to be typed and from the words of customers and servers."""
    ours = re.sub(r"`[^`]*`|”[^”]*”|\[[^\]]*\]", " ", shown)
    return {word for word in WORD.findall(ours.lower()) if word in ENGLISH}


def out(key: str, at: datetime, delivery: Delivery) -> Message:
    sender = Person("a@exempel.example")
    return Message(
        key=key, direction="out", kind="message", at=at, delivery=delivery, sender=sender, author="alice", text="Svar"
    )


@pytest.fixture
def busy(office: Office) -> Office:
    """Something under every heading, in every column, and of every notice that has no clock of its own."""
    act = Act("bo", office.now, "x")
    office.make(1, priority="high", age=2 * DAY, subject="Årsavgiften 👩‍👩‍👧‍👦", labels=("vip",))
    office.make(2, assignee="bo", status="open", age=90 * DAY)
    office.make(3, assignee="bo", status="waiting", wake_at=office.now + 2 * HOUR, age=30 * DAY)
    office.make(4, status="waiting", wake_at=office.now + 3 * DAY, subject="")
    office.make(5, status="open", assignee="alice")
    office.change(5, lambda one: one.write(act, out("r1", office.now, "failed")))
    office.make(6, assignee="alice", priority="low", age=timedelta(minutes=5))
    earlier = Act("bo", office.now - 2 * HOUR, "x")
    office.change(6, lambda one: promises.promise(one, earlier, office.now - HOUR))
    office.make(7)
    office.change(7, lambda one: one.close(act))
    office.make(8)
    office.change(8, lambda one: one.mark_spam(act))
    office.make(9, assignee="alice", status="waiting", wake_at=office.now - HOUR)
    for number in range(10, 18):
        office.make(number, age=number * DAY)
    with office.store.transaction() as desk:
        given = {"kind": "report", "message_id": "a@b", "raw": "", "sender": "", "recipients": ()}
        for at, state in enumerate(("queued", "failed", "deferred", "deferred", "held")):
            desk.queue(Outbound(**{**given, "id": f"x{at}", "queued_at": office.now - 5 * HOUR, "state": state}))
        desk.queue(
            Outbound(**{**given, "id": "later", "queued_at": office.now, "leaves_at": office.now + DAY, "message": "m"})
        )
    set_away(office.session("bo"), SetAway(agent="bo", days="today"))
    return office


@pytest.mark.parametrize("wide", [40, 60, 80, 100])
@pytest.mark.parametrize(
    "args",
    [
        ["board"],
        ["list"],
        ["list", "--all", "--limit", "5"],
        ["list", "--label", "drift"],
        ["list", "--label", "drift", "--all"],
        ["list", "--search", "finnsinte"],
        ["search", "finnsinte"],
        ["search", "åsa"],
        ["inbox", "--peek"],
    ],
    ids=" ".join,
)
def test_no_line_is_mixed(busy: Office, monkeypatch: pytest.MonkeyPatch, args: list[str], wide: int) -> None:
    monkeypatch.setenv("COLUMNS", str(wide))
    with writing(busy.session("alice"), 2):
        shown = busy.say("--language", "sv", *args)
    assert shown and english_in(shown) == set()


def test_the_board(busy: Office) -> None:
    with writing(busy.session("alice"), 2):
        shown = busy.say("--language", "sv", "board")
    for line in (
        "Exempel AB  fre 2026-11-20 10:00",
        "Utlovade till i dag eller tidigare (1)",
        "Utan ansvarig (10, varav 9 ovan)",
        "Äldst: #2 Var är min beställning?, 12 veckor, bo",
        "#2: alice skriver sedan 10:00",
        "bo är borta från fre 2026-11-20 tills vidare; alice är ersättare",
    ):
        assert line in shown.splitlines()
    deferred = "2 mejl som ingen server har tagit emot än, det äldsta på 5 tim: `ticketctl send --list` visar varför"
    assert deferred in " ".join(shown.split())
    assert "16 dagar sen" in shown


def test_the_list(busy: Office) -> None:
    shown = busy.say("--language", "sv", "list", "--all")
    title, *lines = shown.splitlines()
    assert title.split() == ["#", "prio", "status", "frist", "ansvarig", "kund", "ämne", "ålder"]
    by_number = {line.split()[0]: line for line in lines}
    assert "lovat 60 min sen" in by_number["6"] or "lovat 1 tim sen" in by_number["6"]
    assert "väcks om 3 dagar" in by_number["4"] or "om 3 tim" in by_number["4"]
    assert "skräppost" in by_number["8"] and "stängt" in by_number["7"] and "väntar" in by_number["9"]
    assert "(inget ämne)" in by_number["4"] and "hög" in by_number["1"] and "låg" in by_number["6"]
    more = busy.say("--language", "sv", "list", "--limit", "2").splitlines()[3]
    assert busy.say("--language", "sv", "list", "--limit", "2").endswith("`--overdue`, `--search` färre\n")
    assert more.startswith("… och 13 till av 15, ")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["list", "--owner", "alise"], "'alise' finns inte i team: i rules.yaml; menade du 'alice'?"),
        (["list", "--label", "vpi"], "etiketten 'vpi' finns inte i labels: i rules.yaml; menade du 'vip'?"),
        (["list", "--field", "categor=x"], "fältet 'categor' finns inte i fields: i rules.yaml; menade du 'category'?"),
        (["list", "--field", "x"], "--field 'x': skriv NAMN=VÄRDE, till exempel --field category=betalning"),
        (["list", "--mine", "--unassigned"], "ange bara en av --mine, --unassigned och --owner"),
        (["list", "--waiting", "--status", "new"], "--waiting är detsamma som --status waiting; ange en av dem"),
        (["list", "--after", "sommar"], "'sommar' är ingen dag; skriv till exempel 2026-12-24, "),
        (["list", "--after", "vecka 60"], "'vecka 60': 2026 har 53 veckor; skriv som 2026-12-24"),
        (["search"], "vad ska sökas? `ticketctl search faktura öberg`"),
    ],
)
def test_errors(office: Office, args: list[str], said: str) -> None:
    assert office.trouble("--language", "sv", *args, code=2).startswith(f"ticketctl: {said}")


def test_cron_has_no_inbox(office: Office) -> None:
    said = office.trouble("--language", "sv", "inbox", code=5, user="system")
    assert said == "ticketctl: system har ingen inkorg; `ticketctl inbox --as AGENT` visar en handläggares\n"


# --- sentences of the inbox ---

TICKET = Ticket(number=1, subject="Hjälm", requester=Person("a@kund.example", "Åsa"), opened_at=NOW)


def kinds_in_the_code() -> Iterator[str]:
    """What events are called where tickets are changed, as far as it is written there."""
    for path in (ROOT / "ticketctl").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="changed" | "_logged"), args=[_, ast.Constant(str(kind)), *_]):
                    yield kind


def test_every_kind_of_event_has_a_sentence() -> None:
    silent = {"watched by", "no longer watched by"}  # are no news
    found = set(kinds_in_the_code())
    assert len(found) > 25
    assert found - silent <= set(KINDS)


EVENTS = [
    ("assigned", "", "bo", "bo tog det"),
    ("assigned", "alice", "bo", "bo tog det (förut ditt)"),
    ("assigned", "", "alice", "bo gav det till dig"),
    ("assigned", "bo", "", "bo lämnade det utan ansvarig"),
    ("priority", "medium", "high", "bo höjde prioriteten från medel till hög"),
    ("priority", "medium", "low", "bo sänkte prioriteten från medel till låg"),
    ("field category", "", "faktura", "bo satte category till faktura"),
    ("field category", "faktura", "", "bo tömde category (förut faktura)"),
    ("waiting", "open", "2026-11-27T07:00:00+00:00", "bo låter det vänta på kunden till fre 2026-11-27 08:00"),
    ("closed", "open", "no_answer", "bo stängde det (inget svar)"),
    ("closed", "open", "solved", "bo stängde det"),
    ("spam", "yes", "", "bo sade att det inte är skräppost"),
    ("linked", "", "related #4", "bo länkade det till #4"),
    ("delivery m2", "queued", "bounced 5.1.1", "svaret m2 kom tillbaka (5.1.1)"),
    ("delivery m2", "sent", "sent, but not to eva@kund.example", "svaret m2 nådde inte eva@kund.example"),
    ("scheduled", "m2", "2026-11-27T07:00:00+00:00", "bo lät svaret m2 vänta till fre 2026-11-27 08:00"),
    ("released", "#4", "", "bo skilde #4 från det igen"),
    ("released", "m2", "", "bo släppte i väg svaret m2"),
    ("participants", "", "a@b.example", "a@b.example deltar nu"),
    ("promised", "", "2026-11-27T07:00:00+00:00", "bo lovade svar senast fre 2026-11-27 08:00"),
]


@pytest.mark.parametrize(("what", "before", "after", "said"), EVENTS)
def test_a_sentence(what: str, before: str, after: str, said: str) -> None:
    event = Event(at=NOW, actor="bo", what=what, before=before, after=after)
    assert sentence(TICKET, event, "alice", ZONE, "sv") == said


@pytest.mark.parametrize("actor", ["bo", "system", ""])
@pytest.mark.parametrize("kind", KINDS)
def test_no_sentence_is_mixed(kind: str, actor: str) -> None:
    for before, after in (("", ""), ("#4", ""), ("", "#4"), ("#4", "#5, #6")):
        event = Event(at=NOW, actor=actor, what=kind, before=before, after=after, why="rule vip")
        said = sentence(TICKET, event, "alice", ZONE, "sv") if kind != "delivery" else ""
        assert english_in(said) == set()


@pytest.mark.parametrize("state", ["sent", "bounced", "failed", "deferred", "uncertain", "held", "queued", "draft"])
def test_no_delivery_is_mixed(state: str) -> None:
    event = Event(at=NOW, actor="system", what="delivery m2", before="queued", after=state)
    assert english_in(sentence(TICKET, event, "alice", ZONE, "sv")) == set()
