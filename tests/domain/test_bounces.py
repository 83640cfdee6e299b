"""Delivery reports, in fields and in prose of the form that many mail servers give it; the words are ours."""

from __future__ import annotations

import pytest

from ticketctl.domain.mail.bounce_prose import divide
from ticketctl.domain.mail.bounces import Report, addresses_in, is_bounce, read, succeeded

BO = "bo@borta.example"
EVA = "eva@borta.example"

POSTFIX = f"""\
This is the mail system at host mx.exempel.example.

Your message could not be delivered to one of its recipients; it comes back below.
Questions go to postmaster.

<{BO}>: host mx.borta.example[192.0.2.1] said: 550 5.1.1
    <{BO}>: Recipient address rejected: nobody of that name (in reply to RCPT TO command)
"""
QMAIL = f"""\
Hi. This is the qmail-send program at mx.exempel.example. Your mail did not get through
and I'm afraid I wasn't able to deliver it by another way. The error is permanent.

<{BO}>:
192.0.2.1 does not like the recipient.
Remote host said: 550 Nobody here

--- Below this line is a copy of your mail.

Return-Path: <support@exempel.example>
Message-ID: <vart@exempel.example>
To: {BO}
"""
EXIM = f"""\
This text was created automatically by mail delivery software at mx.exempel.example.

The message you sent could not be delivered to these of its recipients, for good:

  {BO}
    Unrouteable address, says the router
  {EVA}
    the mailbox is full

------ This is a copy of the mail, headers and all ------

Return-path: <support@exempel.example>
Message-ID: <vart@exempel.example>
"""
EXIM_DELAY = f"""\
This text was created automatically by mail delivery software at mx.exempel.example.
After more than a day on the queue, your mail has not yet been delivered to

  {BO}

You need not do anything. More attempts will be made; in the end the software will
give up and say so.
"""
SENDMAIL = f"""\
The original message was received at Fri, 20 Nov 2026 10:00:00 +0100
from intern.exempel.example [192.0.2.7]

   ----- The following address had fatal errors -----
<{BO}>
    (reason: 550 5.1.1 <{BO}>... No such person)

   ----- Transcript of the session -----
>>> RCPT To:<{BO}>
<<< 550 5.1.1 <{BO}>... No such person
"""
EXCHANGE = f"""\
Your message

  To:      support-lista@exempel.example
  Subject: Offert
  Sent:    Fri, 20 Nov 2026 10:00:00 +0100

did not reach this recipient:

{BO} on Fri, 20 Nov 2026 10:00:10 +0100
    The name is not recognized by the directory
"""
NOTES = f"""\
------- Failure Reason --------

User not listed in the address book
{BO}

------- Returned Mail --------
Received: from mx.exempel.example by notes.example
Message-ID: <vart@exempel.example>
"""
DOMINO = f"""\
Your message

  Subject: Offert

was not delivered to

  {BO}

because

  User Bo ({BO}) is unknown in our Domino directory
"""
GROUPWISE = f"The mail that you sent was undeliverable to the following:\n\t{BO} (user not found)\n"
GMAIL = f"""\
** No such address **

Your message wasn't delivered to {BO} because there is no such address, or it is unable to receive mail.

The other server said:

550 5.1.1 That account does not exist.
"""
OPENSMTPD = f"""\
    Hello!

    This is the MAILER-DAEMON of mx.exempel.example, which reads no answers.

    There was an error when it tried to deliver a message to:

{BO}: 550 5.2.2 The mailbox is full

    Below is a copy of what you sent:
"""
COURIER = f"""\
This is a delivery status notification from mx.exempel.example.

UNDELIVERABLE

Your message to the recipients below cannot be delivered.

<{BO}>:
   mx.borta.example [192.0.2.1]:
>>> RCPT TO:<{BO}>
<<< 550 5.1.1 <{BO}>... Nobody of that name
"""
SWEDISH = f"Det gick inte att leverera meddelandet till följande mottagare:\n\n{BO}\n\nMottagaren är okänd.\n"
OLD_EXCHANGE = f"did not reach the following recipient(s):\n\nc=US;a= ;p=X;dda:SMTP={BO}; on Fri\n  not recognized\n"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (POSTFIX, "5.1.1"),
        (QMAIL, None),
        (SENDMAIL, "5.1.1"),
        (EXCHANGE, None),
        (NOTES, None),
        (DOMINO, None),
        (GROUPWISE, None),
        (GMAIL, "5.1.1"),
        (OPENSMTPD, "5.2.2"),
        (COURIER, "5.1.1"),
        (SWEDISH, None),
        (OLD_EXCHANGE, None),
    ],
)
def test_prose_names_the_recipient(text: str, status: str | None) -> None:
    report = Report(text=text, ours=frozenset({"support@exempel.example", "mailer-daemon@mx.exempel.example"}))
    assert is_bounce(report, "Undelivered Mail Returned to Sender", from_daemon=True)
    assert [(one.address, one.status, one.permanent) for one in read(report).recipients] == [(BO, status, True)]


