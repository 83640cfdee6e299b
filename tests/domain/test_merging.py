"""Merging and its way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketctl.domain.changes.merge import merge, moved, moved_back, unmerge
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.domain.ticket.timeline import periods
from ticketctl.errors import NextStep, Refused

START = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PEOPLE = [Person(f"{name}@kund.example", name) for name in ("åsa", "bo", "cia", "dan")]
BEFORE, MERGE, UNMERGE = (
    Act("alice", START + hours * HOUR, why) for hours, why in ((50, "before"), (60, "merge"), (70, "unmerge"))
)


def ticket(number, hours=0, requester=PEOPLE[0], **fields):
    at = START + hours * HOUR
    first = Message(key="m1", direction="in", kind="message", at=at, sender=requester, text=f"om {number}")
    return Ticket(number=number, subject=f"s{number}", requester=requester, opened_at=at, messages=(first,), **fields)


def stands(one):
    """A ticket without what only grows: its history."""
    merged = tuple(msgspec.structs.replace(past, events=()) for past in one.merged)
    return msgspec.structs.replace(one, events=(), revision=0, merged=merged)


def waiting(one):
    return one.wait(BEFORE, START + 500 * HOUR)


states = st.sampled_from(
    [
        lambda one: one,
        lambda one: one.touch(BEFORE),
        waiting,
        lambda one: one.close(BEFORE, resolution="no_answer", cause="leverans"),
        lambda one: waiting(one.close(BEFORE).reopen(BEFORE)),
    ]
)


@st.composite
def tickets(draw, number):
    people = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    labels = draw(st.lists(st.sampled_from(["vip", "drift", "x"]), unique=True))
    one = ticket(number, draw(st.integers(0, 40)), draw(st.sampled_from(PEOPLE)), labels=tuple(labels))
    return draw(states)(one.add_participants(BEFORE, people))


@given(target=tickets(1), source=tickets(2))
def test_unmerge_undoes_merge_whole(target, source):
    if target.closed and not source.closed:
        with pytest.raises(Refused, match="is closed but"):
            merge(MERGE, target, source)
        return
    merged, closed = merge(MERGE, target, source)
    assert len(merged.messages) == 2 and closed.messages == ()
    back, restored = unmerge(UNMERGE, merged, closed, [])
    assert stands(back) == stands(target)
    assert stands(restored) == stands(source)


@given(target=tickets(1), sources=st.tuples(tickets(2), tickets(3)), order=st.permutations([0, 1]))
def test_two_merges_come_apart_in_any_order(target, sources, order):
    if target.closed:
        return
    merged, closed = target, []
    for at, source in enumerate(sources):
        merged, gone = merge(msgspec.structs.replace(MERGE, at=MERGE.at + at * HOUR), merged, source)
        closed.append(gone)
    for at in order:
        still = [closed[1 - at]] if at == order[0] else []
        merged, restored = unmerge(UNMERGE, merged, closed[at], still)
        assert stands(restored) == stands(sources[at])
    assert {each.address for each in merged.participants} == {each.address for each in target.participants}
    assert (merged.opened_at, set(merged.labels)) == (target.opened_at, set(target.labels))
    assert [each.key for each in merged.messages] == ["m1"]


def test_the_persons_of_another_merged_ticket_stay():
    merged, first = merge(MERGE, ticket(1), ticket(2, requester=PEOPLE[1], labels=("vip",)))
    merged, second = merge(MERGE, merged, ticket(3, requester=PEOPLE[1], labels=("vip",)))
    back, _ = unmerge(UNMERGE, merged, first, [ticket(3, requester=PEOPLE[1], labels=("vip",))])
    assert (back.participants, back.labels) == ((PEOPLE[1],), ("vip",))
    assert second.merged_into == 1


def test_what_was_written_since_stays_with_the_target():
    merged, closed = merge(MERGE, ticket(1), ticket(2, requester=PEOPLE[1]))
    later = Message(key="m9", direction="in", kind="message", at=MERGE.at + HOUR, sender=PEOPLE[1], text="mer")
    back, restored = unmerge(UNMERGE, merged.receive(MERGE, later), closed, [])
    assert [each.key for each in back.messages] == ["m1", "m9"]
    assert back.participants == (PEOPLE[1],), "who wrote here takes part here"
    assert [each.key for each in restored.messages] == ["m1"]


def test_who_was_added_by_hand_since_stays():
    merged, closed = merge(MERGE, ticket(1), ticket(2, requester=PEOPLE[1], labels=("vip",)))
    apart, closed = unmerge(UNMERGE, merged, closed, [])
    again = apart.add_participants(UNMERGE, [PEOPLE[1]]).label(UNMERGE, "vip")
    merged, closed = merge(msgspec.structs.replace(MERGE, at=UNMERGE.at + HOUR), again, closed)
    back, _ = unmerge(UNMERGE, merged, closed, [])
    assert (back.participants, back.labels) == ((PEOPLE[1],), ("vip",))


def test_a_waiting_target_comes_back_when_the_source_waits_for_us():
    merged, _ = merge(MERGE, waiting(ticket(1)), ticket(2))
    assert merged.status == "open"
    both, _ = merge(MERGE, waiting(ticket(1)), waiting(ticket(2)))
    assert both.status == "waiting"


def test_a_target_that_moved_on_keeps_its_status():
    merged, closed = merge(MERGE, waiting(ticket(1)), ticket(2))
    back, _ = unmerge(UNMERGE, merged.close(UNMERGE), closed, [])
    assert back.status == "closed"
    again = merged.wait(UNMERGE, START + 900 * HOUR).wake(UNMERGE)
    assert unmerge(UNMERGE, again, closed, [])[0].status == "open"


def test_the_timeline_knows_the_status_again():
    merged, closed = merge(MERGE, waiting(ticket(1)), waiting(ticket(2)))
    back, restored = unmerge(UNMERGE, merged, closed, [])
    assert (periods(back)[-1].status, periods(restored)[-1].status) == ("waiting", "waiting")
    merged, closed = merge(MERGE, waiting(ticket(1)), ticket(2))
    assert periods(unmerge(UNMERGE, merged, closed, [])[0])[-1].status == "waiting"


def test_merging_again_after_unmerging():
    first = merge(MERGE, ticket(1, 5), ticket(2, 3))
    apart = unmerge(UNMERGE, *first, [])
    again = merge(msgspec.structs.replace(MERGE, at=UNMERGE.at + HOUR), *apart)
    assert stands(again[0]) == stands(first[0])
    assert unmerge(UNMERGE, *again, [])[0].opened_at == START + 5 * HOUR


def test_a_chain_comes_apart_from_its_end():
    middle, lowest = merge(MERGE, ticket(2), ticket(3))
    top, middle = merge(MERGE, ticket(1), middle)
    assert {each.key for each in top.messages} == {"m1", "2.m1", "2.3.m1"}
    with pytest.raises(Refused, match="#2 was itself merged into #1"):
        unmerge(UNMERGE, middle, lowest, [])
    _, middle = unmerge(UNMERGE, top, middle, [])
    assert [each.key for each in unmerge(UNMERGE, middle, lowest, [])[1].messages] == ["m1"]


def test_what_is_refused():
    _, gone = merge(MERGE, ticket(1), ticket(2))
    with pytest.raises(Refused, match="#2 was itself merged into #1") as refused:
        merge(MERGE, gone, ticket(3))
    assert refused.value.next_steps == (NextStep("merge", 3, then="merges it there", given={"into": 1}),)
    with pytest.raises(Refused, match="already merged") as refused:
        merge(MERGE, ticket(3), gone)
    assert [step.verb for step in refused.value.next_steps] == ["unmerge"]
    with pytest.raises(Refused, match="into itself; name another"):
        merge(MERGE, ticket(1), ticket(1))
    with pytest.raises(Refused, match="not merged into another ticket; name the one"):
        unmerge(UNMERGE, ticket(1), ticket(2), [])


def test_mail_on_its_way_moves_along_and_back():
    def mail(number, key):
        return Outbound(
            id=f"{number}{key}",
            kind="reply",
            message_id="a@b",
            raw="",
            sender="",
            recipients=(),
            queued_at=START,
            ticket=number,
            message=key,
        )

    box = [mail(2, "m3"), mail(1, "m2"), mail(2, ""), mail(12, "m1")]
    there = moved(box, 2, 1)
    assert [(item.ticket, item.message) for item in there] == [(1, "2.m3")]
    assert moved_back([*there, mail(1, "m2")], 2, 1) == [box[0]]
