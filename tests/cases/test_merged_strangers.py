"""Customers whose tickets were merged never learn of each other: each is answered in a mail of their own, or named."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest

from tests.cases.shop import ASA, RULES, Shop
from tests.commands.test_reply import sent
from tests.smtp_server import serving

JAMES = "James Whitfield <james@peak.example>"
EVA = "Eva-Lena Björk <eva@bjork.example>"
JONAS = "Jonas Weber <jonas@weber.example>"
OUTAGE = "Hej Åsa!\n\nVi har hittat felet och startar om butiken. Nästa besked kommer klockan tio."
DAY = ("--from", "2026-11-16", "--to", "2026-11-16")


def three(shop: Shop) -> Shop:
    """#2 (James, English) and #3 (Eva, Swedish) are merged into #1 (Åsa, Swedish)."""
    shop.at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Allt ligger nere", "Hej! Kassan fungerar inte alls sedan i morse, kan ni titta på det?")
    shop.mail(JAMES, "Portal down?", "Is there an outage? The portal gives error 500 for all of us since this morning.")
    shop.mail(EVA, "Kan inte logga in", "Hej, jag kan inte logga in i butiken, får bara ett felmeddelande.")
    shop.at("2026-11-16T09:10+01:00").run("merge", 2, 3, "--into", 1)
    return shop


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return three(open_shop())


def addresses(mail: EmailMessage) -> set[str]:
    """All that stand in it, in any header or in the text, of people outside."""
    text = mail.as_string() + mail.get_content()
    known = ("asa@kund.example", "james@peak.example", "eva@bjork.example", "jonas@weber.example", "bror@kund.example")
    return {one for one in known if one in text}


def by_reader(shop: Shop) -> dict[str, EmailMessage]:
    """The newest mail to each."""
    return {mail["To"].addresses[0].addr_spec: mail for mail in sent(shop)}


def first_responses(shop: Shop) -> tuple[int, int]:
    figures = shop.figures(*DAY)
    return figures["first_response"]["calendar"]["n"], figures["unanswered"]["count"]


def test_each_is_answered_in_their_own_thread_and_by_name(shop: Shop) -> None:
    told = shop.say("reply", 1, "--text", OUTAGE)
    assert "reply sent to asa@kund.example; reply sent to eva@bjork.example; not answered: James" in told
    assert "(wrote English, `ticketctl reply 1 --to james@peak.example`); stays open" in told
    asa, eva = (by_reader(shop)[one] for one in ("asa@kund.example", "eva@bjork.example"))
    assert (str(asa["Subject"]), str(asa["In-Reply-To"])) == ("SV: Allt ligger nere", "<m1@kund.example>")
    assert (str(eva["Subject"]), str(eva["In-Reply-To"])) == ("SV: Kan inte logga in", "<m3@kund.example>")
    assert asa.get_content().startswith("Hej Åsa!") and eva.get_content().startswith("Hej Eva-Lena!")
    assert addresses(asa) == {"asa@kund.example"} and addresses(eva) == {"eva@bjork.example"}
    assert first_responses(shop) == (2, 1), "James waits"


def test_what_went_to_each_is_shown_once(shop: Shop) -> None:
    shop.run("reply", 1, "--text", "Vi tittar på det.")
    told = shop.say("show", 1)
    assert told.count("Vi tittar på det.") == 1 == told.count("Reply by alice")
    to = next(line for line in told.splitlines() if line.strip().startswith("to Åsa"))
    assert "<asa@kund.example>; to " in to


def test_who_was_not_answered_is_next_and_then_is_answered(shop: Shop) -> None:
    shop.run("reply", 1, "--text", OUTAGE)
    assert "Next: `ticketctl reply 1`: james@peak.example waits for alice" in shop.say("show", 1, "--why")
    assert "first response #2: due Mon 2026-11-16 13:00 (in 3h" in " ".join(shop.say("show", 1, "--why").split())
    told = shop.say("reply", 1, "--to", "james@peak.example", "--text", "We found it and restart the shop.")
    assert told.startswith("#1: reply sent to james@peak.example; not to Åsa Öberg <asa@kund.example>, Eva-Lena")
    assert "; waits until" in told
    mail = by_reader(shop)["james@peak.example"]
    assert (str(mail["Subject"]), str(mail["In-Reply-To"])) == ("Re: Portal down?", "<m2@kund.example>")
    assert first_responses(shop) == (3, 0)