@pytest.mark.parametrize("text", [POSTFIX, QMAIL, EXIM, COURIER, SENDMAIL])
def test_a_server_that_hides_behind_another_address_is_seen_by_its_words(text: str) -> None:
    assert is_bounce(Report(text=text), "Failure notice", from_daemon=False)


def test_several_recipients_each_with_its_own_reason() -> None:
    found = read(Report(text=EXIM))
    assert [one.address for one in found.recipients] == [BO, EVA]
    assert found.message_id == "vart@exempel.example"


def test_a_delay_is_not_permanent() -> None:
    assert [(one.address, one.permanent) for one in read(Report(text=EXIM_DELAY)).recipients] == [(BO, False)]


def test_the_notice_ends_where_the_returned_mail_begins() -> None:
    notice, rest = divide(QMAIL)
    assert "Nobody here" in notice
    assert "Message-ID" not in notice
    assert rest.startswith("--- Below")


STATUS = f"""\
Reporting-MTA: dns; mx.exempel.example
Arrival-Date: Fri, 20 Nov 2026 10:00:00 +0100

Original-Recipient: rfc822;{BO}
Final-Recipient: rfc822;u17@intern.example
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

Final-Recipient: rfc822; {EVA}
Action: delayed
Status: 4.4.1

Final-Recipient: rfc822; klart@borta.example
Action: delivered
Status: 2.1.5
"""


def test_fields_are_read_and_deliveries_left_out() -> None:
    found = read(Report(statuses=(STATUS,), returned=("Message-ID:\n <vart@exempel.example>\n",)))
    assert [(one.address, one.status, one.permanent) for one in found.recipients] == [
        (BO, "5.2.2", True),
        (EVA, "4.4.1", False),
    ]
    assert found.message_id == "vart@exempel.example"


def test_fields_are_found_in_the_text_of_a_mail_with_broken_mime() -> None:
    text = f"The following addresses had permanent fatal errors\n\n{STATUS}"
    assert [one.address for one in read(Report(text=text)).recipients] == [BO, EVA]


def test_success_is_no_bounce() -> None:
    report = Report(
        statuses=(f"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822;{BO}\nAction: relayed\nStatus: 2.0.0\n",)
    )
    assert succeeded(report)
    assert not succeeded(Report(statuses=(STATUS,)))
    assert not succeeded(Report())


def test_a_failure_without_code_is_permanent_by_its_action() -> None:
    (one,) = read(Report(statuses=(f"Final-Recipient: rfc822;{BO}\nAction: failed\n",))).recipients
    assert (one.status, one.permanent) == (None, True)
    (one,) = read(Report(statuses=(f"Final-Recipient: rfc822;{BO}\n",))).recipients
    assert one.permanent is None


def test_the_returned_mail_names_the_recipient_where_the_notice_does_not() -> None:
    returned = f"From: support@exempel.example\nTo: Bo <{BO}>\nMessage-ID: <vart@exempel.example>\n"
    assert [one.address for one in read(Report(text="Delivery failed.", returned=(returned,))).recipients] == [BO]
    several = returned.replace(BO, f"{BO}>, <{EVA}")
    assert read(Report(text="Delivery failed.", returned=(several,))).recipients == ()


def test_a_notification_in_json() -> None:
    text = (
        '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"BO","action":"failed",'
        '"status":"5.1.1"}]},"mail":{"source":"support@exempel.example"}}'
    ).replace("BO", BO)
    report = Report(text=text)
    assert is_bounce(report, "Notification", from_daemon=False)
    assert [(one.address, one.status) for one in read(report).recipients] == [(BO, "5.1.1")]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Delivery problem", "Hi, my parcel was not delivered. Please call bo@borta.example"),
        ("Undelivered parcel", "Your message said it would be delivered on Friday, but nothing came."),
        ("Delivery delay", "The following address is wrong: Storgatan 1. My mail is bo@borta.example."),
        ("Returned message", "I got my letter back, could not be delivered it says."),
        ("Kan inte leverera", "Ni kan inte leverera till oss? Hör av er till bo@borta.example."),
        ("Fw: Undelivered Mail Returned to Sender", f"Vad är det här?\n\n{POSTFIX}"),
        ("Fråga", "Jag får 550 5.1.1 när jag skriver till bo@borta.example"),
        ("Sorry", "Sorry, I was not able to send the form. The recipient field is invalid."),
    ],
)
def test_people_write_about_deliveries_too(subject: str, text: str) -> None:
    assert not is_bounce(Report(text=text), subject, from_daemon=False)


def test_ids_that_the_report_itself_mentions_come_last() -> None:
    assert read(Report(text="Delivery failed.", mentioned=("a@x", "b@x"))).message_id == "b@x"


def test_own_addresses() -> None:
    assert addresses_in(["Support <Support@Exempel.Example>, b@x.example"]) == {
        "support@exempel.example",
        "b@x.example",
    }
