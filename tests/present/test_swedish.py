"""`show` in Swedish: whole, and no line of it half in English."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from ticketctl.channels.email.parse import invitations, special_mail
from ticketctl.domain.mail.threading import BY_NUMBER, BY_SUBJECT
from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.ticket import Act
from ticketctl.present.words.show import TEXTS
from ticketctl.present.words.stored import TEXTS as STORED
from ticketctl.present.words.stored import in_words

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
    came = message.direction == "in"
    act = Act("system" if came else "alice", office.now, message.why or "reply")
    return office.change(ticket.number, lambda one: one.receive(act, message) if came else one.write(act, message))


def rich(office):
    """A ticket on which everything happened that `show` says something of."""
    office.make(2, age=2 * HOUR, subject="Två")
    office.make(3, age=3 * HOUR, subject="Tre")
    office.make(4, age=3 * HOUR, subject="", status="closed", closed_at=office.now, resolution="no_answer")
    office.make(5, age=3 * HOUR, requester=Person("bo@annan.example"))
    office.make(
        1,
        subject="Kannan",
        assignee="alice",
        labels=("vip",),
        fields={"area": "butik"},
        participants=(Person("bo@kund.example"),),
        watchers=("bo",),
        channel="phone",
        attachments=(Attachment(name="", type="image/png", size=3_400_000, sha256="0" * 64),),
    )
    office.run("merge", 5, "--into", 1)
    office.run("link", 1, 3)
    asker, copied = office.get(1).requester, Person("c@d.example")
    ticket = said(office, office.get(1), text="Svar.", delivery="sent", to=(asker,), cc=(copied,))
    for number, delivery in enumerate(("queued", "failed", "bounced", "uncertain", "deferred", "held")):
        at = office.now + timedelta(minutes=number)
        ticket = said(office, ticket, text=f"Svar {number}.", delivery=delivery, at=at, why="reply")
    ticket = said(office, ticket, direction="internal", kind="note", text="Ringde.", why="note")
    receipt = {"direction": "in", "machine": "read_receipt", "nature": ("read receipt",), "author": ""}
    ticket = said(office, ticket, **receipt, sender=ticket.requester, flagged=f"{BY_NUMBER}, forwarded by a@b.example")
    office.run("reply", 1, "--draft", "--text", "Snart.", "--no-check")
    office.run("promise", 1, "monday")
    for verb in (["label", 1, "+drift"], ["priority", 1, "high"], ["watch", 1], ["unwatch", 1], ["wait", 1, "2d"]):
        office.run(*verb)
    office.now += 30 * HOUR
    return office


def test_swedish(office):
    shown = rich(office).say("--language", "sv", "show", 1, "--why", "--history")
    for line in (
        "väntar · hög · alice · kom in fre 2026-11-20 07:00 (för 33 tim sedan) · frist 31 tim sen",
        "Bevakas av bo",
        "Kom via    telefon",
        "Länkar     #5 ingår i detta, #3 (hör ihop)",
        "Också öppet från samma person: #2 Två, #3 Tre",
        "Stängt tidigare: #4 (inget ämne)",
        "    bifogat: (inget namn) (image/png, 3,4 MB)",
        "    till Åsa Öberg <åsa@kund.example>; kopia till c@d.example",
        "    ! inte levererat: det kom tillbaka",
        "    ! hamnade här bara genom sitt nummer, vidarebefordrat av a@b.example",
        "    * läskvitto",
        "    varför här: okänt",
        "Utkast av alice, inte skickat  fre 2026-11-20 10:00  [m12]",
        "  fre 2026-11-20 10:00       alice: länkat med #3 (link)",
        "  fre 2026-11-20 10:00       alice: prioritet medel → hög (priority)",
        "  fre 2026-11-20 10:00       alice: väntar öppet → tis 2026-11-24 10:00 (wait)",
    ):
        assert line in shown.splitlines(), shown


def test_no_line_is_half_english(office):
    """No word that only the English texts have stands in a Swedish page."""
    shown = rich(office).say("--language", "sv", "show", 1, "--why", "--history")
    words = {language: " ".join([*table.values(), *STORED[language].values()]) for language, table in TEXTS.items()}
    said = {language: set(re.findall(r"(?<![{`\w-])[a-zåäö]{3,}(?![\w}])", text)) for language, text in words.items()}
    only_english = said["en"] - said["sv"] - {"label", "priority", "note", "reply", "link", "merge", "wait", "watch"}
    lines = [line for line in shown.splitlines() if not line.startswith("    ") or line[4:6] in ("! ", "* ")]
    found = {(word, line) for line in lines for word in re.findall(r"[a-zåäö]+", line) if word in only_english}
    assert found == set()


def test_a_sentence_that_no_table_has_is_said_in_one_language(office):
    office.make(1)
    said(
        office, office.get(1), direction="in", author="", why="fetched by the old program", sender=Person("x@y.example")
    )
    shown = office.say("--language", "sv", "show", 1, "--why", "--history")
    assert "    why here: fetched by the old program" in shown.splitlines()


@pytest.mark.parametrize(
    ("sentence", "swedish"),
    [
        (BY_SUBJECT, "hamnade här bara genom sitt ämne"),
        ("answers our mail of #7", "svarar på vårt mejl i #7"),
        (
            "names the number of #7, but that is closed since 2026-01-02",
            "nämner numret på #7, men det är stängt sedan 2026-01-02",
        ),
        (
            "moved from #3 by bo; there because it answers a message of #3",
            "flyttat från #3 av bo; där eftersom det svarar på ett meddelande i #3",
        ),
        ("passes on a mail of Åsa Ek <a@b.example>", "skickar vidare ett mejl från Åsa Ek <a@b.example>"),
        ("invitation: Möte, 2026-12-01 10:00, Rum 3 (Anna)", "inbjudan: Möte, 2026-12-01 10:00, Rum 3 (Anna)"),
        ("reply", "reply"),
        (special_mail.SIGNED_PGP, "signerat (PGP, inte kontrollerat)"),
    ],
)
def test_sentences_that_tickets_keep(sentence, swedish):
    assert in_words(sentence, "sv") == (swedish, "sv")


@pytest.mark.parametrize(
    "sentence",
    [
        special_mail.SIGNED_SMIME,
        special_mail.PACKED_SMIME,
        special_mail.PACKED_BY_OUTLOOK,
        f"encrypted with PGP: {special_mail.OPEN_IT}",
        *(f"{told}: Möte" for told in invitations._METHODS.values()),
        *(f"{told} the invitation: Möte" for told in invitations._ANSWERS.values()),
    ],
)
def test_what_mails_are_has_words_in_swedish(sentence):
    said, language = in_words(sentence, "sv")
    assert language == "sv" and said != sentence
    assert in_words(sentence, "en") == (sentence, "en")