def test_a_snippet_speaks_to_each_in_their_language(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Kannan", "Hej! Kannan som jag köpte hos er i lördags läcker när man häller.")
    shop.mail(JAMES, "The jug", "Hello, the jug that I bought from you last week leaks when I pour.")
    shop.mail(JONAS, "Die Kanne", "Guten Tag, die Kanne, die ich bei Ihnen gekauft habe, ist leider undicht.")
    shop.run("merge", 2, 3, "--into", 1)
    told = shop.say("reply", 1, "--snippet", "losning", "--send")
    assert "not answered" not in told
    mails = by_reader(shop)
    assert "Åsa" in mails["asa@kund.example"].get_content() and "“The jug”" in mails["james@peak.example"].get_content()
    assert "James" in mails["james@peak.example"].get_content()
    assert all(addresses(mail) == {reader} for reader, mail in mails.items())
    assert len(mails) == 3


def test_who_writes_a_language_that_the_desk_does_not_is_answered_in_the_texts(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(JAMES, "The jug", "Hello, the jug that I bought from you last week leaks when I pour.")
    shop.mail(JONAS, "Die Kanne", "Guten Tag, die Kanne, die ich bei Ihnen gekauft habe, ist leider undicht.")
    shop.run("merge", 2, "--into", 1)
    told = shop.say("reply", 1, "--text", "Hello James, we will send you a new one tomorrow.")
    assert "not answered" not in told
    assert by_reader(shop)["jonas@weber.example"].get_content().startswith("Hello Jonas,")


def test_who_was_copied_before_gets_a_mail_of_their_own(open_shop: Callable[..., Shop]) -> None:
    """Eva was in copy of Åsa's mail and then wrote herself: they know each other, and have a thread each."""
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Kannan", "Den läcker.", headers="Cc: eva@bjork.example, bror@kund.example\n")
    shop.mail(EVA, "Min kanna", "Den läcker också.")
    shop.run("merge", 2, "--into", 1)
    shop.run("reply", 1, "--text", "Nya är på väg.", "--to-all")
    mails = by_reader(shop)
    assert str(mails["asa@kund.example"]["Cc"]) == "bror@kund.example", "of the same conversation"
    assert mails["eva@bjork.example"]["Cc"] is None
    assert str(mails["eva@bjork.example"]["Subject"]) == "SV: Min kanna"


def test_copies_to_all_participants_stay_in_their_conversation(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop()
    rules = RULES.format(zone="Europe/Stockholm", causes="", more="").replace("undo: 0s", "undo: 0s, participants: all")
    (shop.folder / "rules.yaml").write_text(rules, encoding="utf-8")
    shop.at("2026-11-16T09:00+01:00").mail(ASA, "Kannan", "Den läcker.", headers="Cc: bror@kund.example\n")
    shop.mail(EVA, "Min kanna", "Den läcker också.")
    shop.run("merge", 1, "--into", 2)
    shop.run("reply", 2, "--text", "Nya är på väg.")
    mails = by_reader(shop)
    assert str(mails["asa@kund.example"]["Cc"]) == "bror@kund.example"
    assert mails["eva@bjork.example"]["Cc"] is None
    assert addresses(mails["eva@bjork.example"]) == {"eva@bjork.example"}


def test_who_is_named_gets_it_openly_and_nothing_else(shop: Shop) -> None:
    told = shop.say("reply", 1, "--text", "Klart nu.", "--cc", "eva@bjork.example", "--to", "asa@kund.example")
    assert "reply sent to asa@kund.example, eva@bjork.example; not answered: James" in told
    shop.run("reply", 1, "--text", "Nu är det klart för er också.", "--cc", "eva@bjork.example")
    assert [str(mail["Cc"]) for mail in sent(shop) if mail["Cc"]] == ["eva@bjork.example"] * 2
    assert "eva@bjork.example" not in by_reader(shop), "no second mail to who is in copy"


def test_only_the_requester(shop: Shop) -> None:
    told = shop.say("reply", 1, "--text", OUTAGE, "--only-requester")
    assert told.startswith("#1: reply sent to asa@kund.example; not answered: James")
    assert "Eva-Lena Björk <eva@bjork.example> (`ticketctl reply 1 --to eva@bjork.example`)" in told
    assert first_responses(shop) == (1, 1)


def test_a_caller_without_mail_is_named(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Kannan", "Den läcker.")
    shop.run("new", "--requester", "070-123 45 67", "--channel", "phone", "--subject", "Ringde", "--text", "Läcker.")
    shop.run("merge", 2, "--into", 1)
    assert "not answered: 070-123 45 67 (no mail address)" in shop.say("reply", 1, "--text", "Ny är på väg.")
    shop.run("unmerge", 2)
    shop.run("merge", 1, "--into", 2)
    told = shop.say("reply", 2, "--text", "Ny är på väg.")
    assert "reply sent to asa@kund.example; not answered: 070-123 45 67" in told


def test_duplicates_of_one_customer_are_one_conversation(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Kannan", "Den läcker.")
    shop.mail(EVA, "Min kanna", "Den läcker också.")
    shop.mail(ASA, "Kannan igen", "Har ni sett mitt mejl?")
    shop.run("merge", 2, 3, "--into", 1)
    shop.run("reply", 1, "--text", "Nya är på väg.")
    asa = [mail for mail in sent(shop) if "asa@" in str(mail["To"])]
    assert [str(mail["In-Reply-To"]) for mail in asa] == ["<m3@kund.example>"], "one mail, to the newest"
    assert first_responses(shop) == (2, 0)


def test_an_answer_goes_on_in_its_own_thread(shop: Shop) -> None:
    shop.run("reply", 1, "--text", OUTAGE)
    shop.at("2026-11-16T09:30+01:00")
    eva_got = str(by_reader(shop)["eva@bjork.example"]["Message-ID"]).strip("<>")
    shop.mail(EVA, "SV: Kan inte logga in", "Tack, men det går fortfarande inte.", eva_got)
    assert "next response" in shop.say("show", 1, "--why")
    told = shop.say("reply", 1, "--to", "eva@bjork.example", "--text", "Prova igen, nu ska det gå.")
    assert "reply sent to eva@bjork.example" in told
    newest = [mail for mail in sent(shop) if "eva@" in str(mail["To"])][-1]
    assert str(newest["In-Reply-To"]) == "<m4@kund.example>"


def test_one_of_them_bounces_and_waits_again(shop: Shop) -> None:
    shop.run("reply", 1, "--to", "james@peak.example", "--text", "We found it and restart the shop.")
    shop.run("reply", 1, "--text", OUTAGE)
    assert shop.get(1).status == "waiting" and first_responses(shop) == (3, 0)
    asa_got = str(by_reader(shop)["asa@kund.example"]["Message-ID"])
    report = (
        "From: MAILER-DAEMON@kund.example\nTo: support@exempel.example\nSubject: Undelivered\n"
        "Return-Path: <>\nMessage-ID: <studs@kund.example>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nNo such user.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; kund.example\n\n"
        "Final-Recipient: rfc822; asa@kund.example\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {asa_got}\n\n--b--\n"
    )
    shop.at("2026-11-16T09:12+01:00").run("fetch", "-", user="system", stdin=report)
    assert [one.delivery for one in shop.get(1).messages if one.is_reply] == ["sent", "bounced", "sent"]
    assert shop.get(1).status == "open"
    assert "a reply was not delivered: check the address" in shop.say("show", 1, "--why")
    assert first_responses(shop) == (2, 1)


def test_undo_of_a_reply_that_went_to_two_is_one_draft_for_both(shop: Shop) -> None:
    shop.run("reply", 1, "--text", OUTAGE, "--queue")
    shop.run("undo", 1)
    drafts = [one for one in shop.get(1).messages if one.delivery == "draft"]
    assert [one.text for one in drafts] == [OUTAGE]
    assert shop.get(1).status in ("new", "open")
    shop.say("send")
    assert sent(shop) == []
    shop.run("reply", 1, "--send")
    assert sorted(by_reader(shop)) == ["asa@kund.example", "eva@bjork.example"]


def test_undo_when_one_of_them_has_left(shop: Shop) -> None:
    """The server takes Åsa's mail and defers Eva's: what can be taken back is Eva's alone."""
    with serving() as (port, mailbox):
        mailbox.plan["RCPT:eva@bjork.example"] = ["451 later"]
        rules = (shop.folder / "rules.yaml").read_text("utf-8")
        server = f"smtp: {{host: 127.0.0.1, port: {port}, security: none}}"
        (shop.folder / "rules.yaml").write_text(rules.replace("maildir: data/sent", server), "utf-8")
        told = shop.trouble("reply", 1, "--text", OUTAGE, code=8)
        assert "not accepted yet" in told
        assert [mail.rcpt_tos for mail in mailbox.mails] == [["asa@kund.example"]]
        shop.run("undo", 1)
    (draft,) = [one for one in shop.get(1).messages if one.delivery == "draft"]
    assert [one.address for one in draft.to] == ["eva@bjork.example"]


def test_later_both_leave_or_are_held_back_and_released_together(shop: Shop) -> None:
    told = shop.say("reply", 1, "--text", OUTAGE, "--later", "1h")
    assert "reply to asa@kund.example; eva@bjork.example is sent" in told and "not answered: James" in told
    shop.at("2026-11-16T09:30+01:00").mail(EVA, "SV", "Hallå?", "m3@kund.example")
    shop.at("2026-11-16T10:30+01:00").cron("send")
    assert sent(shop) == []
    shop.say("outbox", "release", 1)
    assert sorted(by_reader(shop)) == ["asa@kund.example", "eva@bjork.example"]
    assert first_responses(shop) == (2, 1)


def test_outbox_cancel_takes_back_all_of_it(shop: Shop) -> None:
    shop.run("reply", 1, "--text", OUTAGE, "--later", "1h")
    shop.say("outbox", "cancel", 1)
    assert [one.text for one in shop.get(1).messages if one.delivery == "draft"] == [OUTAGE]
    assert shop.get(1).merged, "the merge stays"


def test_the_draft_of_a_reply_goes_to_each(shop: Shop) -> None:
    shop.run("reply", 1, "--text", OUTAGE, "--draft")
    shop.run("reply", 1, "--send")
    assert sorted(by_reader(shop)) == ["asa@kund.example", "eva@bjork.example"]


def test_another_requesters_name_in_the_text_is_noticed(shop: Shop) -> None:
    told = shop.say("reply", 1, "--check", "--text", "Hej! Även Eva-Lena Björk har skrivit om felet till oss i dag.")
    assert "Eva-Lena Björk is known from #3, which is another customer's" in told


def test_automatic_answers_obey_the_same_rule(open_shop: Callable[..., Shop]) -> None:
    """One at a message of Eva's goes to Eva; one at the close to everybody, in a mail each."""
    shop = three(
        open_shop("""\
rules:
  - {id: sett, events: [customer_message], then: [{reply: {snippet: mottaget, automatic: true}}]}
  - {id: stangt, events: [closed], then: [{reply: {snippet: stangt, automatic: true}}]}
""")
    )
    shop.mail(EVA, "SV: Kan inte logga in", "Hallå?", "m3@kund.example")
    shop.cron("send")
    (mail,) = sent(shop)
    assert addresses(mail) == {"eva@bjork.example"} and str(mail["In-Reply-To"]) == "<m4@kund.example>"
    shop.at("2026-11-18T09:10+01:00").run("close", 1, "--cause", "fel")
    shop.say("send")
    mails = sent(shop)[1:]
    assert sorted(str(mail["To"]) for mail in mails) == ["asa@kund.example", "eva@bjork.example", "james@peak.example"]
    assert all(len(addresses(mail)) == 1 for mail in mails)


def test_a_reminder_goes_to_whoever_has_our_answer(open_shop: Callable[..., Shop]) -> None:
    shop = three(
        open_shop("""\
rules:
  - id: minn
    events: [sweep]
    when: {all: [{status: waiting}, {since_our_reply: {at_least: 2d}}]}
    then: [{reply: {snippet: paminnelse, automatic: true}}]
""")
    )
    shop.run("reply", 1, "--text", OUTAGE, "--wait", "7d")
    shop.at("2026-11-19T09:30+01:00").cron("escalate")
    shop.say("send")
    assert sorted(str(mail["To"]) for mail in sent(shop)[2:]) == ["asa@kund.example", "eva@bjork.example"]


def test_whose_mail_was_moved_here_is_no_copy(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Kannan", "Den läcker.")
    shop.mail(EVA, "Min kanna", "Den läcker.")
    shop.at("2026-11-16T09:30+01:00").mail(EVA, "SV: Min kanna", "Hallå?", "m2@kund.example")
    shop.run("move", 2, "m2", 1)
    told = shop.say("reply", 1, "--text", "Ny är på väg.")
    assert "reply sent to asa@kund.example; not answered: Eva-Lena Björk <eva@bjork.example>" in told
    assert [addresses(mail) for mail in sent(shop)] == [{"asa@kund.example"}]


def test_a_supplier_who_answered_is_not_shown_to_the_customer(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Kannan", "Den läcker.")
    shop.run("reply", 1, "--to", "bror@kund.example", "--text", "Har ni en ny?")
    shop.at("2026-11-16T09:30+01:00").mail("bror@kund.example", "SV", "Ja.", shop.last_out(1))
    shop.run("reply", 1, "--text", "Ny är på väg.")
    assert addresses(by_reader(shop)["asa@kund.example"]) == {"asa@kund.example"}


def test_an_anonymised_ticket_keeps_its_figures(shop: Shop) -> None:
    shop.run("reply", 1, "--text", OUTAGE)
    shop.run("close", 1, "--cause", "fel")
    before = shop.figures(*DAY)["first_response"]
    rules = (shop.folder / "rules.yaml").read_text("utf-8")
    privacy = "privacy: {retention: [{when: {status: closed}, after: 30d, then: anonymise}]}\n"
    (shop.folder / "rules.yaml").write_text(rules + privacy, "utf-8")
    shop.at("2027-01-16T09:00+01:00").cron("purge")
    assert "eva" not in shop.say("export").lower() and "björk" not in shop.say("export").lower()
    assert shop.figures(*DAY)["first_response"] == before


def test_a_promise_to_two_is_not_kept_by_a_mail_to_the_third(shop: Shop) -> None:
    shop.run("reply", 1, "--text", OUTAGE, "--promise", "idag 12", "--stay-open")
    shop.at("2026-11-16T09:30+01:00")
    shop.run("reply", 1, "--to", "james@peak.example", "--text", "We found it and restart the shop.", "--stay-open")
    assert "promised Mon 2026-11-16 09:10: due Mon 2026-11-16 12:00 (in" in shop.say("show", 1, "--why")
    shop.at("2026-11-16T10:00+01:00").run("reply", 1, "--text", "Butiken är uppe igen, och det har vi ordnat nu.")
    assert "due Mon 2026-11-16 12:00, kept" in shop.say("show", 1, "--why")


def test_a_promise_that_came_with_a_merged_ticket_is_owed_to_its_requester(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop().at("2026-11-16T09:00+01:00")
    shop.mail(ASA, "Kannan", "Den läcker.")
    shop.mail(EVA, "Min kanna", "Den läcker också.")
    shop.run("reply", 2, "--text", "Besked i dag.", "--promise", "idag 15", "--stay-open")
    shop.at("2026-11-16T10:00+01:00").run("merge", 2, "--into", 1)
    shop.at("2026-11-16T11:00+01:00").run("reply", 1, "--to", "asa@kund.example", "--text", "Ny är på väg.")
    assert "due Mon 2026-11-16 15:00 (in" in shop.say("show", 1, "--why")
    shop.at("2026-11-16T12:00+01:00").run("reply", 1, "--to", "eva@bjork.example", "--text", "Ny är på väg.")
    assert "due Mon 2026-11-16 15:00, kept" in shop.say("show", 1, "--why")
