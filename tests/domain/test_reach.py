"""What is said of conditions without a mail is true of every mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketctl.domain.rules.conditions import (
    All,
    AnyOf,
    Condition,
    Known,
    Labels,
    Machine,
    Not,
    Number,
    Open,
    Scalar,
    Since,
    Text,
    judge,
)
from ticketctl.domain.rules.facts import View
from ticketctl.domain.rules.overlap import implies, never
from ticketctl.domain.settings.settings import Duration, Hours
from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.ticket import Ticket

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
WORDS = ("nere", "Nere", "är nere", "sajten är nere", "Åland", "")
OFFICE = Hours(timezone="UTC", week=dict.fromkeys(range(5), ((480, 1020),)))

texts = st.builds(
    Text,
    st.sampled_from(["subject", "body", "text", "sender.domain"]),
    st.sampled_from(["is", "any_of", "contains", "any_word", "starts_with", "ends_with", "matches"]),
    st.lists(st.sampled_from(WORDS[:-1]), min_size=1, max_size=2).map(tuple),
)
scalars = st.builds(
    Scalar,
    st.sampled_from(["status", "field.area"]),
    st.sampled_from(["any_of", "none_of"]),
    st.lists(st.sampled_from(["new", "open", "App", "app", ""]), min_size=1, max_size=2).map(tuple),
)
labels = st.builds(
    Labels,
    st.sampled_from(["has", "any_of", "none_of"]),
    st.lists(st.sampled_from(["vip", "drift"]), min_size=1, max_size=2, unique=True).map(tuple),
)
bounds = st.none() | st.integers(0, 3)
durations = st.none() | st.builds(
    Duration, minutes=st.sampled_from([0, 60, 600]), days=st.sampled_from([0, 1, 3]), calendar=st.booleans()
).filter(lambda one: bool(one.minutes) != bool(one.days))
leaf = st.one_of(
    texts,
    scalars,
    labels,
    st.builds(Number, st.just("attachment.count"), bounds, bounds),
    st.builds(Since, st.sampled_from(["since_created", "since_our_reply"]), durations, durations),
    st.builds(Machine, st.booleans()),
    st.builds(Open, st.booleans()),
    st.builds(Known, st.booleans()),
)


def combined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(All, parts), st.builds(AnyOf, parts), st.builds(Not, inner))


conditions: st.SearchStrategy[Condition] = st.recursive(leaf, combined, max_leaves=6)


@st.composite
def views(draw: st.DrawFn) -> View:
    sender = Person(f"anna@{draw(st.sampled_from(['nere', 'kund.example']))}")
    files = draw(st.integers(0, 3))
    message = Message(
        key="m1",
        direction="in",
        kind="message",
        at=NOW,
        sender=sender,
        subject=draw(st.sampled_from(WORDS)),
        text=draw(st.sampled_from(WORDS)),
        attachments=(Attachment(name="a", type="x/y", size=1, sha256=""),) * files,
        machine=draw(st.sampled_from([None, "list"])),
    )
    ticket = Ticket(
        number=1,
        subject="nere",
        requester=sender,
        opened_at=NOW,
        status=draw(st.sampled_from(["new", "open"])),
        labels=draw(st.sampled_from([(), ("vip",), ("drift",), ("vip", "drift")])),
        fields=draw(st.sampled_from([{}, {"area": "app"}])),
        messages=(message,),
    )
    now = NOW + draw(st.sampled_from([timedelta(), timedelta(hours=12), timedelta(days=5)]))
    known = draw(st.booleans())
    return View(ticket, message, {}, now, OFFICE, lambda: known)


@settings(max_examples=400, deadline=None)
@given(conditions, views())
def test_what_can_never_hold_holds_for_no_mail(condition: Condition, view: View) -> None:
    if never(condition):
        assert not judge(condition, view).held


@settings(max_examples=800, deadline=None)
@given(leaf, leaf, views())
def test_what_follows_from_a_condition_holds_where_it_does(one: Condition, other: Condition, view: View) -> None:
    for first, second in ((one, other), (All((one, other)), one), (one, AnyOf((other, one))), (Not(one), Not(other))):
        if implies(first, second) and judge(first, view).held:
            assert judge(second, view).held


@pytest.mark.long
@settings(max_examples=400, deadline=None)
@given(conditions, conditions, views())
def test_the_same_of_nested_ones(one: Condition, other: Condition, view: View) -> None:
    if implies(one, other) and judge(one, view).held:
        assert judge(other, view).held
