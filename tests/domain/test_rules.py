"""Rules: what a condition holds of, what fires when and how often, and what the actions make of a ticket."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import assert_linear
from ticketctl.domain.rules import actions
from ticketctl.domain.rules.actions import Applied, ReplyEffect, Workload, apply, workload
from ticketctl.domain.rules.conditions import All, AnyOf, Condition, Labels, Machine, Not, Number, Scalar, Text, judge
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.match import pattern
from ticketctl.domain.rules.rules import Rule, evaluate
from ticketctl.domain.settings.settings import Duration, Hours
from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday
SYSTEM = Act("system", NOW)
ANNA = Person("anna@kund.example", "Anna Öberg")
OFFICE = Hours(timezone="Europe/Stockholm", week=dict.fromkeys(range(5), ((480, 1020),)))


def message(text: str = "", subject: str = "Hej", **fields: object) -> Message:
    return msgspec.structs.replace(
        Message(key="m1", direction="in", kind="message", at=NOW, sender=ANNA, subject=subject, text=text), **fields
    )


def ticket(**fields: object) -> Ticket:
    return msgspec.structs.replace(Ticket(number=17, subject="Hej", requester=ANNA, opened_at=NOW), **fields)


def holds(
    condition: Condition, text: str = "", subject: str = "Hej", headers: dict | None = None, **fields: object
) -> bool:
    return judge(condition, View(ticket(), message(text, subject, **fields), headers or {})).held


# --- text ---


@pytest.mark.parametrize(
    ("operator", "value", "text", "expected"),
    [
        ("is", "hjälp", "  HJÄLP\n", True),
        ("is", "hjälp", "hjälp mig", False),
        ("any_of", "hjälp", "Hjälp", True),
        ("contains", "ligger nere", "Sajten ligger\n  nere idag", True),
        ("contains", "driftstopp", "driftstoppet", True),
        ("any_word", "driftstopp", "driftstoppet", False),
        ("any_word", "driftstopp", "DRIFTSTOPP!", True),
        ("any_word", "ligger nere", "Den ligger nere.", True),
        ("any_word", "ligger nere", "Den ligger nereläst", False),
        ("any_word", "ab ab", "xab ab ab", True),
        ("any_word", "nere", "min_nere_lista", False),
        ("any_word", "can't log in", "I can’t log in", True),
        ("any_word", "straße", "STRASSE", True),
        ("any_word", "c++", "Jag kan C++ bra", True),
        ("starts_with", "order", "Order 17", True),
        ("starts_with", "order", "Min order", False),
        ("ends_with", "tack", "… svara, TACK", True),
        ("matches", r"\border \d{4}\b", "Min Order 1234 saknas", True),
        ("matches", r"^order", "min order", False),
        ("matches", "(?-i)ORDER", "order", False),
    ],
)
def test_text_operators(operator: str, value: str, text: str, expected: bool) -> None:
    assert holds(Text("body", operator, (value,)), text) is expected


@given(st.sampled_from(["NFC", "NFD"]), st.sampled_from(["NFC", "NFD"]), st.sampled_from([str.lower, str.upper]))
def test_a_letter_is_the_same_composed_or_not_large_or_small(one, other, case) -> None:
    text = unicodedata.normalize(one, case("vi når inte kassan på Åland"))
    assert holds(Text("body", "any_word", (unicodedata.normalize(other, "åland"),)), text)
    assert holds(Text("body", "matches", (unicodedata.normalize(other, "på .land"),)), text)


def test_any_of_several_words() -> None:
    condition = Text("text", "any_word", ("avbrott", "outage"))
    assert holds(condition, "An outage again") and holds(condition, subject="Avbrott?")
    assert not holds(condition, "Allt väl")


@pytest.mark.parametrize(
    ("subject", "value", "expected"),
    [
        ("from", "anna@kund.example", True),
        ("from", "Anna Öberg", True),
        ("from", "bo@kund.example", False),
        ("to", "support@exempel.example", True),
        ("to", "chef@exempel.example", True),
        ("sender.domain", "kund.example", True),
        ("sender.domain", "example", False),
        ("attachment.name", "faktura.pdf", True),
        ("header.x-prio", "1", True),
        ("header.X-PRIO", "1", True),
        ("header.X-Other", "1", False),
        ("subject", "hej", True),
        ("body", "hej", False),
    ],
)
def test_what_is_looked_at(subject: str, value: str, expected: bool) -> None:
    attachment = Attachment(name="Faktura.PDF", type="application/pdf", size=10, sha256="0" * 64)
    assert (
        holds(
            Text(subject, "is", (value,)),
            "text",
            headers={"X-Prio": ("1",)},
            attachments=(attachment,),
            to=(Person("support@exempel.example"),),
            cc=(Person("chef@exempel.example"),),
        )
        is expected
    )


def test_a_forwarded_mail_counts_whole() -> None:
    assert holds(Text("body", "contains", ("driftstopp",)), "", whole="---- Vidarebefordrat ----\nDriftstopp")
    assert not holds(Text("body", "contains", ("driftstopp",)), "Tack!", whole="Tack!\n> driftstopp")


EVIL = [
    "(a+)+$",
    "(a|a)*b",
    "(a|aa)+$",
    "(.*a){20}",
    "([a-z]+)*!",
    "(x+x+)+y",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(.*)*(.*)*(.*)*c",
]


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("letter", ["a", "x", "å"])
def test_no_expression_hangs_the_desk(evil: str, letter: str) -> None:
    assert_linear(lambda size: holds(Text("body", "matches", (evil,)), letter * size + "!"), 20_000)


OPERATORS = ("is", "any_of", "contains", "any_word", "starts_with", "ends_with")
LETTERS = [*"aåÅßb.+*(|\\’'-\u0301\x00\ud800", " ", "\n", "nere", "C++"]
PIECES = st.lists(st.sampled_from(LETTERS), max_size=6).map("".join)


@given(operator=st.sampled_from(OPERATORS), values=st.lists(PIECES, min_size=8, max_size=12), body=PIECES)
def test_a_long_list_holds_where_one_of_its_values_does(operator: str, values: list[str], body: str) -> None:
    first = next((value for value in values if holds(Text("body", operator, (value,)), body)), None)
    verdict = judge(Text("body", operator, tuple(values)), View(ticket(), message(body)))
    assert verdict.held == (first is not None)
    if first and first.isalnum():
        assert verdict.actual == f"“{first}” found"


@pytest.mark.long
def test_a_very_long_list_is_looked_through_all_the_same() -> None:
    condition = Text("body", "any_word", tuple(f"artikel {number} (åäö)" for number in range(200_000)))
    assert holds(condition, "Har ni artikel 199999 (åäö)?")
    assert not holds(condition, "Har ni artikel 200000 (åäö)?")


@pytest.mark.parametrize("operator", ["contains", "any_word", "starts_with"])
def test_words_are_looked_for_in_linear_time(operator: str) -> None:
    assert_linear(lambda size: holds(Text("body", operator, ("a" * (size // 2) + "b",)), "a" * size), 1_000_000)


@pytest.mark.parametrize("bad", ["(", "(?=a)", r"(a)\1", "a{1000}{1000}", "[b-a]"])
def test_what_cannot_be_linear_is_refused(bad: str) -> None:
    with pytest.raises(ValueError):
        pattern(bad)


def test_a_lone_surrogate_stops_nothing() -> None:
    assert holds(Text("body", "matches", ("driftstopp",)), "\udcff driftstopp")


# --- the others ---


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Scalar("status", "any_of", ("waiting",)), True),
        (Scalar("status", "none_of", ("waiting", "open")), False),
        (Scalar("priority", "any_of", ("high", "low")), False),
        (Scalar("channel", "any_of", ("email", "form")), True),
        (Scalar("language", "any_of", ("sv",)), True),
        (Scalar("assignee", "any_of", ("",)), True),
        (Scalar("field.category", "any_of", ("FAKTURA",)), True),
        (Scalar("field.area", "any_of", ("",)), True),
        (Scalar("field.area", "none_of", ("",)), False),
        (Labels("has", ("vip",)), True),
        (Labels("has", ("vip", "drift")), False),
        (Labels("any_of", ("vip", "drift")), True),
        (Labels("none_of", ("drift",)), True),
        (Labels("none_of", ("vip",)), False),
        (All(()), True),
        (AnyOf(()), False),
        (Not(Machine(True)), True),
        (All((Machine(False), Labels("has", ("vip",)))), True),
        (All((Machine(False), Labels("has", ("drift",)))), False),
        (AnyOf((Machine(True), Labels("has", ("vip",)))), True),
    ],
)
def test_sets_and_values(condition: Condition, expected: bool) -> None:
    seen = ticket(status="waiting", labels=("vip", "gammal"), fields={"category": "faktura"}, language="sv")
    assert judge(condition, View(seen, message())).held is expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (Number("attachment.count", at_least=2), True),
        (Number("attachment.count", at_least=3), False),
        (Number("attachment.count", at_most=2), True),
        (Number("attachment.count", at_most=1), False),
        (Number("attachment.size", at_least=30), True),
        (Number("attachment.size", 31), False),
        (Number("attachment.size", 10, 40), True),
    ],
)
def test_numbers_and_sizes(number: Number, expected: bool) -> None:
    both = tuple(Attachment(name="a", type="text/plain", size=size, sha256="0" * 64) for size in (10, 20))
    assert holds(number, attachments=both) is expected


def test_machines() -> None:
    for written in ({"machine": "auto_reply"}, {"kind": "automatic"}, {"kind": "bounce"}):
        assert holds(Machine(True), **written) and not holds(Machine(False), **written)
    assert holds(Machine(False)) and not holds(Machine(True))


def test_a_verdict_tells_what_was_expected_and_what_was_there() -> None:
    verdict = judge(
        All((Text("text", "any_word", ("outage", "avbrott")), Not(Scalar("priority", "any_of", ("high",))))),
        View(ticket(), message("Nu är det ett avbrott igen")),
    )
    text, negated = verdict.parts
    assert (text.what, text.held, text.expected, text.actual) == (
        "text",
        True,
        "any_word outage, avbrott",
        "“avbrott” found",
    )
    assert (negated.what, negated.held, negated.parts[0].actual) == ("not", True, "medium")


# --- when rules fire ---


def rule(name: str = "r", **fields: object) -> Rule:
    return msgspec.structs.replace(Rule(id=name, events=("created",), then=(actions.Label((name,)),)), **fields)


def run(rules: list[Rule], seen: Ticket, event: str = "created", written: Message | None = None) -> Applied:
    trace = evaluate(rules, View(seen, written or message()), event)
    return apply(seen, trace, SYSTEM, Workload({"alice": 2, "bo": 1}), OFFICE)


def outcomes(rules: list[Rule], seen: Ticket, event: str = "created", written: Message | None = None) -> list[str]:
    return [one.outcome for one in evaluate(rules, View(seen, written or message()), event).rules]


def test_rules_look_at_the_ticket_as_it_was_before_any_of_them() -> None:
    second = rule("second", when=Labels("has", ("first",)))
    assert outcomes([rule("first"), second], ticket()) == ["fired", "not met"]


def test_a_rule_fires_once_for_the_same_happening() -> None:
    rules = [rule(events=("created", "customer_message"))]
    after = run(rules, ticket()).ticket
    assert outcomes(rules, after) == ["already fired"]
    answer = message(key="m2")
    assert outcomes(rules, after, "customer_message", answer) == ["fired"]
    after = run(rules, after, "customer_message", answer).ticket
    assert outcomes(rules, after, "customer_message", answer) == ["already fired"]
    assert outcomes(rules, after, "customer_message", message(key="m3")) == ["fired"]


def test_once_per_ticket() -> None:
    rules = [rule(events=("created", "customer_message"), once="per_ticket")]
    after = run(rules, ticket()).ticket
    assert outcomes(rules, after, "customer_message", message(key="m2")) == ["already fired"]


def test_other_events_pass_by() -> None:
    assert outcomes([rule(events=("customer_message",))], ticket()) == ["other event"]


def test_stop_ends_the_run_also_when_it_fired_before() -> None:
    rules = [rule("first", stop=True), rule("second")]
    assert outcomes(rules, ticket()) == ["fired", "stopped"]
    assert outcomes(rules, run(rules, ticket()).ticket) == ["already fired", "stopped"]
    assert outcomes([rule("no", stop=True, when=Machine(True)), rule("second")], ticket()) == ["not met", "fired"]


def test_a_rule_that_was_not_met_may_fire_later() -> None:
    rules = [rule(when=Labels("has", ("vip",)))]
    after = run(rules, ticket()).ticket
    assert outcomes(rules, after.label(SYSTEM, "vip")) == ["fired"]


# --- what they do ---


def done(*then: actions.Action, seen: Ticket | None = None) -> Applied:
    return run([rule("outage", then=then)], seen or ticket())


def test_actions_change_the_ticket_and_its_history_names_the_rule() -> None:
    after = done(
        actions.SetPriority("high"),
        actions.SetField("category", "fel"),
        actions.Label(("drift",)),
        actions.Note("Se driftsidan"),
        actions.Assign("bo"),
    ).ticket
    assert (after.priority, after.assignee) == ("high", "bo")
    assert (after.fields, after.labels) == ({"category": "fel"}, ("drift",))
    assert [(one.direction, one.kind, one.text, one.author) for one in after.messages] == [
        ("internal", "note", "Se driftsidan", "system"),
    ]
    assert {event.why for event in after.events} == {"rule outage"}
    assert after.status == "new"  # nobody of the team has looked at it yet


def test_the_later_rule_wins() -> None:
    rules = [rule("a", then=(actions.SetPriority("high"),)), rule("b", then=(actions.SetPriority("low"),))]
    assert run(rules, ticket()).ticket.priority == "low"


def test_replies_are_left_to_others() -> None:
    applied = done(actions.Reply("mottaget", automatic=True), actions.Reply("losning"))
    assert applied.effects == (
        ReplyEffect(rule="outage", snippet="mottaget", automatic=True, message="m1"),
        ReplyEffect(rule="outage", snippet="losning", automatic=False, message="m1"),
    )
    assert applied.ticket.messages == ()


def test_spam_close_unlabel() -> None:
    assert done(actions.Spam()).ticket.spam
    closed = done(actions.Close("no_answer", "leverans")).ticket
    assert (closed.status, closed.resolution, closed.cause) == ("closed", "no_answer", "leverans")
    assert done(actions.Unlabel(("vip",)), seen=ticket(labels=("vip", "drift"))).ticket.labels == ("drift",)


def test_waiting_is_in_business_time() -> None:
    after = done(actions.Wait(Duration(days=1))).ticket
    assert (after.status, after.wake_at) == ("waiting", NOW + timedelta(days=3))  # from Friday to Monday


def test_what_a_closed_ticket_does_not_take_is_told_not_raised() -> None:
    applied = done(actions.Spam(), actions.SetPriority("high"), actions.Assign("bo"), actions.Label(("drift",)))
    assert applied.ticket.labels == ("drift",) and applied.ticket.priority == "medium"
    assert applied.skipped == (
        "outage: set priority: high: the ticket is closed",
        "outage: assign to bo: the ticket is closed",
    )


def test_least_loaded_gives_in_turn_and_leaves_an_owner_alone() -> None:
    first = done(actions.Assign("least_loaded"))
    assert (first.ticket.assignee, first.workload.active) == ("bo", {"alice": 2, "bo": 2})
    owned = done(actions.Assign("least_loaded"), seen=ticket(assignee="alice"))
    assert owned.ticket.assignee == "alice" and owned.skipped


def test_round_robin_takes_whoever_was_given_one_longest_ago() -> None:
    load = Workload({"alice": 0, "bo": 5, "eva": 0})
    turns = []
    for _ in range(5):
        turns.append(load.turn("round_robin"))
        load = load.given(turns[-1])
    assert turns == ["alice", "bo", "eva", "alice", "bo"]


def test_among_those_with_equally_much_to_do_it_goes_round() -> None:
    load = Workload({"alice": 1, "bo": 1, "eva": 2})
    turns = []
    for _ in range(4):
        turns.append(load.turn("least_loaded"))
        load = load.given(turns[-1], 0)  # closed at once
    assert turns == ["alice", "bo", "alice", "bo"]


def test_nobody_to_give_it_to() -> None:
    trace = evaluate([rule(then=(actions.Assign("least_loaded"),))], View(ticket()), "created")
    applied = apply(ticket(), trace, SYSTEM, Workload({}), OFFICE)
    assert applied.ticket.assignee == "" and "nobody" in applied.skipped[0]


def test_the_workload_counts_what_is_not_closed() -> None:
    tickets = [
        ticket(number=1).assign(SYSTEM, "bo"),
        ticket(number=2).assign(Act("system", NOW + timedelta(hours=1)), "bo"),
        ticket(number=3).assign(SYSTEM, "alice").close(SYSTEM),
        ticket(number=4, assignee="gone"),
        ticket(number=5),
    ]
    load = workload(tickets, ["alice", "bo"])
    assert load.active == {"alice": 0, "bo": 2}
    assert load.handed_to == ("alice", "bo"), "also what was closed since"


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (actions.SetPriority("high"), "set priority: high"),
        (actions.SetField("category", "fel"), "set category: fel"),
        (actions.Label(("a", "b")), "label a, b"),
        (actions.Unlabel(("a",)), "unlabel a"),
        (actions.Assign("bo"), "assign to bo"),
        (actions.Reply("mottaget", True), "reply with mottaget"),
        (actions.Reply("mottaget"), "draft a reply with mottaget"),
        (actions.Note("Hej"), "note “Hej”"),
        (actions.Spam(), "mark as spam"),
        (actions.Close("no_answer"), "close (no_answer)"),
        (actions.Wait(Duration(days=5)), "wait 5d"),
    ],
)
def test_decisions_read_aloud(action: actions.Action, words: str) -> None:
    assert str(action) == words
