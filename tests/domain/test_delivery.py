"""The way of a mail: what is tried when, what ends it, and what is sent twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from ticketctl.domain.mail import mail_loops as loops
from ticketctl.domain.ticket import delivery
from ticketctl.domain.ticket.delivery import (
    Accepted,
    NotAccepted,
    abandoned,
    begin,
    due,
    finish,
    remaining,
    retried,
    shown,
)
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.errors import Refused

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ANNA, BO, CIA = "anna@kund.example", "bo@kund.example", "cia@kund.example"
MINUTE = timedelta(minutes=1)


def mail(**fields: Any) -> Outbound:
    given = {"id": "1", "kind": "reply", "message_id": "a@b", "raw": "", "sender": "", "recipients": (ANNA,)}
    return Outbound(**{"queued_at": NOW, **given, **fields})


def tried(item: Outbound, outcome: delivery.Outcome, now: datetime = NOW) -> Outbound:
    return finish(begin(item), outcome, now)


def test_what_is_accepted_is_sent() -> None:
    item = begin(mail())
    assert (item.state, item.attempts) == ("sending", 1)
    item = finish(item, Accepted(), NOW)
    assert (item.state, item.accepted, item.ended_at) == ("sent", (ANNA,), NOW)
    assert shown(item) == ("sent", "")
    assert due([item], NOW + 99 * MINUTE) == []


def test_a_5xx_ends_it() -> None:
    item = tried(mail(), NotAccepted("550 no such user", permanent=True))
    assert (item.state, item.error, item.next_at) == ("failed", "550 no such user", None)
    assert shown(item) == ("failed", "550 no such user")


@pytest.mark.parametrize(
    ("kind", "days"), [("reply", 5), ("notification", 5), ("report", 5), ("acknowledgement", 2), ("automatic", 2)]
)
def test_it_is_tried_again_at_growing_distances_for_days(kind: str, days: int) -> None:
    """Of the automatic answers of an outage of a week few enough leave at once: one a day was queued."""
    item, now, waits = mail(kind=kind), NOW, []
    while item.pending:
        assert due([item], now) == [item]
        item = tried(item, NotAccepted("451 later"), now)
        if item.next_at is not None:
            waits.append((item.next_at - now) // MINUTE)
            assert due([item], item.next_at - MINUTE) == []
            now = item.next_at
    assert waits[:8] == [5, 10, 20, 40, 80, 160, 240, 240]
    assert (item.state, item.error) == ("failed", f"given up after {days} days: 451 later")
    assert timedelta(days=days) <= now - NOW < timedelta(days=days, hours=4)
    assert len(waits) < 40


def test_an_uncertain_reply_is_sent_once_more_after_15_minutes() -> None:
    item = tried(mail(), NotAccepted("no answer", uncertain=True))
    assert (item.state, item.next_at) == ("uncertain", NOW + 15 * MINUTE)
    assert due([item], NOW + 14 * MINUTE) == []
    assert due([item], NOW + 15 * MINUTE) == [item]
    item = tried(item, NotAccepted("no answer", uncertain=True), NOW + 15 * MINUTE)
    assert (item.state, item.next_at) == ("uncertain", None)
    assert due([item], NOW + timedelta(days=9)) == []


def test_a_later_answer_does_not_make_it_sent_a_third_time() -> None:
    item = tried(mail(), NotAccepted("no answer", uncertain=True))
    item = tried(item, NotAccepted("451 later"), NOW + 15 * MINUTE)
    assert item.state == "deferred"
    item = tried(item, NotAccepted("no answer", uncertain=True), NOW + 30 * MINUTE)
    assert (item.state, item.next_at) == ("uncertain", None)


@pytest.mark.parametrize("kind", ["acknowledgement", "automatic", "notification", "report"])
def test_other_kinds_are_not_sent_again(kind: str) -> None:
    item = tried(mail(kind=kind), NotAccepted("no answer", uncertain=True))
    assert (item.state, item.next_at) == ("uncertain", None)
    assert abandoned(begin(mail(kind=kind)), NOW).next_at is None


def test_sending_found_after_a_crash_is_uncertain() -> None:
    assert due([begin(mail())], NOW) == []
    item = abandoned(begin(mail()), NOW)
    assert (item.state, item.next_at) == ("uncertain", NOW + 15 * MINUTE)
    assert shown(item)[0] == "uncertain"


def test_some_recipients_now_some_later_some_never() -> None:
    item = mail(recipients=(ANNA, BO, CIA))
    item = tried(item, Accepted({BO: "450 later", CIA: "550 no such user"}))
    assert (item.state, item.accepted, item.refused) == ("deferred", (ANNA,), {CIA: "550 no such user"})
    assert remaining(item) == (BO,)
    item = tried(item, Accepted(), NOW + 5 * MINUTE)
    assert (item.state, item.accepted) == ("failed", (ANNA, BO))
    assert shown(item) == ("sent", f"{CIA}: 550 no such user")  # whom it was written to has it
    again = retried(item)
    assert (remaining(again), due([again], NOW)) == ((CIA,), [again])


def test_the_first_recipient_decides_how_it_shows() -> None:
    item = tried(mail(recipients=(ANNA, BO)), Accepted({ANNA: "550 no such user"}))
    assert shown(item) == ("failed", f"{ANNA}: 550 no such user")
    assert shown(begin(mail())) == ("queued", "")


def test_a_person_may_try_again_what_has_ended() -> None:
    item = retried(tried(mail(), NotAccepted("550 no", permanent=True)))
    assert (item.state, item.error, item.ended_at) == ("queued", "", None)
    with pytest.raises(Refused):
        retried(begin(mail()))
    uncertain = retried(tried(mail(), NotAccepted("no answer", uncertain=True)))
    assert tried(uncertain, NotAccepted("no answer", uncertain=True)).next_at is None


def test_the_oldest_is_first() -> None:
    old, new = mail(id="2", queued_at=NOW - MINUTE), mail(id="1")
    assert due([new, old], NOW) == [old, new]
    assert due([msgspec.structs.replace(new, next_at=NOW + MINUTE)], NOW) == []


def test_our_own_automatic_mail_is_known_again() -> None:
    token = loops.loop_token(b"k" * 32)
    assert loops.is_ours({"x-ticketctl-loop": ("other", f" {token} ")}, b"k" * 32)
    assert not loops.is_ours({"x-ticketctl-loop": (token, "å")}, b"other key")
    assert not loops.is_ours({}, b"k" * 32)
