"""The transitions: what each changes, what it writes into the history, and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ticketctl.domain.changes.absorb import absorb, join
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Event, Link, Ticket
from ticketctl.errors import AlreadyClosed, NoSuchTicket, NotClosed, Refused

START = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
LATER = START + timedelta(hours=2)
ÅSA = Person("asa@kund.example", "Åsa")
BO = Person("bo@kund.example", "Bo")
ALICE = Act("alice", LATER, "test")
SYSTEM = Act("system", LATER, "rule x")


def ticket(**fields):
    return Ticket(**{"number": 17, "subject": "Faktura", "requester": ÅSA, "opened_at": START, **fields})


def message(key="m1", **fields):
    return Message(**{"key": key, "direction": "in", "kind": "message", "at": START, "sender": ÅSA, **fields})


def reply(key="m2", **fields):
    return message(key, **{"direction": "out", "sender": Person("alice@exempel.example"), "author": "alice", **fields})


def told(one):
    return [(event.what, event.before, event.after) for event in one.events]


CLOSED = ticket().close(ALICE)
MERGED = join(ALICE, ticket(), 3)


# --- asking ---


def test_takes_part_compares_whole_addresses():
    one = ticket(participants=(BO,))
    assert one.takes_part("asa@kund.example") and one.takes_part("bo@kund.example")
    assert not one.takes_part("kund.example") and not one.takes_part("")
    assert not ticket(requester=Person("", "070-1")).takes_part("")


def test_message_by_key():
    assert ticket(messages=(message(),)).message("m1").key == "m1"
    with pytest.raises(NoSuchTicket, match="#17 has no message m9"):
        ticket().message("m9")


def test_last_leaves_out_drafts_and_machines():
    one = ticket(messages=(message(), reply("m2"), reply("m3", delivery="draft"), message("m4", kind="automatic")))
    assert one.last(direction="in").key == "m1"
    assert one.last(direction="out").key == "m2"
    assert ticket().last(direction="in") is None


def test_next_key_is_free_also_after_a_message_went():
    assert ticket().next_key() == "m1"
    assert ticket(messages=(message("m1"), message("m3"))).next_key() == "m4"
    assert ticket(messages=(message("m2"),)).next_key() == "m3"


def test_fired_is_remembered_per_occasion():
    one = ticket().note_fired("r", "created", LATER)
    assert one.has_fired("r", "created") and not one.has_fired("r", "m2") and not one.has_fired("s", "created")


# --- owner, priority, labels, fields, subject ---


def test_assigning_opens_a_new_ticket():
    one = ticket().assign(ALICE, "bo")
    assert (one.assignee, one.status) == ("bo", "open")
    assert told(one) == [("assigned", "", "bo"), ("opened", "new", "open")]


def test_assigning_by_a_rule_leaves_it_new():
    assert ticket().assign(SYSTEM, "bo").status == "new"


def test_every_event_carries_actor_instant_and_reason():
    assert ticket().assign(SYSTEM, "bo").events == (
        Event(at=LATER, actor="system", what="assigned", before="", after="bo", why="rule x"),
    )


def test_taking_the_owner_away():
    assert ticket(assignee="bo", status="open").assign(ALICE, "").assignee == ""


@pytest.mark.parametrize(
    "same",
    [
        lambda one: one.assign(ALICE, "bo"),
        lambda one: one.prioritise(ALICE, "medium"),
        lambda one: one.label(ALICE, "vip"),
        lambda one: one.unlabel(ALICE, "drift"),
        lambda one: one.set_field(ALICE, "area", "app"),
        lambda one: one.set_field(ALICE, "category", ""),
        lambda one: one.rename(ALICE, "Faktura"),
        lambda one: one.explain(ALICE, cause="leverans"),
        lambda one: one.wait(ALICE, LATER),
        lambda one: one.link(ALICE, 3),
        lambda one: one.unlink(ALICE, 9),
        lambda one: one.add_participants(ALICE, [BO, ÅSA, Person("")]),
        lambda one: one.touch(ALICE),
        lambda one: one.delivered(ALICE, "m2", "sent"),
    ],
)
def test_what_is_so_already_leaves_no_trace(same):
    one = ticket(
        assignee="bo",
        labels=("vip",),
        fields={"area": "app"},
        cause="leverans",
        status="waiting",
        wake_at=LATER,
        links=(Link(3, "related"),),
        participants=(BO,),
        messages=(reply(delivery="sent"),),
    )
    assert same(one) == one


def test_priority():
    one = ticket().prioritise(ALICE, "high")
    assert one.priority == "high" and told(one) == [("priority", "medium", "high")]


def test_labels_keep_their_order_and_come_once():
    one = ticket(labels=("a",)).label(ALICE, "c", "b", "c", "a")
    assert one.labels == ("a", "c", "b") and told(one) == [("labelled", "", "c, b")]
    assert one.unlabel(ALICE, "c", "x").labels == ("a", "b")


def test_fields_are_set_changed_and_removed():
    one = ticket(fields={"area": "app"}).set_field(ALICE, "area", "butik").set_field(ALICE, "category", "fel")
    assert one.fields == {"area": "butik", "category": "fel"}
    assert one.set_field(ALICE, "area", "").fields == {"category": "fel"}
    assert told(one)[0] == ("field area", "app", "butik")


def test_rename():
    one = ticket().rename(ALICE, "Dubbel faktura")
    assert one.subject == "Dubbel faktura" and told(one) == [("subject", "Faktura", "Dubbel faktura")]


# --- waiting, closing, reopening ---


def test_waiting_and_coming_back():
    one = ticket(status="open").wait(ALICE, LATER)
    assert (one.status, one.wake_at) == ("waiting", LATER)
    assert told(one) == [("waiting", "open", LATER.isoformat())]
    back = one.wake(SYSTEM)
    assert (back.status, back.wake_at) == ("open", None)
    assert one.wait(ALICE, LATER + timedelta(days=1)).wake_at == LATER + timedelta(days=1)


def test_only_a_waiting_ticket_wakes():
    with pytest.raises(Refused, match="is new, not waiting"):
        ticket().wake(ALICE)


def test_closing_with_cause_and_lesson():
    one = ticket(status="waiting", wake_at=LATER).close(ALICE, cause="leverans", lesson="Ring.", resolution="no_answer")
    assert (one.status, one.closed_at, one.wake_at, one.resolution) == ("closed", LATER, None, "no_answer")
    assert (one.cause, one.lesson) == ("leverans", "Ring.")
    assert told(one) == [("closed", "waiting", "no_answer"), ("cause", "", "leverans"), ("lesson", "", "Ring.")]


def test_closing_twice_tells_since_when():
    with pytest.raises(AlreadyClosed, match="2026-11-16 10:00"):
        CLOSED.close(ALICE)


def test_reopening_keeps_what_was_learnt():
    one = ticket(assignee="bo").close(ALICE, cause="leverans").reopen(ALICE)
    assert (one.status, one.closed_at, one.resolution, one.cause, one.assignee) == ("open", None, "", "leverans", "bo")


@pytest.mark.parametrize(("one", "error"), [(ticket(), NotClosed), (MERGED, Refused)])
def test_what_cannot_be_reopened(one, error):
    with pytest.raises(error):
        one.reopen(ALICE)


@pytest.mark.parametrize("one", [CLOSED, MERGED])
@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.assign(ALICE, "bo"),
        lambda one: one.prioritise(ALICE, "high"),
        lambda one: one.wait(ALICE, LATER),
    ],
)
def test_what_a_closed_ticket_refuses(one, change):
    with pytest.raises(Refused, match="#17"):
        change(one)


def test_spam_closes_and_reopening_clears_it():
    one = ticket().mark_spam(ALICE)
    assert (one.spam, one.status, one.resolution) == (True, "closed", "spam")
    assert one.mark_spam(ALICE) is one
    assert CLOSED.mark_spam(ALICE).resolution == "solved"
    assert one.reopen(ALICE).spam is False


# --- links, participants ---


def test_linking_and_unlinking():
    one = ticket().link(ALICE, 3).link(ALICE, 3, "conversation")
    assert one.links == (Link(3, "related"), Link(3, "conversation"))
    assert one.unlink(ALICE, 3, "related").links == (Link(3, "conversation"),)
    assert one.unlink(ALICE, 3).links == ()
    with pytest.raises(Refused, match="linked to itself; name another"):
        one.link(ALICE, 17)


def test_participants_come_once_and_never_the_requester():
    one = ticket().add_participants(ALICE, [BO, ÅSA, Person("bo@kund.example", "Bosse"), Person("", "070-1")])
    assert one.participants == (BO,) and told(one) == [("participants", "", "bo@kund.example")]


# --- messages ---


def test_a_customer_message_wakes_a_waiting_ticket():
    one = ticket(status="waiting", wake_at=LATER).receive(Act("system", LATER), message())
    assert (one.status, one.wake_at) == ("open", None)
    assert one.events[-1].why == "the customer wrote"


def test_a_customer_message_reopens_a_closed_ticket_unless_it_only_thanks():
    assert CLOSED.receive(SYSTEM, message()).status == "open"
    thanks = CLOSED.receive(SYSTEM, message(), reopens=False)
    assert (thanks.status, len(thanks.messages)) == ("closed", 1)


@pytest.mark.parametrize("kind", ["automatic", "bounce"])
@pytest.mark.parametrize("status", ["new", "open", "waiting", "closed"])
def test_machine_mail_changes_no_status(kind, status):
    one = ticket(status=status, wake_at=LATER if status == "waiting" else None)
    after = one.receive(SYSTEM, message(kind=kind, machine="auto_reply"))
    assert (after.status, after.wake_at, len(after.messages)) == (status, one.wake_at, 1)


def test_a_message_key_is_never_given_twice():
    with pytest.raises(ValueError, match="m1 twice"):
        ticket(messages=(message(),)).receive(SYSTEM, message())


@pytest.mark.parametrize(
    ("written", "what", "status"),
    [
        (reply(delivery="queued"), "replied", "open"),
        (reply(delivery="draft"), "drafted", "open"),
        (reply(kind="automatic"), "sent automatically", "new"),
        (message("m2", direction="internal", kind="note"), "noted", "open"),
    ],
)
def test_writing_opens_a_new_ticket_unless_a_machine_writes(written, what, status):
    one = ticket().write(ALICE, written)
    assert (one.events[0].what, one.status, one.messages) == (what, status, (written,))


def test_a_draft_is_replaced_in_its_place_or_dropped():
    one = ticket(messages=(message(), reply(delivery="draft"), message("m3")))
    changed = one.redraft(ALICE, reply(delivery="draft", text="bättre"), "m2")
    assert [each.text for each in changed.messages] == ["", "bättre", ""]
    assert [each.key for each in one.redraft(ALICE, None, "m2").messages] == ["m1", "m3"]
    with pytest.raises(Refused, match="m1 is not a draft"):
        one.redraft(ALICE, None, "m1")


def test_delivery_is_told_and_sets_when_it_was_sent():
    one = ticket(messages=(reply(delivery="queued"),)).delivered(ALICE, "m2", "sent", "250 ok")
    assert (one.message("m2").delivery, one.message("m2").delivered_at) == ("sent", LATER)
    assert told(one) == [("delivery m2", "queued", "sent 250 ok")]
    bounced = one.delivered(Act("system", LATER + timedelta(hours=1)), "m2", "bounced")
    assert (bounced.message("m2").delivery, bounced.message("m2").delivered_at) == ("bounced", LATER)


# --- merging (the whole of it: test_merging.py) ---


def test_the_target_takes_all_and_keeps_the_earliest_start():
    source = Ticket(
        number=12,
        subject="Samma",
        requester=BO,
        opened_at=START - timedelta(days=1),
        labels=("vip",),
        messages=(message("m1", at=START - timedelta(days=1), sender=BO),),
    )
    one = absorb(ALICE, ticket(messages=(message(),)), source)
    assert [each.key for each in one.messages] == ["12.m1", "m1"]
    assert (one.opened_at, one.participants, one.labels) == (source.opened_at, (BO,), ("vip",))
    assert one.links == (Link(12, "merged"),)


def test_the_source_is_closed_and_points_to_the_target():
    assert (MERGED.status, MERGED.merged_into, MERGED.resolution, MERGED.messages) == ("closed", 3, "merged", ())
    assert MERGED.links == (Link(3, "merged"),)
    with pytest.raises(Refused, match="already merged into #3"):
        join(ALICE, MERGED, 4)
    with pytest.raises(Refused, match="into itself"):
        join(ALICE, ticket(), 17)
