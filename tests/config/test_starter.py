"""The desk that `init` makes: valid, without a warning, the same as the repository's own, and sorting as it says."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ticketctl.channels.email.parse.mime import understand
from ticketctl.config import load
from ticketctl.config.build import build
from ticketctl.config.lint import lint
from ticketctl.demo.mail import as_bytes
from ticketctl.demo.story import STORY, Mail
from ticketctl.domain.config import MaildirOut
from ticketctl.domain.mail.filing import Arrival, open_ticket
from ticketctl.domain.mail.threading import Placement, Policy
from ticketctl.domain.rules.actions import Workload, apply
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.rules import evaluate
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "ticketctl" / "starter"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_repository_is_such_a_desk_itself() -> None:
    assert (ROOT / "rules.yaml").read_bytes() == (STARTER / "rules.yaml").read_bytes()
    assert files(ROOT / "snippets") == files(STARTER / "snippets")


def test_it_is_valid_and_nothing_in_it_is_doubtful() -> None:
    path = STARTER / "rules.yaml"
    config = load(path)
    assert lint(config, path.read_bytes()) == []
    assert config.sources == () and config.outgoing is not None
    assert config.outgoing.sink == MaildirOut(path="data/sent")  # nothing leaves the computer


def test_its_examples_are_valid_too() -> None:
    """What stands there as a comment works once the `#` is gone."""
    text = (STARTER / "rules.yaml").read_text("utf-8")
    text = text.replace("sources: []\n", "sources:\n").replace("  - {name: alice", "#  - {name: alice")
    lines = [line.removeprefix("#") if line.startswith(("#  - ", "#    imap")) else line for line in text.splitlines()]
    count = itertools.count(1)  # three of the examples are called support: in one desk they need names of their own
    named = [f"{line}{next(count)}" if line.startswith("  - name: support") else line for line in lines]
    config = build("\n".join(named).encode(), "rules.yaml", STARTER)
    assert [source.name for source in config.sources] == ["support1", "support2", "support3", "spool"]
    assert [agent.name for agent in config.team] == ["alice", "bo"]


def sorted_as(subject: str, text: str, **fields: object) -> str:
    config = load(STARTER / "rules.yaml")
    sender = Person("anna@kund.example", "Anna")
    message = Message(
        key="m1", direction="in", kind="message", at=NOW, sender=sender, subject=subject, text=text, **fields
    )
    ticket = Ticket(number=1, subject=subject, requester=sender, opened_at=NOW, messages=(message,))
    trace = evaluate(config.rules, View(ticket, message), "created")
    return apply(ticket, trace, Act("system", NOW), Workload({"alice": 0}), config.hours).ticket.priority


@pytest.mark.parametrize(
    ("subject", "text", "priority"),
    [
        ("Sajten ligger nere", "Hej, vi kommer inte in i butiken.", "high"),
        ("Fråga", "Jag kan inte\nlogga in sedan i morse.", "high"),
        ("The shop is down", "Nothing loads since 9.", "high"),
        ("Help", "I can’t log in any more", "high"),
        ("Mitt konto är hackat", "Någon har beställt i mitt namn.", "high"),
        ("Possible data breach", "Your newsletter tool leaks addresses.", "high"),
        ("Betalning", "Ni har dragit pengarna fel, jag är dubbeldebiterad.", "high"),
        ("Invoice", "I was charged twice for order 123456.", "high"),
        ("Order 17", "Ni drog pengarna två gånger från mitt konto!", "high"),
        ("Faktura", "Jag har betalat fakturan 2 gånger av misstag.", "high"),
        ("Order", "You have billed my card for it two times.", "high"),
        ("Tack", "Jag har betalat. Ringde er två gånger i går.", "medium"),
        ("Utskrift", "Det berör hela avdelningen men går att komma runt.", "medium"),
        ("Export is slow", "Several users see it; there is a workaround.", "medium"),
        ("Var är min beställning?", "Den skulle ha kommit i går.", "medium"),
        ("Where is my order?", "It was due yesterday.", "medium"),
        ("Ett önskemål", "Kan ni lägga till mörkt läge när ni hinner?", "low"),
        ("Suggestion", "A dark mode would be nice. No rush.", "low"),
        ("Serveringsnere på stan", "Jag var nere på stan och såg er skylt, fin!", "medium"),
        ("Hej", "Jag är nere på stan, kan jag hämta hos er?", "medium"),
        ("Tack för betalningen!", "Allt är bra nu, tack för snabb återbetalning.", "medium"),
        ("Betalning", "Betalningen är gjord i dag, kvitto bifogas.", "medium"),
        ("Thanks", "The refund came, thank you. Payment was easy.", "medium"),
        ("Offer", "Prices are down this week!", "medium"),
        ("Status", "Planerat avbrott på söndag, står det på er sida.", "medium"),
        ("Jag svarar inte", "Jag svarar inte i telefon i dag, mejla gärna.", "medium"),
        ("Login", "Several of us cannot log in, and there is no workaround.", "high"),
    ],
)
def test_it_sorts_swedish_and_english(subject: str, text: str, priority: str) -> None:
    assert sorted_as(subject, text) == priority


@pytest.mark.parametrize(
    ("subject", "text", "rule"),
    [
        ("Retur av jacka", "Jag vill lämna tillbaka den, passar inte.", "return"),
        ("Ångrat mig", "Kan jag få en returetikett?", "return"),
        ("Order 17", "The shoes are too small. How do I send them back?", "return"),
        ("Mina uppgifter", "Ta bort mitt konto och alla mina uppgifter.", "personal-data"),
        ("GDPR", "I request a copy of my personal data under article 15.", "personal-data"),
        ("Begäran", "Jag åberopar rätten att bli glömd.", "personal-data"),
        ("Samarbete?", "Vi hjälper företag med sökmotoroptimering så att de hamnar högst.", "seller"),
        ("Quick question", "Are you the right person to talk to about lead generation?", "seller"),
        ("Artikel", "We would like to publish a guest post with a link to your site.", "seller"),
    ],
)
def test_it_knows_returns_personal_data_and_sellers(subject: str, text: str, rule: str) -> None:
    sender = Person("anna@kund.example", "Anna")
    message = Message(key="m1", direction="in", kind="message", at=NOW, sender=sender, subject=subject, text=text)
    ticket = Ticket(number=1, subject=subject, requester=sender, opened_at=NOW, messages=(message,))
    fired = evaluate(load(STARTER / "rules.yaml").rules, View(ticket, message), "created").fired
    assert rule in [one.id for one in fired]


def test_machines_wait_and_are_not_answered() -> None:
    assert sorted_as("Autosvar: driftstopp", "Jag är på semester", machine="auto_reply") == "low"
    config = load(STARTER / "rules.yaml")
    robot = Message(
        key="m1", direction="in", kind="automatic", at=NOW, sender=Person("bot@kund.example"), machine="auto_reply"
    )
    ticket = Ticket(number=1, subject="x", requester=robot.sender, opened_at=NOW)
    assert [rule.id for rule in evaluate(config.rules, View(ticket, robot), "created").fired] == ["automatic-mail"]


# What a person would say of the demonstration's mails that open a ticket; the others answer one.
DEMO = {
    "faktura": "high", "login": "high", "storlek": "low", "leverans": "medium", "leverans-dubblett": "medium",
    "spam": "medium", "app": "medium", "app2": "medium", "driftstopp": "high", "driftstopp2": "high",
    "driftstopp3": "high", "kort": "high", "sälj": "low", "listan": "low", "trasig": "medium", "säkerhet": "high",
    "batteri": "medium", "app4": "medium", "öppet": "low", "retur": "low", "frakt": "low", "varning": "high",
}  # fmt: skip


def test_it_sorts_the_demonstrations_mail_right() -> None:
    config = load(STARTER / "rules.yaml")
    wrong = []
    for mail in (one for one in STORY if isinstance(one, Mail) and one.key in DEMO):
        raw = as_bytes(mail, NOW, ())
        inbound = understand(raw, arrived_at=NOW)
        arrival = Arrival(inbound=inbound, at=NOW, source="demo")
        ticket = open_ticket(
            1, arrival, Placement(number=None, why="new"), Policy(key=b"", own=frozenset(), team=frozenset())
        )
        trace = evaluate(config.rules, View(ticket, ticket.messages[0], inbound.headers), "created")
        after = apply(ticket, trace, Act("system", NOW), Workload({"alice": 0}), config.hours).ticket
        if after.priority != DEMO[mail.key]:
            wrong.append((mail.key, after.priority, [rule.id for rule in trace.fired]))
    assert wrong == []
