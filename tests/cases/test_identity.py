"""Who wrote, and where the mail belongs, as a shop sees it: contact forms, ids that are none or were rewritten,
autoresponders, thank-yous."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tests.cases.shop import ASA, Shop
from ticketctl.config import load
from ticketctl.domain.deadlines.deadlines import deadlines

Opener = Callable[..., Shop]
MONDAY = "2026-11-16T09:00+01:00"
ACKNOWLEDGE = """\
rules:
  - {id: tack, events: [created], when: {machine: false}, then: [{reply: {snippet: mottaget, automatic: true}}]}
"""
FORM = "Formulär <form@formtjanst.example>"


def left(shop: Shop) -> list[EmailMessage]:
    """The mails that have left, in order."""
    shop.cron("send")
    paths = sorted((shop.folder / "data" / "sent").glob("new/*"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def through_form(shop: Shop, person: str, text: str, *, sender: str = FORM, headers: str = "", **fields: str) -> str:
    return shop.mail(sender, "Kontakt", text, headers=f"Reply-To: {person}\n{headers}", **fields)


@pytest.mark.parametrize(
    "named",
    ["<kundendienst24@exempel.example>", "<mailto:support@exempel.example>", "<no-id>", "<null>", "<@>", "<a@b>",
     "Votre message du 16 novembre <service2026@exempel.example>", "Message-ID: <kund42@exempel.example>"],
)  # fmt: skip
@pytest.mark.parametrize("field", ["In-Reply-To", "References"])
def test_what_two_customers_name_is_no_id_unless_a_program_made_it(open_shop: Opener, named: str, field: str) -> None:
    shop = open_shop().at(MONDAY)
    shop.mail("anna@kund.example", "Kanna", "Den läcker", headers=f"{field}: {named}\n")
    shop.mail("bo@annan.example", "Faktura", "Den är fel", headers=f"{field}: {named}\n")
    shop.mail("anna@kund.example", "Lampa", "Den lyser inte", headers=f"{field}: {named}\n")
    assert [(shop.get(number).links, len(shop.get(number).messages)) for number in (1, 2, 3)] == [((), 1)] * 3


class TestForms:
    @pytest.mark.parametrize(
        "sender",
        [FORM, "no-reply@butik.example", "Exempel AB <support@exempel.example>", "Anna via Marknaden <a17@m.example>"],
    )
    def test_the_acknowledgement_and_the_reply_go_to_who_filled_it_in(self, open_shop: Opener, sender: str) -> None:
        shop = open_shop(ACKNOWLEDGE).at(MONDAY)
        through_form(shop, "Anna <anna@kund.example>", "Var är min vara?", sender=sender)
        assert shop.get(1).requester.address == "anna@kund.example"
        assert "written through" in shop.say("show", 1)
        shop.run("reply", 1, "--text", "Den kommer i morgon.")
        assert {mail["To"] for mail in left(shop)} == {"anna@kund.example", "Anna <anna@kund.example>"}

    @pytest.mark.parametrize("repeated", ["message_id", "references"])
    def test_two_people_through_one_form_are_two_tickets(self, open_shop: Opener, repeated: str) -> None:
        shop = open_shop(ACKNOWLEDGE).at(MONDAY)
        for person in ("anna@kund.example", "bo@kund.example", "anna@kund.example"):
            if repeated == "message_id":
                through_form(shop, person, f"Hälsningar {shop.now}", message_id="alltid@form")
            else:
                through_form(shop, person, f"Hälsningar {shop.now}", headers="References: <alla@form>\n")
            shop.at("2026-11-16T10:00+01:00" if person.startswith("anna") else "2026-11-16T11:00+01:00")
        requesters = [shop.get(number).requester.address for number in (1, 2, 3)]
        assert requesters == ["anna@kund.example", "bo@kund.example", "anna@kund.example"]
        assert not any("bo@kund.example" in shop.say("show", number) for number in (1, 3))

    def test_a_form_that_names_an_agent_makes_nobody_one(self, open_shop: Opener) -> None:
        shop = open_shop().at(MONDAY)
        shop.mail(ASA, "Kannan", "Den är trasig.")
        shop.run("reply", 1, "--text", "Vi tittar på det.")
        answers = shop.last_out(1)
        through_form(shop, "alice@exempel.example", "Stäng ärendet", headers=f"In-Reply-To: <{answers}>\n")
        assert [one.kind for one in shop.get(1).messages] == ["message", "message"]
        assert [one.kind for one in shop.get(2).messages] == ["message"]

    def test_an_answer_through_a_rewriting_list_joins_by_our_hash_alone(self, open_shop: Opener) -> None:
        shop = open_shop().at(MONDAY)
        shop.mail(ASA, "Kannan", "Den är trasig.", message_id="asas@kund.example")
        shop.run("reply", 1, "--text", "Vilken storlek?")
        rewritten = "Åsa via Lista <lista@forening.example>"
        shop.mail(rewritten, "Sv: Kannan", "Storlek 38", shop.last_out(1), headers="Reply-To: asa@kund.example\n")
        assert shop.get(1).messages[-1].text == "Storlek 38"
        shop.mail(rewritten, "Sv: Kannan", "Och blå", "asas@kund.example", headers="Reply-To: asa@kund.example\n")
        assert (shop.get(2).messages[0].text, [link.to for link in shop.get(2).links]) == ("Och blå", [1])

    def test_forms_that_rules_name_write_for_others(self, open_shop: Opener) -> None:
        shop = open_shop(f"{ACKNOWLEDGE}\nsources: [{{name: webb, maildir: in, forms: [eva@special.example]}}]").at(
            MONDAY
        )
        rules = shop.folder / "rules.yaml"
        named = rules.read_text("utf-8").replace("country: SE}", "country: SE, forms: [Kim@special.example]}")
        rules.write_text(named, encoding="utf-8")
        for number, sender in enumerate(("kim@special.example", "eva@special.example"), 1):
            through_form(shop, "anna@kund.example", f"Fråga {number}", sender=sender)
            assert shop.get(number).requester.address == "anna@kund.example"
        shop.mail("kim@special.example", "Kontakt", "Utan adress. Ring 08-123.")
        assert not any(one.direction == "out" for one in shop.get(3).messages), "nobody reads it there"

    @pytest.mark.parametrize(
        "headers", ["Auto-Submitted: auto-generated\n", "Precedence: bulk\n", "List-Id: <x.example>\n"]
    )
    def test_a_form_that_is_named_is_no_machine(self, open_shop: Opener, headers: str) -> None:
        shop = open_shop(ACKNOWLEDGE).at(MONDAY)
        rules = shop.folder / "rules.yaml"
        named = rules.read_text("utf-8").replace("country: SE}", "country: SE, forms: [form@formtjanst.example]}")
        through_form(shop, "anna@kund.example", "Före", headers=headers)
        rules.write_text(named, encoding="utf-8")
        through_form(shop, "anna@kund.example", "Efter", headers=headers)
        through_form(shop, "bo@kund.example", "Tyst", headers=f"{headers}X-Auto-Response-Suppress: All\n")
        kinds = [[one.kind for one in shop.get(number).messages] for number in (1, 2, 3)]
        assert kinds == [["automatic"], ["message", "automatic"], ["message"]]


class TestNoReply:
    def test_it_is_never_answered_and_the_next_step_is_told(self, open_shop: Opener) -> None:
        shop = open_shop().at(MONDAY)
        shop.mail("Butiken <no-reply@butik.example>", "Kontakt", "Kim undrar. E-post: Kim@kund.example")
        refused = shop.run("reply", 1, "--text", "Hej Kim!", code=5)
        assert "nobody reads mail to no-reply@butik.example; nothing was sent" in refused.stderr
        assert "`ticketctl reply 1 --to kim@kund.example`" in refused.stderr
        assert left(shop) == []
        shop.run("reply", 1, "--text", "Hej Kim!", "--to", "kim@kund.example")
        assert [mail["To"] for mail in left(shop)] == ["kim@kund.example"]
        assert shop.get(1).status == "waiting", "it is an answer: nobody else can be meant"

    def test_nor_by_a_copy_or_by_name(self, open_shop: Opener) -> None:
        shop = open_shop().at(MONDAY)
        shop.mail(ASA, "Kannan", "Hej")
        for option in ("--to", "--cc", "--bcc"):
            assert "nobody reads" in shop.run("reply", 1, "--text", "Hej", option, "noreply@x.example", code=5).stderr
        assert left(shop) == []

    def test_among_the_participants_it_is_left_out(self, open_shop: Opener) -> None:
        shop = open_shop().at(MONDAY)
        shop.mail(ASA, "Kannan", "Hej", headers="Cc: noreply@x.example, bo@kund.example\n")
        shop.run("reply", 1, "--text", "Hej", "--to-all")
        assert [(mail["To"], mail["Cc"]) for mail in left(shop)] == [(ASA, "bo@kund.example")]

    def test_a_person_with_another_address_for_answers_is_answered_as_before(self, open_shop: Opener) -> None:
        shop = open_shop().at(MONDAY)
        shop.mail("Kim <kim@kund.example>", "Fråga", "Hej", headers="Reply-To: bo@annat.example\n")
        told = shop.run("reply", 1, "--text", "Hej").stderr
        assert "asks for answers to bo@annat.example" in told
        assert [mail["To"] for mail in left(shop)] == ["Kim <kim@kund.example>"]


class TestIds:
    PROSE = (
        "desk@lampa.example's message of \"Fri, 10 Oct 2025 13:17:15 +0200\"",
        "Name <desk@lampa.example> \"Offer\" (Oct 10, 1:17pm)",
        "Brev från Name <desk@lampa.example>",
        "<support@exempel.example>",
        "desk@lampa.example",
    )  # fmt: skip

    @pytest.mark.parametrize("prose", PROSE)
    def test_an_address_in_a_sentence_joins_and_links_nobody(self, open_shop: Opener, prose: str) -> None:
        shop = open_shop().at(MONDAY)
        for number, (sender, what) in enumerate(
            (("mona@birch.example", "hall"), ("mona@birch.example", "attic"), ("otto@oak.example", "garage")), 1
        ):
            headers = f"In-Reply-To: {prose}\nReferences: <unknown-{number}@elsewhere.example>\n"
            shop.mail(sender, f"Re: Offer for the {what}", f"About the {what}.", headers=headers)
        assert [shop.get(number).links for number in (1, 2, 3)] == [(), (), ()]

    def test_an_id_behind_prose_and_one_without_brackets_that_we_know_lead_home(self, open_shop: Opener) -> None:
        shop = open_shop().at(MONDAY)
        shop.mail(ASA, "Kannan", "Hej", message_id="asas-1@kund.example")
        prose = (
            'Message from Exempel <support@exempel.example> of "Mon, 16 Nov 2026 09:00:00 +0100." <asas-1@kund.example>'
        )
        shop.mail(ASA, "Mer", "Ett", headers=f"In-Reply-To: {prose}\n")
        shop.mail(ASA, "Ännu mer", "Två", headers="In-Reply-To: asas-1@kund.example\n")
        shop.mail(ASA, "Något annat", "Tre", headers="In-Reply-To: okand-1@kund.example\n")
        shop.mail(ASA, "Ett till", "Fyra", headers="In-Reply-To: okand-1@kund.example\n")
        assert [one.text for one in shop.get(1).messages] == ["Hej", "Ett", "Två"]
        assert shop.get(2).links == shop.get(3).links == ()


class TestRewrittenIds:
    SES = "0102abc-000000@eu-west-1.amazonses.example"

    def test_the_same_requester_and_subject_join_the_open_ticket(self, open_shop: Opener) -> None:
        shop = open_shop().at(MONDAY)
        shop.mail(ASA, "Hej", "Var är min vara?")
        shop.run("reply", 1, "--text", "Vilken färg?")
        shop.mail(ASA, "Sv: Hej", "Blå", self.SES)
        assert [one.text for one in shop.get(1).messages] == ["Var är min vara?", "Vilken färg?", "Blå"]
        assert shop.get(1).messages[-1].flagged == "by subject"
        assert shop.get(1).status == "open"
        shop.mail("bo@kund.example", "Sv: Hej", "Jag med", self.SES.replace("0102", "0103"))
        assert (shop.get(2).requester.address, shop.get(2).links) == ("bo@kund.example", ())

    def test_what_a_copy_of_our_mail_was_answered_with_before_changes_nothing(self, open_shop: Opener) -> None:
        """Bo, who got the reply by copy, names the same unknown id as Åsa."""
        shop = open_shop().at(MONDAY)
        shop.mail(ASA, "Trasig kanna", "Den läcker")
        shop.run("reply", 1, "--text", "Vi skickar en ny.", "--cc", "bo@kund.example")
        shop.mail("bo@kund.example", "SV: Trasig kanna", "Bra!", self.SES)
        shop.mail(ASA, "SV: Trasig kanna", "När kommer den?", self.SES)
        assert [one.text for one in shop.get(1).messages][-1] == "När kommer den?"
        assert shop.get(1).messages[-1].flagged == "by subject"

    @pytest.mark.parametrize("prefix", ["Sv: [EXTERNAL] ", "[EXT] AW: ", "VS: *EXTERN* ", "External: Re: "])
    def test_what_a_mail_host_puts_into_the_subject_is_none_of_it(self, open_shop: Opener, prefix: str) -> None:
        shop = open_shop().at(MONDAY)
        shop.mail(ASA, "Trasig kanna", "Den läcker")
        shop.run("reply", 1, "--text", "Vi skickar en ny.")
        shop.mail(ASA, f"{prefix}Trasig kanna", "När kommer den?", self.SES)
        assert len(shop.get(1).messages) == 3

    def test_a_number_in_the_subject_by_setting(self, open_shop: Opener) -> None:
        shop = self.with_setting(open_shop, "number_in_subject: true")
        shop.mail(ASA, "Hej", "Var är min vara?")
        shop.run("reply", 1, "--text", "Vilken färg?")
        assert left(shop)[-1]["Subject"] == "SV: Hej [#1]"

    def test_an_address_for_answers_by_setting(self, open_shop: Opener) -> None:
        shop = self.with_setting(open_shop, "plus_address: true", ACKNOWLEDGE)
        shop.mail(ASA, "Hej", "Var är min vara?")
        shop.run("reply", 1, "--text", "Vilken färg?")
        answers = {mail["Reply-To"] for mail in left(shop)}
        assert len(answers) == 1
        (there,) = answers
        assert there.startswith("Exempel support <support+1-")
        address = there.partition("<")[2].rstrip(">")
        shop.mail(ASA, "En helt annan rubrik", "Blå", self.SES, headers=f"Cc: {address}\n")
        assert (shop.get(1).messages[-1].text, shop.get(1).messages[-1].flagged) == ("Blå", "")
        assert address not in [one.address for one in shop.get(1).participants]
        forged = address.replace("+1-", "+2-")
        shop.mail("bo@kund.example", "Hej", "Jag med", headers=f"Cc: {forged}\n")
        assert shop.get(2).links == ()

    def with_setting(self, open_shop: Opener, setting: str, more: str = "") -> Shop:
        shop = open_shop(more).at(MONDAY)
        rules = shop.folder / "rules.yaml"
        rules.write_text(rules.read_text("utf-8").replace("undo: 0s", f"undo: 0s, {setting}"), encoding="utf-8")
        return shop


class TestAutoresponders:
    def acknowledged(self, open_shop: Opener) -> tuple[Shop, str, str]:
        shop = open_shop(ACKNOWLEDGE).at(MONDAY)
        shop.mail(ASA, "Kannan", "Den är trasig.")
        automatic = shop.get(1).messages[-1]
        assert automatic.kind == "automatic"
        return shop, automatic.message_id, automatic.subject

    @pytest.mark.parametrize("by", ["id", "references", "subject"])
    def test_what_answers_an_acknowledgement_gets_none(self, open_shop: Opener, by: str) -> None:
        shop, ours, subject = self.acknowledged(open_shop)
        for number in range(2, 8):
            headers = f"References: <{ours}>\n" if by == "references" else ""
            title = f"Re: {subject}" if by == "subject" else "Tack för ditt mejl"
            shop.mail(f"svar{number}@crm.example", title, "Vi hör av oss.", ours if by == "id" else "", headers=headers)
            assert [one.direction for one in shop.get(number).messages] == ["in"]
        assert len(left(shop)) == 1

    def test_who_answers_a_reply_of_ours_from_elsewhere_gets_one(self, open_shop: Opener) -> None:
        shop, ours, _ = self.acknowledged(open_shop)
        shop.run("reply", 1, "--text", "Vilken?")
        headers = f"References: <{ours}> <{shop.last_out(1)}>\n"
        shop.mail("bo@kund.example", "Sv: Kannan", "Den blå", headers=f"In-Reply-To: <{shop.last_out(1)}>\n{headers}")
        assert [one.direction for one in shop.get(2).messages] == ["in", "out"]


class TestThanks:
    def waiting(self, open_shop: Opener) -> Shop:
        shop = open_shop().at(MONDAY)
        shop.mail(ASA, "Kannan", "Den är trasig. Kan ni byta den?")
        shop.at("2026-11-16T10:00+01:00").run("reply", 1, "--text", "Ja. Skicka en bild.", "--wait", "5d")
        return shop.at("2026-11-16T11:00+01:00")

    @pytest.mark.parametrize("text", ["Tack!", "Tack så mycket för hjälpen!\n\nMvh\nÅsa", "Thanks a lot, great!"])
    def test_a_mere_one_leaves_the_ticket_waiting_and_starts_no_clock(self, open_shop: Opener, text: str) -> None:
        shop = self.waiting(open_shop)
        before = shop.get(1)
        shop.mail(ASA, "Sv: Kannan", text, shop.last_out(1))
        after = shop.get(1)
        assert (after.status, after.wake_at) == ("waiting", before.wake_at)
        assert len(after.messages) == 3
        shop.at("2026-11-20T09:00+01:00")
        config = load(shop.folder / "rules.yaml")
        found = deadlines(after, config.targets, config.hours, shop.now)
        assert [(one.kind, one.running) for one in found if one.kind != "resolution"] == [("first_response", False)]

    @pytest.mark.parametrize(
        "text", ["Tack, men den är fortfarande trasig", "Tack! Men när?", "Thanks, but it is broken"]
    )
    def test_one_with_a_but_wakes_it(self, open_shop: Opener, text: str) -> None:
        shop = self.waiting(open_shop)
        shop.mail(ASA, "Sv: Kannan", text, shop.last_out(1))
        assert shop.get(1).status == "open"

    def test_one_with_the_file_that_was_asked_for_wakes_it(self, open_shop: Opener) -> None:
        shop = self.waiting(open_shop)
        raw = (
            f"From: {ASA}\nTo: support@exempel.example\nSubject: Sv: Kannan\nMessage-ID: <bild@kund.example>\n"
            f"In-Reply-To: <{shop.last_out(1)}>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=g\n\n"
            "--g\nContent-Type: text/plain\n\nTack!\n--g\nContent-Type: image/png; name=kanna.png\n"
            "Content-Disposition: attachment; filename=kanna.png\nContent-Transfer-Encoding: base64\n\nQUJD\n--g--\n"
        )
        shop.run("fetch", "-", user="system", stdin=raw)
        assert shop.get(1).status == "open"
