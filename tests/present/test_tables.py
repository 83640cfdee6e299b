"""Columns that stand under each other whatever is in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ticketctl.content.terminal import columns, line
from ticketctl.present.tables import Column, table

HEADS = (Column("#", right=True), Column("name", least=4), Column("what", least=6))
texts = st.text(alphabet="aåÖ日👍e\u0301\u202e\x1b \n", max_size=30)


def test_figures_to_the_right_words_to_the_left():
    assert table(HEADS, [["7", "Åsa", "x"], ["17", "Bo Öberg", "yy"]], 80) == [
        " #  name      what",
        " 7  Åsa       x",
        "17  Bo Öberg  yy",
    ]


def test_the_widest_column_gives_way_first_and_says_so():
    assert table(HEADS, [["1", "Bo", "åäö" * 9]], 20)[1] == "1  Bo    åäöåäöåäöå…"
    assert table(HEADS, [["1", "å" * 30, "ö" * 30]], 25)[1] == "1  ååååååååå…  ööööööööö…"
    heavy = (HEADS[0], HEADS[1], Column("what", least=6, weight=2))
    assert table(heavy, [["1", "å" * 30, "ö" * 30]], 25)[1] == "1  ååååå…  ööööööööööööö…"


def test_an_empty_column_is_left_out():
    assert table(HEADS, [["1", "", "x"], ["2", "", "y"]], 80) == ["#  what", "1  x", "2  y"]
    assert table(HEADS, [], 80) == [""]


@given(st.lists(st.tuples(st.just("17"), texts, texts), min_size=1, max_size=6), st.integers(16, 90))
def test_no_line_is_wider_than_the_room_and_columns_align(rows, room):
    lines = table(HEADS, [[number, line(f"|{name}|"), line(f"|{what}|")] for number, name, what in rows], room)
    assert len(lines) == len(rows) + 1
    assert all(columns(line) <= room for line in lines)
    assert len({columns(line[: line.index("|")]) for line in lines[1:]}) == 1
