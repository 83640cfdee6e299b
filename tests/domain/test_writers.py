"""Who wrote a mail: From, or whom a form, a shop, a marketplace or a rewriting list names for answers."""

from __future__ import annotations

import pytest

from ticketctl.domain.mail.threading import Policy
from ticketctl.domain.mail.writers import is_unanswerable, writer_of
from ticketctl.domain.ticket.message import Inbound, Person

POLICY = Policy(
    key=b"k" * 32,
    own=frozenset({"support@exempel.example"}),
    team=frozenset({"alice@exempel.example"}),
    forms=frozenset({"beställ@special.example"}),
)
ANNA = Person("anna@kund.example", "Anna")


def writer(sender: str, name: str = "", **fields: object) -> tuple[str, bool]:
    inbound = Inbound(message_id="m@x", content="c", sender=Person(sender, name), **({"reply_to": (ANNA,)} | fields))
    found = writer_of(inbound, POLICY)
    assert found is not None
    return found.person.address, found.claimed


FORMS = [
    ("form@formtjanst.example", "Formulär"),
    ("noreply@shop.example", "Butiken"),
    ("do-not-reply@shop.example", ""),
    ("svara-inte@butik.example", ""),
    ("butik.noreply@plattform.example", ""),
    ("wordpress@kundensida.example", "WordPress"),
    ("kontakt-formular@webb.example", ""),
    ("order@butikssystem.example", "Webbutiken"),
    ("notifications@marknad.example", "Kim via Marknaden"),
    ("x81@relay.example", "Anna via Blocket"),
    ("lista@foreningen.example", "'Anna' via Styrelsen"),
    ("anna=kund.example@lists.example", "Anna"),
    ("support@exempel.example", "Vår sida"),
    ("info@exempel.example", "Vår sida"),
    ("info@webbyran.example", "En webbyrå"),
    ("hemsida@exempel.example", ""),
    ("beställ@special.example", "Beställningar"),
    ("eva@tjänst.example", "Contact form"),
    ("anmalan@exempel.example", "Anmälan"),
    ("forum@exempel.example", ""),
    ("hej2@exempel.example", "Exempel AB"),
    ("site@boutique.example", "Notre site"),
    ("submissions@formular.example", "Formservice"),
    ("formresponses@sidor.example", ""),
    ("conversations@mail.marknad.example", "Marknaden"),
    ("eivastausta@kauppa.example", "Verkkokauppa"),
]


@pytest.mark.parametrize(("sender", "name"), FORMS)
def test_reply_to_is_the_writer_where_from_writes_for_others(sender: str, name: str) -> None:
    assert writer(sender, name) == ("anna@kund.example", True)


PEOPLE = [
    ("kim@kund.example", "Kim Berg"),
    ("kim.berg@grossist.example", ""),
    ("info@kund.example", "Annas och Kims företag"),
    ("carl@exempel.example", "Carl, en kollega"),
    ("kberg@exempel.example", "Karin Berg"),
    ("alice@exempel.example", "Alice"),
    ("formgren@kund.example", "Eva Formgren"),
    ("viveka@kund.example", "Viveka Shopin"),
]


@pytest.mark.parametrize(("sender", "name"), PEOPLE)
def test_a_person_who_wants_the_answer_elsewhere_is_still_the_writer(sender: str, name: str) -> None:
    assert writer(sender, name) == (sender, False)


@pytest.mark.parametrize(
    "reply_to", ["support@exempel.example", "support+17@exempel.example", "noreply@shop.example", "form@x.example"]
)
def test_an_answer_to_nobody_else_makes_nobody_the_writer(reply_to: str) -> None:
    assert writer("form@x.example", reply_to=(Person(reply_to),)) == ("form@x.example", False)


def test_a_form_without_reply_to_is_itself_the_writer() -> None:
    assert writer("form@x.example", reply_to=()) == ("form@x.example", False)


def test_a_list_that_rewrites_from_names_the_writer() -> None:
    """Google Groups and others, where DMARC of the writer's domain forbids forging."""
    found = writer("lista@foreningen.example", reply_to=(Person("lista@foreningen.example"),), original_from=(ANNA,))
    assert found == ("anna@kund.example", True)


def test_google_groups_may_name_the_writer_in_a_header_of_its_own() -> None:
    original = {"x-original-sender": ("Anna@kund.example",)}
    assert writer("support@exempel.example", "'Anna' via Support", reply_to=(), headers=original)[0] == ANNA.address
    assert writer("kim@kund.example", "Kim", reply_to=(), headers=original) == ("kim@kund.example", False)


def test_a_program_of_a_web_site_writes_for_others_and_a_webmail_does_not() -> None:
    script = {"x-php-originating-script": ("33:kontakt.php",)}
    assert writer("kund@webbhotell.example", headers=script) == ("anna@kund.example", True)
    assert writer("kim@k.example", headers={"x-mailer": ("PHPMailer 6.9.1",)}) == ("anna@kund.example", True)
    roundcube = {"x-php-originating-script": ("0:rcmail.php",), "user-agent": ("Roundcube Webmail/1.6",)}
    assert writer("kim@k.example", headers=roundcube) == ("kim@k.example", False)


def test_without_from_only_reply_to_says_who_it_is() -> None:
    inbound = Inbound(message_id="m@x", content="c", reply_to=(ANNA,))
    found = writer_of(inbound, POLICY)
    assert found is not None
    assert (found.person, found.claimed) == (ANNA, True)


def test_from_that_a_form_filled_in_is_only_a_claim() -> None:
    sent_by = (Person("beställ@special.example"),)
    assert writer("kim@k.example", reply_to=(), sent_by=sent_by) == ("kim@k.example", True)


@pytest.mark.parametrize("through", ["form@x.example", "noreply@x.example", "support@exempel.example"])
def test_nobody_is_an_agent_by_reply_to(through: str) -> None:
    reply_to = (Person("alice@exempel.example"),)
    inbound = Inbound(message_id="m@x", content="c", sender=Person(through), reply_to=reply_to)
    assert not POLICY.is_from_team(inbound)


@pytest.mark.parametrize(
    "address",
    ["no-reply@x.se", "noreply@x.se", "NoReply+17@x.se", "do.not.reply@x.se", "inget-svar@x.se", "svarainte@x.se",
     "orders-no-reply@x.se", "nicht-antworten@x.de", "noreply-orders@x.se", "beställ@special.example"],
)  # fmt: skip
def test_nobody_reads_what_is_sent_there(address: str) -> None:
    assert is_unanswerable(address, POLICY.forms)


@pytest.mark.parametrize(
    "address", ["nora@x.se", "noel.reply@x.se", "reply@x.se", "ingen@x.se", "ejnar@x.se", "kim@noreply.example"]
)
def test_people_are_written_to(address: str) -> None:
    assert not is_unanswerable(address, POLICY.forms)
