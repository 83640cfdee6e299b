"""Where a message belongs: the matrix of evidence, sender and state, and the shapes that real conversations take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import msgspec
import pytest

from ticketctl.domain.mail.filing import Arrival, open_ticket
from ticketctl.domain.mail.message_ids import answer_address, make_message_id
from ticketctl.domain.mail.threading import BY_NUMBER, BY_SUBJECT, Policy, is_own, place
from ticketctl.domain.ticket.message import Bounce, BouncedRecipient, Forwarded, Inbound, Message, Person
from ticketctl.domain.ticket.ticket import Link, Ticket

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = b"k" * 32
POLICY = Policy(key=KEY, own=frozenset({"support@exempel.example"}), team=frozenset({"alice@exempel.example"}))
ASA = Person("asa@kund.example", "Åsa")
BO = Person("bo@kund.example", "Bo")
OURS = make_message_id(17, "1a", KEY, "exempel.example")
FORGED = OURS.replace("17.", "18.", 1)
ANSWERS = answer_address(17, "support@exempel.example", KEY)


def forgeries() -> list[str]:
    """Ids like ours: of another ticket, with another secret in front, with a digit of the hash guessed wrongly."""
    number, salt, rest = OURS.split(".", 2)
    digest, domain = rest.split("@")
    found = [f"{other}.{salt}.{rest}" for other in range(1, 41) if other != int(number)]
    found += [f"{number}.{salt}{other}.{rest}" for other in range(9)]
    for at, digit in enumerate(digest):
        found.append(f"{number}.{salt}.{digest[:at]}{(int(digit, 16) + 1) % 16:x}{digest[at + 1 :]}@{domain}")
    return found


class Desk:
    """A small world of tickets, as `Known`."""

    def __init__(self, *tickets: Ticket) -> None:
        self.tickets = {ticket.number: ticket for ticket in tickets}

    def ticket(self, number):
        return self.tickets.get(number)

    def holder(self, message_id):
        return next((number for number, one in self._messages() if one.message_id == message_id), None)

    def mentions(self, message_id):
        return {number for number, one in self._messages() if message_id in one.references}

    def open_of(self, address):
        return {one.number for one in self.tickets.values() if one.requester.address == address and not one.closed}

    def renumbered(self, number):
        return ()

    def _messages(self):
        return [(ticket.number, message) for ticket in self.tickets.values() for message in ticket.messages]


def ticket(
    number=17,
    *,
    requester=ASA,
    participants=(BO,),
    closed_days_ago=None,
    ids=("first@kund.example",),
    references=(),
    **fields,
):
    messages = tuple(
        Message(
            key=f"m{at}",
            direction="in",
            kind="message",
            at=NOW - timedelta(days=40),
            sender=requester,
            message_id=one,
            references=references,
        )
        for at, one in enumerate(ids, 1)
    )
    closed = closed_days_ago is not None
    return Ticket(
        number=number,
        subject="Trasig kanna",
        requester=requester,
        participants=participants,
        messages=messages,
        opened_at=NOW - timedelta(days=40),
        status="closed" if closed else "open",
        closed_at=NOW - timedelta(days=closed_days_ago) if closed else None,
        **fields,
    )


def mail(sender="asa@kund.example", **fields):
    return Inbound(
        message_id=fields.pop("message_id", "new@kund.example"),
        content="c",
        sender=Person(sender) if sender else None,
        **fields,
    )


def placed(inbound, *tickets):
    return place(inbound, Desk(*tickets), POLICY, NOW)


EVIDENCE = {
    "our token": {"in_reply_to": (OURS,)},
    "our token in references": {"references": (OURS, "other@kund.example")},
    "their own id": {"in_reply_to": ("first@kund.example",)},
    "their own id in references": {"references": ("first@kund.example",)},
    "number": {"subject": "SV: Trasig kanna [#17]"},
    "plus address": {"delivered_to": ("support+17@exempel.example",)},
    "our token without brackets": {"bare_ids": (OURS,)},
    "their own id without brackets": {"bare_ids": ("first@kund.example",)},
    "address for answers": {"to": (Person(ANSWERS),)},
    "address for answers, delivered to": {"delivered_to": (ANSWERS,)},
    "forged token": {"in_reply_to": (FORGED,)},
    "forged token without brackets": {"bare_ids": (FORGED,)},
    "forged address for answers": {"to": (Person(ANSWERS.replace("+17-", "+18-")),)},
    "guessed address for answers": {"delivered_to": (f"support+17-{'0' * 24}@exempel.example",)},
    "address for answers elsewhere": {"to": (Person(ANSWERS.replace("exempel.", "annan.")),)},
    "unknown id without brackets": {"bare_ids": ("okänt@kund.example",)},
    "our address as an id": {"in_reply_to": ("support@exempel.example",)},
    "subject": {"subject": "SV: Trasig kanna"},
    "nothing": {},
}
BY_SUBJECT_ALONE = {"subject": "Sv: TRASIG kanna", "in_reply_to": ("0102abc-000000@ses.example",)}
LEADS = [
    *("our token", "our token in references", "their own id", "their own id in references", "number", "plus address"),
    *("our token without brackets", "their own id without brackets"),
    *("address for answers", "address for answers, delivered to"),
]
KEYED = [name for name in LEADS if "token" in name or "answers" in name]
NOWHERE = [name for name in EVIDENCE if name not in LEADS]
INSIDERS = ["asa@kund.example", "bo@kund.example", "alice@exempel.example"]
STRANGERS = ["mallory@evil.example", "asa@kund.example.evil.example", "åsa@kund.example", "support@exempel.example", ""]
STATES = {"open": None, "closed lately": 3, "closed long ago": 30}


@pytest.mark.parametrize(("evidence", "sender", "state"), list(product(EVIDENCE, STRANGERS, STATES)))
def test_a_stranger_never_adds_to_a_ticket(evidence, sender, state):
    found = placed(mail(sender, **EVIDENCE[evidence]), ticket(closed_days_ago=STATES[state]))
    assert found.number is None
    assert found.links == ((17,) if evidence in LEADS else ())


@pytest.mark.parametrize(("evidence", "sender", "state"), list(product(LEADS, INSIDERS, ["open", "closed lately"])))
def test_who_takes_part_adds_to_the_ticket(evidence, sender, state):
    found = placed(mail(sender, **EVIDENCE[evidence]), ticket(closed_days_ago=STATES[state]))
    assert (found.number, found.links) == (17, ())
    assert found.flagged == (BY_NUMBER if evidence in ("number", "plus address") else "")
    assert "#17" in found.why


@pytest.mark.parametrize(("evidence", "sender"), list(product(LEADS, INSIDERS)))
def test_a_ticket_closed_long_ago_gets_a_follower(evidence, sender):
    found = placed(mail(sender, **EVIDENCE[evidence]), ticket(closed_days_ago=30))
    assert (found.number, found.links) == (None, (17,))
    assert "closed since 2026-10-21" in found.why


PASSED = "mx.exempel.example; dmarc=pass header.from=exempel.example"
RESULTS = {  # Authentication-Results, topmost first
    "passed": (PASSED,),
    "failed": (PASSED.replace("pass", "fail"),),
    "none": (),
    "another server's": (PASSED.replace("mx.", "mx.annan."),),
    "forged below ours": (PASSED.replace("pass", "fail"), PASSED),
}
VOUCHED = msgspec.structs.replace(POLICY, authserv_id="mx.exempel.example")


@pytest.mark.parametrize(("evidence", "state", "results"), list(product(LEADS, ["open", "closed lately"], RESULTS)))
def test_an_agent_is_one_only_where_our_server_vouches_for_them(evidence, state, results):
    headers = {"authentication-results": RESULTS[results]}
    one = ticket(closed_days_ago=STATES[state])
    found = place(mail("alice@exempel.example", headers=headers, **EVIDENCE[evidence]), Desk(one), VOUCHED, NOW)
    assert (found.number, found.from_team) == ((17, True) if results == "passed" else (None, False))
    assert found.links == (() if results == "passed" else (17,))


@pytest.mark.parametrize(("evidence", "results"), list(product(LEADS, RESULTS)))
def test_customers_need_no_proof_to_answer(evidence, results):
    """Much honest mail has none; and what they add shows nobody anything."""
    headers = {"authentication-results": RESULTS[results]}
    assert place(mail(headers=headers, **EVIDENCE[evidence]), Desk(ticket()), VOUCHED, NOW).number == 17


ANNA_WROTE = Forwarded(sender=Person("anna@annan.example", "Anna"), subject="Avtalet", text="Hej!")
FORWARDERS = ["alice@exempel.example", "asa@kund.example", "mallory@evil.example", "support@exempel.example"]


@pytest.mark.parametrize(
    ("sender", "results", "policy"), list(product(FORWARDERS, RESULTS, ["without our server", "with it"]))
)
def test_whose_ticket_a_forwarded_mail_opens(sender, results, policy):
    """The customer's only where an agent forwards it; nobody else makes a ticket in another's name."""
    rules = VOUCHED if policy == "with it" else POLICY
    inbound = mail(sender, headers={"authentication-results": RESULTS[results]}, forwarded=ANNA_WROTE, text="Se nedan")
    arrival = Arrival(inbound=inbound, at=NOW, source="in")
    opened = open_ticket(18, arrival, place(inbound, Desk(ticket()), rules, NOW), rules)
    trusted = sender == "alice@exempel.example" and (rules is POLICY or results == "passed")
    assert opened.requester.address == ("anna@annan.example" if trusted else sender)
    assert "anna@annan.example" not in [one.address for one in opened.participants]


THROUGH = ["form@formtjanst.example", "no-reply@butik.example", "support@exempel.example", ""]  # From


@pytest.mark.parametrize(
    ("evidence", "named", "through", "state"),
    list(product(EVIDENCE, [*INSIDERS, *STRANGERS[:3]], THROUGH, ["open", "closed lately"])),
)
def test_who_is_known_by_reply_to_adds_only_by_our_hash(evidence, named, through, state):
    """Whatever somebody types into a form: no ticket of others, no ticket by a number, and never as an agent."""
    one = ticket(closed_days_ago=STATES[state])
    inbound = mail(through, reply_to=(Person(named),), **EVIDENCE[evidence])
    found = placed(inbound, one)
    joins = evidence in KEYED and named in ("asa@kund.example", "bo@kund.example")
    assert (found.number, found.from_team) == (17 if joins else None, False)
    if evidence in LEADS and not joins and not is_own(inbound, POLICY):
        assert found.links == (17,)


class TestBySubject:
    """Amazon SES and others put an id of their own on our mail; the answer names that one."""

    def answered(self, **fields):
        one = ticket(**fields)
        ours = Message(
            key="m2", direction="out", kind="message", at=NOW - timedelta(days=1), message_id=OURS,
            sender=Person("support@exempel.example"), subject="SV: Trasig kanna", delivery="sent",
        )  # fmt: skip
        return msgspec.structs.replace(one, messages=(*one.messages, ours))

    def test_the_requesters_answer_joins_and_is_flagged(self):
        found = placed(mail(**BY_SUBJECT_ALONE), self.answered())
        assert (found.number, found.flagged, found.links) == (17, BY_SUBJECT, ())
        assert "#17" in found.why

    @pytest.mark.parametrize("sender", [*INSIDERS[1:], *STRANGERS])
    def test_nobody_elses_does(self, sender):
        found = placed(mail(sender, **BY_SUBJECT_ALONE), self.answered())
        assert (found.number, found.links) == (None, ())

    @pytest.mark.parametrize("through", THROUGH)
    def test_nor_that_of_who_is_only_named_for_answers(self, through):
        found = placed(mail(through, reply_to=(ASA,), **BY_SUBJECT_ALONE), self.answered())
        assert (found.number, found.links) == (None, ())

    def test_an_agents_copy_is_no_answer_of_the_requesters(self):
        alice = self.answered(requester=Person("alice@exempel.example"))
        assert placed(mail("alice@exempel.example", **BY_SUBJECT_ALONE), alice).number is None

    @pytest.mark.parametrize(
        "fields",
        [
            {"subject": "Sv: En annan kanna", "in_reply_to": ("0102@ses.example",)},
            {"subject": "Trasig kanna"},
            {"subject": "Sv: Trasig kanna", "in_reply_to": ("support@exempel.example",), "machine": "list"},
        ],
    )
    def test_another_subject_or_no_answer_at_all_does_not(self, fields):
        assert placed(mail(**fields), self.answered()).number is None

    def test_where_we_never_wrote_nothing_of_ours_was_answered(self):
        assert placed(mail(**BY_SUBJECT_ALONE), ticket()).number is None

    def test_a_closed_ticket_gets_none(self):
        assert placed(mail(**BY_SUBJECT_ALONE), self.answered(closed_days_ago=2)).number is None

    def test_of_several_it_is_the_one_in_which_we_wrote_last(self):
        older = self.answered()
        newer = msgspec.structs.replace(
            older, number=16, messages=(msgspec.structs.replace(older.messages[-1], at=NOW),)
        )
        assert placed(mail(**BY_SUBJECT_ALONE), older, newer).number == 16


REPEATED = ("81.every.mail@form.example",)


@pytest.mark.parametrize("count", [4, 5])
def test_an_id_that_the_mails_of_many_tickets_repeat_is_no_evidence(count):
    many = [
        ticket(number, requester=Person(f"k{number}@x"), participants=(), ids=(f"{number}@x",), references=REPEATED)
        for number in range(1, count + 1)
    ]  # fmt: skip
    found = placed(mail("ny@x.example", references=REPEATED), *many)
    assert bool(found.links) == (count == 4)


@pytest.mark.parametrize("sender", INSIDERS)
@pytest.mark.parametrize("evidence", NOWHERE)
def test_no_evidence_no_ticket(evidence, sender):
    found = placed(mail(sender, **EVIDENCE[evidence]), ticket())
    assert (found.number, found.links) == (None, ())


def test_the_window_is_the_desks_own():
    late = ticket(closed_days_ago=30)
    patient = msgspec.structs.replace(POLICY, reopen_window=timedelta(days=60))
    assert place(mail(in_reply_to=(OURS,)), Desk(late), patient, NOW).number == 17


@pytest.mark.parametrize(
    ("closed", "answered", "number"),
    [
        ("2026-11-02T10:00+01:00", "2026-11-16T23:59+01:00", 17),  # day 14, to its end
        ("2026-11-02T10:00+01:00", "2026-11-17T00:00+01:00", None),  # day 15
        ("2026-11-02T23:59+01:00", "2026-11-16T00:00+01:00", 17),
        ("2026-10-20T10:00+02:00", "2026-11-03T09:30+01:00", 17),  # over the end of summer time
        ("2026-03-23T10:00+01:00", "2026-04-06T23:30+02:00", 17),  # and its beginning
        ("2026-03-23T10:00+01:00", "2026-04-07T00:10+02:00", None),
    ],
)
def test_the_window_is_open_for_fourteen_local_days(closed, answered, number):
    over = msgspec.structs.replace(ticket(closed_days_ago=1), closed_at=datetime.fromisoformat(closed))
    policy = msgspec.structs.replace(POLICY, timezone="Europe/Stockholm")
    found = place(mail(in_reply_to=(OURS,)), Desk(over), policy, datetime.fromisoformat(answered))
    assert found.number == number


def test_spam_takes_answers_however_late():
    spam = msgspec.structs.replace(ticket(closed_days_ago=100), spam=True)
    assert place(mail(in_reply_to=(OURS,)), Desk(spam), POLICY, NOW).number == 17


def test_an_automatic_answer_joins_even_a_ticket_closed_long_ago():
    found = placed(mail(in_reply_to=(OURS,), machine="auto_reply"), ticket(closed_days_ago=300))
    assert found.number == 17


def test_mail_to_a_merged_ticket_follows_to_its_target():
    target = ticket(20, ids=())
    merged = ticket(18, ids=(), merged_into=20, closed_days_ago=100)
    chain = ticket(17, ids=(), merged_into=18, closed_days_ago=100)
    assert placed(mail(in_reply_to=(OURS,)), chain, merged, target).number == 20
    assert placed(mail(subject="[#18]"), chain, merged, target).number == 20


def test_tickets_merged_in_a_circle_do_not_hang():
    one, other = ticket(17, merged_into=18, ids=()), ticket(18, merged_into=17, ids=())
    placed(mail(in_reply_to=(OURS,)), one, other)


def test_a_purged_ticket_is_no_evidence():
    assert placed(mail(in_reply_to=(OURS,), subject="[#17]")).why == "nothing in it refers to a ticket"


class TestBounces:
    def bounce(self, returned, **fields):
        return mail(
            "mailer-daemon@post.example",
            machine="bounce",
            bounce=Bounce((BouncedRecipient("asa@kund.example", "5.1.1", True),), returned),
            **fields,
        )

    def test_belongs_to_the_mail_that_came_back(self):
        assert placed(self.bounce(OURS), ticket()).number == 17

    def test_may_name_it_in_references(self):
        assert placed(self.bounce(None, in_reply_to=(OURS,)), ticket()).number == 17

    @pytest.mark.parametrize("returned", [*forgeries(), FORGED, "first@kund.example", None])
    def test_a_forged_one_changes_nothing(self, returned):
        found = placed(self.bounce(returned, subject="Undeliverable: [#17]"), ticket(), ticket(18, ids=()))
        assert (found.number, found.links) == (None, ())


class TestThreads:
    def test_a_stranger_in_a_thread_gets_a_linked_ticket(self):
        found = placed(mail("carl@annan.example", references=("first@kund.example",)), ticket())
        assert (found.number, found.links) == (None, (17,))
        assert "carl@annan.example takes no part" in found.why

    def test_the_question_comes_after_its_answer(self):
        answer = ticket(requester=BO, participants=(), ids=("answer@kund.example",), references=("question@x.example",))
        found = placed(mail(message_id="question@x.example"), answer)
        assert (found.number, found.links) == (None, (17,))

    def test_two_answers_to_a_mail_that_never_came(self):
        sibling = ticket(ids=("one@kund.example",), references=("81x2.unknown@elsewhere.example",))
        assert placed(mail(references=("81x2.unknown@elsewhere.example",)), sibling).number == 17
        assert placed(mail("x@y.example", references=("81x2.unknown@elsewhere.example",)), sibling).links == (17,)

    def test_a_mail_that_joins_two_conversations_links_them(self):
        one, other = ticket(17, ids=("a@x.example",)), ticket(18, ids=("b@x.example",))
        found = placed(mail(in_reply_to=("b@x.example",), references=("a@x.example",)), one, other)
        assert (found.number, found.links) == (18, (17,))

    def test_what_is_linked_already_is_not_linked_again(self):
        one = ticket(17, ids=("a@x.example",), links=(Link(18, "conversation"),))
        other = ticket(18, ids=("b@x.example",), links=(Link(17, "conversation"),))
        assert placed(mail(in_reply_to=("b@x.example",), references=("a@x.example",)), one, other).links == ()

    def test_the_senders_own_ticket_goes_before_the_nearest(self):
        mine, theirs = (
            ticket(17, ids=("a@x.example",)),
            ticket(18, requester=Person("x@y.example"), participants=(), ids=("b@x.example",)),
        )
        found = placed(mail(in_reply_to=("b@x.example",), references=("a@x.example",)), mine, theirs)
        assert (found.number, found.links) == (17, (18,))

    def test_the_same_id_with_other_content_stays_in_the_conversation(self):
        assert placed(mail(message_id="first@kund.example"), ticket()).number == 17

    def test_a_number_does_not_overrule_a_reference(self):
        found = placed(mail(in_reply_to=("first@kund.example",), subject="[#18]"), ticket(), ticket(18, ids=()))
        assert (found.number, found.links, found.flagged) == (17, (), "")

    def test_thousands_of_references_are_no_work(self):
        many = tuple(f"{at}@x.example" for at in range(50_000))
        assert placed(mail(references=("first@kund.example", *many)), ticket()).number == 17


class TestForms:
    """Our own site writes in our name, with the customer in Reply-To."""

    def test_the_customer_is_in_reply_to(self):
        form = mail("support@exempel.example", reply_to=(ASA,), in_reply_to=(OURS,))
        assert placed(form, ticket()).number == 17

    def test_a_stranger_there_is_one(self):
        form = mail("support@exempel.example", reply_to=(Person("x@y.example"),), in_reply_to=(OURS,))
        assert placed(form, ticket()).number is None


def test_an_agents_mail_is_known_as_such():
    assert placed(mail("alice@exempel.example", in_reply_to=(OURS,)), ticket()).from_team
    assert not placed(mail(in_reply_to=(OURS,)), ticket()).from_team
