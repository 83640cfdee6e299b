"""Escalation steps on small histories; the office is open Monday to Friday, 08:00–17:00."""

from tests.domain.histories import OFFICE, at, story
from ticketctl.domain.deadlines.escalation import Escalated, carry_out, escalated, notified, plan, waking
from ticketctl.domain.settings.settings import Agent, Duration, EscalationStep, Target
from ticketctl.domain.ticket.ticket import Ticket

WARN = EscalationStep(name="75%", used=0.75, actions=(("notify", "owner"),))
LATE = EscalationStep(name="100%", used=1.0, actions=(("notify", "team"), ("raise_priority", "high")))
GIVE = EscalationStep(name="150%", used=1.5, actions=(("assign", "bo"), ("notify", "boss@example.se")))
STEPS = (LATE, GIVE, WARN)
TARGETS = {
    "high": Target(first_response=Duration(minutes=60)),
    "medium": Target(first_response=Duration(minutes=240)),
}
TEAM = (
    Agent(name="alice", email="alice@example.se"),
    Agent(name="bo", email="bo@example.se"),
    Agent(name="revisor", email="revisor@example.se", role="viewer"),
)


def due(ticket: Ticket, now: str) -> list[str]:
    return [one.step.name for one in plan([ticket], STEPS, TARGETS, OFFICE, at(now))]


def run(ticket: Ticket, now: str) -> Ticket:
    return escalated(ticket, STEPS, TARGETS, OFFICE, at(now))[0]


def test_each_step_comes_due_at_its_share_of_business_time() -> None:
    # Friday 15:00 + 4 h: 75 % on Monday 09:00, 100 % at 10:00, 150 % at 12:00.
    ticket = story("2026-11-20 15:00").ticket
    assert due(ticket, "2026-11-23 08:59") == []
    assert due(ticket, "2026-11-23 09:00") == ["75%"]
    assert due(ticket, "2026-11-23 10:00") == ["75%", "100%"]
    assert due(ticket, "2026-11-23 12:00") == ["75%", "100%", "150%"]  # by paper: 3, 4 and 6 of 4 hours


def test_each_step_runs_once_for_each_promise() -> None:
    ticket = run(story("2026-11-20 15:00").ticket, "2026-11-23 09:00")
    assert due(ticket, "2026-11-23 09:00") == []
    ticket = run(ticket, "2026-11-23 10:00")
    assert (ticket.priority, ticket.events[-1].why) == ("high", "escalation 100%")
    assert due(ticket, "2026-11-23 10:00") == []
    assert due(ticket, "2026-11-23 12:00") == ["150%"]  # the broken promise keeps its four hours
    assert due(run(ticket, "2026-11-23 12:00"), "2026-11-30 12:00") == []


def test_a_raise_breaks_no_promise_backwards() -> None:
    # Raised to high after 2 of 4 h: the one hour of high runs from 10:00 on, so that 75 % is 10:45, 150 % is 11:30.
    early = EscalationStep(name="50%", used=0.5, actions=(("raise_priority", "high"),))
    steps = (*STEPS, early)
    ticket, done = escalated(story("2026-11-23 08:00").ticket, steps, TARGETS, OFFICE, at("2026-11-23 10:00"))
    assert [one.step.name for one in done] == ["50%"]
    assert [one.step.name for one in plan([ticket], steps, TARGETS, OFFICE, at("2026-11-23 10:44"))] == []
    assert [one.step.name for one in plan([ticket], steps, TARGETS, OFFICE, at("2026-11-23 10:45"))] == ["75%"]
    ticket, done = escalated(ticket, steps, TARGETS, OFFICE, at("2026-11-23 11:30"))
    assert [one.step.name for one in done] == ["75%", "100%", "150%"]
    assert plan([ticket], steps, TARGETS, OFFICE, at("2026-11-23 11:30")) == []


def test_what_had_run_out_before_the_wait_escalates_all_the_same() -> None:
    # A reply late on Friday and a wait: the first response is given, the resolution (4 h of high) had run out at 12:00.
    targets = {"medium": Target(resolution=Duration(minutes=240))}
    ran_out = story("2026-11-16 08:00").answer("2026-11-16 13:00").wait("2026-11-16 13:00").ticket
    in_time = story("2026-11-16 08:00").answer("2026-11-16 11:00").wait("2026-11-16 11:00").ticket
    now = at("2026-11-17 09:00")
    assert [one.step.name for one in plan([ran_out], [WARN, LATE], targets, OFFICE, now)] == ["75%", "100%"]
    assert plan([in_time], [WARN, LATE], targets, OFFICE, now) == []


def test_what_is_answered_closed_waiting_or_spam_escalates_no_more() -> None:
    now = "2026-11-30 12:00"
    assert due(story("2026-11-20 15:00").answer("2026-11-20 15:30").ticket, now) == []
    assert due(story("2026-11-20 15:00").close("2026-11-20 15:30").ticket, now) == []
    assert due(story("2026-11-20 15:00").do("2026-11-20 15:30", "mark_spam").ticket, now) == []
    assert due(story("2026-11-20 15:00").wait("2026-11-20 15:30").ticket, now) != []  # nobody has answered


def test_priority_is_raised_and_never_lowered() -> None:
    step = EscalationStep(name="x", used=1.0, actions=(("raise_priority", "medium"),))
    ticket = story("2026-11-20 15:00", priority="high").ticket
    one = Escalated(1, step, "first_response")
    assert carry_out(ticket, one, at("2026-11-30 12:00")).priority == "high"


def test_who_is_told() -> None:
    ticket = story("2026-11-20 15:00").ticket
    owned = story("2026-11-20 15:00").do("2026-11-20 15:05", "assign", "bo").ticket
    assert notified(owned, WARN, TEAM) == ["bo@example.se"]
    assert notified(ticket, WARN, TEAM) == ["alice@example.se", "bo@example.se"]  # nobody's is everybody's
    assert notified(owned, LATE, TEAM) == ["alice@example.se", "bo@example.se"]
    assert notified(owned, GIVE, TEAM) == ["boss@example.se"]


def test_waiting_tickets_wake_on_their_date() -> None:
    ticket = story("2026-11-16 09:00").wait("2026-11-16 10:00", until="2026-11-18 08:00").ticket
    assert waking([ticket], at("2026-11-18 07:59")) == []
    assert waking([ticket], at("2026-11-18 08:00")) == [1]
    assert waking([story("2026-11-16 09:00").ticket], at("2026-11-18 08:00")) == []
