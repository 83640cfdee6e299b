"""Whose turn it is in a chat, when it ends, who is there, and what its visitor sees."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from ticketctl.domain.chat import state, view
from ticketctl.domain.chat.state import Limits
from ticketctl.domain.settings.settings import Hours
from ticketctl.domain.ticket.message import Channel, Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LIMITS = Limits(idle=timedelta(minutes=30), patience=timedelta(minutes=3), return_within=timedelta(hours=24))
VISITOR = Person("@8d0c:chat", "Åsa", "chat")
HOURS = Hours(timezone="Europe/Stockholm", week=dict.fromkeys(range(5), ((8 * 60, 17 * 60),)))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


class Talk:
    """A chat that somebody tells, minute by minute."""

    def __init__(self) -> None:
        self.now = NOW
        self.ticket = Ticket(number=17, subject="Trasig", requester=VISITOR, opened_at=NOW, channel="chat")

    def after(self, count: float) -> Talk:
        self.now += minutes(count)
        return self

    @property
    def act(self) -> Act:
        return Act("alice", self.now)

    def asks(self, text: str = "Hej!", *, sender: Person = VISITOR, channel: Channel = "chat", **more) -> Talk:
        message = Message(
            key=self.ticket.next_key(), direction="in", kind="message", at=self.now, sender=sender, text=text,
            channel=channel, **more,
        )  # fmt: skip
        self.ticket = self.ticket.receive(Act("system", self.now), message)
        return self

    def answers(self, text: str = "Vi ser på det.", *, waits: bool = True, to: Person = VISITOR, **more) -> Talk:
        key = self.ticket.next_key()
        given = {"channel": "chat" if to.medium == "chat" else "email", "kind": "message", "delivery": "queued", **more}
        message = Message(
            key=key, direction="out", at=self.now, sender=Person("", "Exempel"), to=(to,), text=text, author="alice",
            **given,
        )  # fmt: skip
        self.ticket = self.ticket.write(self.act, message)
        if message.delivery == "queued":
            self.ticket = self.ticket.delivered(self.act, key, "sent")
        if waits:
            self.ticket = self.ticket.wait(self.act, self.now + timedelta(days=7))
        return self

    def life(self) -> str:
        return state.life_of(self.ticket, LIMITS, self.now)


def test_the_clock_runs_only_while_the_visitor_has_the_turn():
    talk = Talk().asks()
    assert state.waits_since(talk.ticket) == NOW
    assert talk.after(600).life() == "live", "we owe an answer, however long it takes"
    talk.answers()
    assert state.waits_since(talk.ticket) is None
    assert talk.after(29).life() == "live"
    assert talk.after(1).life() == "ended", "half an hour after our answer"
    assert talk.after(24 * 60 - 31).life() == "ended"
    assert talk.asks("Tack, men …").life() == "live", "what they write goes on with it"


def test_who_comes_back_later_begins_another_ticket():
    talk = Talk().asks().after(1).answers()
    talk.ticket = talk.ticket.close(talk.act)
    assert talk.after(24 * 60).life() == "ended"
    assert talk.after(0.1).life() == "over"
    assert state.life_of(None, LIMITS, NOW) == "none"


@pytest.mark.parametrize("keeps", ["stay open", "promise", "a named day"])
def test_the_turn_stays_with_us_where_we_owe_more(keeps):
    talk = Talk().asks().after(1).answers(waits=keeps != "stay open")
    if keeps == "promise":
        talk.ticket = talk.ticket.wake(talk.act)
    if keeps == "a named day":
        talk.ticket = talk.ticket.wake(talk.act).wait(talk.act, NOW + timedelta(days=2), named=True)
    assert talk.after(3000).life() == "live"


def test_a_mail_is_not_awaited_as_a_word_in_the_chat():
    talk = Talk().asks(reply_to=(Person("asa@kund.example"),)).after(1).answers(to=Person("asa@kund.example"))
    assert talk.after(600).life() == "live"


def test_forty_histories_end_when_they_should_and_never_while_we_owe_an_answer():
    for seed in range(40):
        dice, talk, closed = random.Random(seed), Talk().asks(), 0
        for _ in range(30):
            talk.after(dice.choice([0.5, 2, 10, 29, 31, 90]))
            idle, owed = state.idle_at(talk.ticket, LIMITS), state.waits_since(talk.ticket) is not None
            over = idle is not None and idle <= talk.now
            assert not (owed and over), seed
            if over:
                last = state.said(talk.ticket)[-1]
                assert last.is_reply and talk.now - last.at >= LIMITS.idle, seed
                assert talk.life() == "ended", seed
                closed += 1
            elif not (owed or talk.ticket.closed):
                assert talk.now - state.said(talk.ticket)[-1].at < LIMITS.idle, f"{seed}: open after the limit"
            dice.choice([talk.asks, talk.answers, talk.answers])() if owed or over else talk.asks()
        assert closed, f"{seed}: nothing ended, so nothing was tested"


def test_what_the_visitor_ends_is_ended_until_they_write_again():
    talk = Talk().asks().after(1)
    talk.ticket = state.end(talk.ticket, talk.act, state.BY_VISITOR)
    assert talk.life() == "ended" and not talk.ticket.closed
    again = state.end(talk.ticket, talk.act, state.BY_CLOCK)
    assert again is talk.ticket, "once"
    assert talk.answers().life() == "ended", "our answer does not bring them back"
    assert talk.after(1).asks().life() == "live"


def test_who_waits_for_long_is_told_so():
    talk = Talk().asks()
    assert state.changes_at(talk.ticket, LIMITS, talk.now) == NOW + minutes(3)
    assert not state.takes_longer(talk.ticket, LIMITS, talk.after(2.9).now)
    assert state.takes_longer(talk.ticket, LIMITS, talk.after(0.1).now)
    talk.asks("Hallå?")
    assert state.waits_since(talk.ticket) == NOW, "since their first word"
    talk.answers()
    assert not state.takes_longer(talk.ticket, LIMITS, talk.now)
    assert state.changes_at(talk.ticket, LIMITS, talk.now) == talk.now + minutes(30)


@pytest.mark.parametrize(
    ("now", "polls", "found"),
    [
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), [10], "there"),
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), [61, 500], "nobody"),
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), [], "nobody"),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), [1], "shut"),
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), [1], "shut"),
        (datetime(2026, 10, 26, 7, 0, tzinfo=UTC), [1], "there"),  # 8:00 in winter time, which began the day before
        (datetime(2026, 10, 23, 6, 0, tzinfo=UTC), [1], "there"),  # 8:00 in summer time
        (datetime(2026, 10, 26, 6, 30, tzinfo=UTC), [1], "shut"),
    ],
)
def test_somebody_is_there_who_looked_within_a_minute_and_within_hours(now, polls, found):
    assert state.desk_at(now, HOURS, [now - timedelta(seconds=one) for one in polls]) == found


def test_a_holiday_is_shut():
    shut = replace(HOURS, closed=frozenset({date(2026, 11, 20)}))
    assert state.desk_at(NOW, shut, [NOW]) == "shut" and state.desk_at(NOW, Hours(), [NOW]) == "there"


# --- what the visitor sees ---


def texts(talk: Talk) -> list[str]:
    return [one.text for one in view.visible(talk.ticket, VISITOR.address)]


def test_only_what_was_said_between_them_and_us_is_seen():
    talk = Talk().asks("fråga").after(1)
    talk.answers("utkast", delivery="draft", waits=False).answers("hålls", delivery="held", waits=False)
    note = Message(key="n1", direction="internal", kind="note", at=talk.now, sender=Person("", "alice"), text="intern")
    talk.ticket = talk.ticket.write(talk.act, note)
    talk.answers("till grossisten", to=Person("grossist@annan.example"), waits=False)
    talk.asks("från en annan", sender=Person("bo@annan.example"), channel="email")
    talk.answers("hälsning", kind="automatic", waits=False).after(1).answers("svar")
    assert texts(talk) == ["fråga", "hälsning", "svar"]


def test_a_mail_to_the_address_that_they_named_is_seen_until_somebody_answers_from_there():
    asa = Person("asa@kund.example", "Åsa")
    talk = Talk().asks("fråga", reply_to=(asa,)).after(60).answers("per mejl", to=asa)
    assert texts(talk) == ["fråga", "per mejl"]
    talk.after(60).asks("mitt lösenord är …", sender=asa, channel="email").after(1).answers("om lösenordet", to=asa)
    assert texts(talk) == ["fråga", "per mejl"], "who typed the address is perhaps not who has it"


def test_a_reply_that_was_sent_late_is_seen_where_it_appeared_and_after_a_gap_nothing_is_missed():
    talk = Talk().asks("ett").answers("sent", delivery="held", waits=False)
    late = talk.ticket.messages[-1].key
    talk.after(1).asks("två")
    before = view.visible(talk.ticket, VISITOR.address)
    seen = view.cursor(17, before)
    talk.ticket = talk.ticket.delivered(talk.after(1).act, late, "sent")
    after = view.visible(talk.ticket, VISITOR.address)
    assert [one.text for one in after] == ["ett", "två", "sent"]
    anew, fresh = view.unseen(seen, 17, after)
    assert (anew, [one.text for one in fresh]) == (False, ["sent"])
    assert view.unseen(view.cursor(17, after), 17, after) == (False, ())


@pytest.mark.parametrize("seen", ["", "x", "17", "17-9-abc", "18-1-abc", "17-²-x", "17-1-0000000000000000"])
def test_a_cursor_that_is_not_of_this_conversation_shows_all_anew(seen):
    messages = view.visible(Talk().asks("ett").asks("två").ticket, VISITOR.address)
    anew, fresh = view.unseen(seen, 17, messages)
    assert anew and len(fresh) == 2
