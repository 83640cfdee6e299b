"""`snippets`: what there is, what each would say, how often it was sent; and the starter's texts as they arrive."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Office
from ticketctl.content.snippets import names
from ticketctl.domain.reply.check import check
from ticketctl.domain.ticket.message import Person

STARTER = Path(__file__).parents[2] / "ticketctl" / "starter" / "snippets"


def written(office: Office, name: str, text: str, language: str = "sv") -> None:
    (office.folder / "snippets" / language / f"{name}.j2").write_text(text, "utf-8")


# --- the list ---


def test_the_list_tells_languages_and_how_often_each_was_sent(office: Office) -> None:
    office.make(1)
    office.make(2)
    office.run("reply", 1, "--snippet", "losning", "--queue")
    office.now += timedelta(days=100)
    office.run("reply", 2, "--snippet", "losning", "--queue")
    office.run("reply", 1, "--snippet", "mer-information", "--draft")  # a draft has answered nobody
    (office.folder / "snippets" / "en" / "losning.j2").unlink()
    lines = {line.split()[0]: line for line in office.say("snippets").splitlines()}
    assert lines["losning"].split() == ["losning", "–", "sv", "1", "2", "Sun", "2027-02-28", "10:00"]
    assert lines["mer-information"].split() == ["mer-information", "en", "sv", "0", "0", "never"]
    shape = {one["name"]: one for one in json.loads(office.say("snippets", "--json"))}
    assert shape["losning"] == {
        "name": "losning",
        "languages": ["sv"],
        "last_90_days": 1,
        "in_all": 2,
        "last_used_at": "2027-02-28T09:00:00Z",
    }


def test_what_rules_send_counts_and_what_began_as_a_rules_draft_too(starter: Office) -> None:
    office = starter
    rules = (office.folder / "rules.yaml").read_text("utf-8")
    office.folder.joinpath("rules.yaml").write_text(
        rules.replace("sources: []", "sources: [{name: post, maildir: post}]").replace(
            "  - id: automatic-mail",
            "  - {id: ask, events: [created], then: [{reply: losning}]}\n  - id: automatic-mail",
        ),
        "utf-8",
    )
    for part in ("new", "cur", "tmp"):
        (office.folder / "post" / part).mkdir(parents=True)
    raw = b"From: a@kund.example\nTo: s@x.example\nSubject: Fel\n\nHej\n"
    (office.folder / "post" / "new" / "1").write_bytes(raw)
    office.now = datetime.now(UTC)
    office.run("fetch")
    used = {one["name"]: one["in_all"] for one in json.loads(office.say("snippets", "--json"))}
    assert used["mottaget"] + used["utanfor-oppettid"] == 1 and used["losning"] == 0
    office.run("reply", 1, "--queue")
    for language in ("sv", "en"):
        (office.folder / "snippets" / language / "losning.j2").unlink()
    assert "no longer there: losning (1)" in office.say("snippets")


# --- one ---


def test_show_prints_the_text_and_the_values_of_it_and_of_its_partials(office: Office) -> None:
    told = office.say("snippets", "show", "fordrojning", "--language", "sv")
    assert "snippets/sv/fordrojning.j2\nSubject: Det tar lite längre tid än vi trodde\n" in told
    values = told.partition("\nvalue")[2]
    assert "ticket.number" in values and "the ticket's number" in values
    assert "requester.first_name" in values and "Anna" in values and "agent.name" in values
    assert "ticket.subject" not in values
    shape = json.loads(office.say("snippets", "show", "fordrojning", "--json"))
    assert [one["language"] for one in shape["languages"]] == ["sv", "en"]  # the desk's own first
    names_ = {value["name"] for value in shape["languages"][1]["values"]}
    assert names_ == {"agent.name", "agent.signed", "desk.name", "requester.first_name", "ticket.number"}


def test_try_shows_what_would_leave_and_changes_nothing(office: Office) -> None:
    before = office.make(17, subject="Trasig kanna", language="sv")
    told = office.run("snippets", "try", "klagomal", 17)
    assert told.stdout.startswith("Subject: Tack för att du säger till\n\nHej Åsa!\n\nTack för att du berättar")
    assert told.stdout.endswith("Vänliga hälsningar\nAlice, Exempel AB\n")
    assert "to be filled in, line 10 of the text: [Skriv här: dag och tid]" in told.stderr
    assert "Hello Åsa," in office.say("snippets", "try", "klagomal", 17, "--language", "en")
    assert office.get(17) == before and not (office.folder / "data" / "sent").exists()
    shape = json.loads(office.say("snippets", "try", "klagomal", 17, "--json"))
    assert shape["to_fill_in"][-1] == "[Skriv här: dag och tid]" and shape["language"] == "sv"


def test_try_automatic_holds_no_word_of_the_senders(office: Office) -> None:
    office.make(17, subject="Köp nu", requester=Person("x@kund.example", "Vinn En Miljon"), text="http://x.example")
    told = office.say("snippets", "try", "mer-information", 17, "--automatic")
    assert not any(word in told for word in ("Köp nu", "Vinn", "Miljon", "x@kund", "http"))
    assert "Tack för ditt meddelande.\n" in told and told.endswith("\nExempel AB\n")


def test_try_in_a_language_that_is_not_there_says_so(office: Office) -> None:
    office.make(17)
    assert (
        "losning is not there in 'de'; this is 'sv'"
        in office.run("snippets", "try", "losning", 17, "--language", "de").stderr
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Subject: x\nHej\n{{ requester.fist_name }}\n", "prov.j2:3: unknown value requester.fist_name (did you mean"),
        ("Subject: x\n{{ forventat }}\n", "prov.j2:2: unknown value forventat"),
        ("Subject: x\n\n{{ desk.name | uper }}\n", "prov.j2:3: unknown filter 'uper' (did you mean upper?)"),
        ("Subject: x\n{% if desk.name %}\nHej\n", "prov.j2:"),
        ("Subject: x\n{% include '_finns_inte.j2' %}\n", "prov.j2:2: there is no partial '_finns_inte.j2' to include"),
    ],
)
def test_a_mistake_is_told_with_its_line(office: Office, text: str, told: str) -> None:
    office.make(17)
    written(office, "prov", text)
    for args in (("try", "prov", 17), ("check",)):
        assert told in office.trouble("snippets", *args, code=2)


def test_an_unknown_snippet_says_which_was_meant(office: Office) -> None:
    office.make(17)
    for args in (("snippets", "show", "lösning"), ("snippets", "try", "losningen", 17)):
        assert "did you mean 'losning'?" in office.trouble(*args, code=2)
    assert "it is in: en, sv" in office.trouble("snippets", "show", "losning", "--language", "de", code=2)


def test_values_lists_each_with_an_example(office: Office) -> None:
    told = office.say("snippets", "values")
    assert "expected" in told and "senast i dag kl. 13:30" in told
    assert {one["name"] for one in json.loads(office.say("snippets", "values", "--json"))} >= {
        "opens_at",
        "ticket.number",
    }


# --- check ---


def test_check_warns_of_what_is_missing_or_sent_unfilled(starter: Office) -> None:
    assert starter.say("snippets", "check") == "20 snippets are fine\n"
    for name in ("stangt", "_hej"):
        (starter.folder / "snippets" / "en" / f"{name}.j2").unlink()
    written(starter, "mottaget", "Subject: x\nHej! Du får svar [Skriv här: när].\n")
    told = starter.run("snippets", "check").stderr
    assert "snippets/en/stangt.j2:1:1: is missing; stangt is there in sv" in told
    assert "snippets/en/_hej.j2:1:1: is missing; _hej is there in sv" in told  # else an English mail would begin so
    assert "snippets/sv/mottaget.j2: '[Skriv här: när]' is to be filled in, but a rule sends it automatically" in told
    assert told == starter.run("rules", "check").stderr


def test_check_finds_what_fails_only_on_some_tickets(office: Office) -> None:
    written(office, "prov", "Subject: x\n{{ ticket.labels | first }}\n")
    told = office.trouble("snippets", "check", code=2)
    assert "snippets/sv/prov.j2:2:" in told and "for a ticket without name, labels and fields" in told


# --- the starter's texts ---


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", sorted(names(STARTER)))
def test_a_starter_text_is_short_and_passes_our_own_check(office: Office, name: str, language: str) -> None:
    office.make(17, subject="Trasig kanna", language=language)
    shape = json.loads(office.say("snippets", "try", name, 17, "--language", language, "--json"))
    assert max(map(len, shape["body"].splitlines())) <= 76 and len(shape["body"].split()) < 160
    assert len(shape["subject"]) <= 50 and "\n\n\n" not in shape["body"]
    assert [hint.code for hint in check(shape["body"], office.get(17)) if hint.code != "unfilled"] == []


def acknowledged(office: Office, came: str, language: str = "sv") -> str:
    """The body of what a customer gets whose mail came, and was fetched, at that local time."""
    office.now = datetime.fromisoformat(came).replace(tzinfo=ZoneInfo("Europe/Stockholm")).astimezone(UTC)
    rules = (office.folder / "rules.yaml").read_text("utf-8")
    rules = rules.replace("sources: []", "sources: [{name: post, maildir: post}]")
    rules = rules.replace("closed: [12-24", "closed: [2026-06-19, 12-24")
    (office.folder / "rules.yaml").write_text(rules, "utf-8")
    for part in ("new", "cur", "tmp"):
        (office.folder / "post" / part).mkdir(parents=True, exist_ok=True)
    text = {"sv": "Hej, jag skriver om storleken på jackan som jag köpte av er.",
            "en": "Hello, I write about the size of the jacket that you sold me."}[language]  # fmt: skip
    head = "From: Lura Mig <anna@kund.example>\nTo: s@x.example\nSubject: Klicka\n"
    path = office.folder / "post" / "new" / "1"
    path.write_bytes(f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode())
    os.utime(path, (office.now.timestamp(),) * 2)
    office.run("fetch")
    office.run("send")
    (mail,) = (office.folder / "data" / "sent" / "new").glob("*")
    message = message_from_bytes(mail.read_bytes(), policy=default)
    assert message["Subject"].endswith("[#1]") and message["Auto-Submitted"] == "auto-replied"
    body = str(message.get_content())
    assert "Lura" not in body and "Klicka" not in body and "jacka" not in body and "jacket" not in body
    return body


CHRISTMAS = "från och med torsdag 24 december"


@pytest.mark.parametrize(
    ("came", "language", "holds", "lacks"),
    [
        (
            "2026-11-20 09:00",
            "sv",
            ["svarar dig\nsenast i dag kl. 13:00.\n", "nummer 1.", "Så behandlar"],
            "stängt",
        ),
        ("2026-11-20 16:59", "sv", ["svarar dig\nsenast måndag 23 november kl. 12:00.\n"], "stängt"),
        ("2026-11-20 16:59", "en", ["answers you\nby 12:00 on Monday 23 November.\n", "How we handle"], "closed"),
        ("2026-11-21 12:00", "sv", ["öppnar igen måndag 23 november kl. 08:00.\n", "senast måndag 23 nov"], "tillbaka"),
        ("2026-11-22 12:00", "en", ["again tomorrow, Monday, at 08:00.\n", "by 12:00 tomorrow, Monday."], "back\n"),
        (
            "2026-06-18 10:00",
            "sv",
            ["med fredag 19 juni och är tillbaka\nmåndag 22 juni kl. 08:00."],
            "öppnar",
        ),
        ("2026-06-19 10:00", "sv", ["öppnar igen måndag 22 juni kl. 08:00.\n", "senast måndag 22 juni"], "tillbaka"),
        ("2026-12-23 15:00", "sv", ["senast måndag 28 december kl. 10:00.", CHRISTMAS], "öppnar"),
        ("2026-12-23 15:00", "en", ["closed from Thursday 24 December and back\non Monday 28 December"], "open again"),
        ("2026-12-24 10:00", "sv", ["öppnar igen måndag 28 december kl. 08:00.\n"], "tillbaka"),
        ("2026-03-28 23:30", "sv", ["öppnar igen måndag 30 mars kl. 08:00.\n", "senast måndag 30 mars"], "tillbaka"),
        ("2026-10-25 02:30", "sv", ["öppnar igen i morgon, måndag, kl. 08:00.\n"], "tillbaka"),
    ],
)
def test_the_acknowledgement_tells_when(
    starter: Office, came: str, language: str, holds: list[str], lacks: str
) -> None:
    body = acknowledged(starter, came, language)
    assert [part for part in holds if part not in body] == []
    assert lacks not in body
