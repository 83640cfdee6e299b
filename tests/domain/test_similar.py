"""Texts that are alike, and why."""

from __future__ import annotations

from ticketctl.domain.reply.similarity import LONGEST, Texts, cosine, shared, words

TEXTS = Texts(
    {
        1: words("Skrivaren på plan två krånglar, papperet fastnar"),
        2: words("Jag kommer inte in i portalen, lösenordet är fel"),
        3: words("Lösenordet till portalen har gått ut"),
        4: words(""),
    }
)


def test_words_are_folded_and_those_that_say_nothing_are_left_out() -> None:
    assert words("Hej! FAKTURA 20418, a\u030atgärda: tack") == ["faktura", "20418", "åtgärda"]


def test_a_pasted_log_is_cut() -> None:
    assert len(words("ord " * LONGEST)) == LONGEST // 4


def test_the_nearest_come_first_and_what_shares_nothing_is_left_out() -> None:
    found = TEXTS.nearest(words("Nytt lösenord: lösenordet till portalen är borta"), 5)
    assert [one.key for one in found] == [3, 2]
    assert 1 >= found[0].score > found[1].score > 0
    assert TEXTS.nearest(words("helt annat"), 5) == []
    assert TEXTS.nearest([], 5) == []


def test_the_same_text_is_as_alike_as_can_be() -> None:
    vector = TEXTS.weigh(words("Lösenordet till portalen har gått ut"))
    assert cosine(vector, TEXTS.vectors[3]) > 0.999
    assert set(shared(vector, TEXTS.vectors[2])) == {"lösenordet", "portalen"}
