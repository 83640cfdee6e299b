"""How lines of a conversation are broken."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import assert_linear, filled
from ticketctl.content.terminal import columns
from ticketctl.domain.ticket.ticket import Event
from ticketctl.present.thread import event_words, size, wrapped

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@given(st.text(alphabet="aå日 👍e\u0301", max_size=200), st.integers(30, 60))
def test_nothing_is_lost_and_nothing_is_too_wide(text, width):
    lines = [line.text for line in wrapped(text, width, "    ")]
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_broken_at_spaces_where_there_are_any():
    def broken(text):
        return [line.text for line in wrapped(text, 24, "  ")]

    assert broken("ett två tre " + "fyra " * 4) == ["  ett två tre fyra fyra", "  fyra fyra"]
    assert broken("x" * 45) == ["  " + "x" * 22, "  " + "x" * 22, "  x"]


@pytest.mark.parametrize("piece", ["x", "å ", " ", "日", "\u0301"])
def test_time_grows_no_faster_than_a_line(piece):
    assert_linear(lambda size: list(wrapped("e" + filled(piece, size), 100, "    ")), 300_000)


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (12_400, "12 kB"), (3_400_000, "3.4 MB")]
)
def test_sizes(count, said):
    assert size(count) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"what": "opened", "before": "new", "after": "open", "why": "assign"}, "alice: opened new → open (assign)"),
        ({"what": "labelled", "after": "vip"}, "alice: labelled vip"),
        ({"what": "unlabelled", "before": "vip"}, "alice: unlabelled vip"),
        ({"what": "merged from", "before": "2026-11-20T09:00:00+00:00", "after": "#3"}, "alice: merged from #3"),
        (
            {"what": "waiting", "before": "open", "after": "2026-11-30T07:00:00+00:00"},
            "alice: waiting open → Mon 2026-11-30 08:00",
        ),
        ({"what": "subject", "before": "\x1b[2J", "after": "a\nb"}, "alice: subject ^[[2J → a b"),
    ],
)
def test_events_in_words(fields, said):
    assert event_words(Event(at=NOW, actor="alice", **fields), ZoneInfo("Europe/Stockholm")) == said
