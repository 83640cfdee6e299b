"""Our Message-IDs: known again, and not to be made up."""

from __future__ import annotations

import pytest

from ticketctl.domain.mail.message_ids import make_message_id, ticket_of

KEY = bytes(range(32))


def test_a_message_id_leads_back_to_its_ticket():
    made = make_message_id(17, "0f3c", KEY, "exempel.example")
    assert made.endswith("@exempel.example")
    assert ticket_of(made, KEY) == 17


def test_servers_may_change_case_and_domain():
    made = make_message_id(17, "0f3c", KEY, "exempel.example")
    assert ticket_of(made.upper(), KEY) == 17
    assert ticket_of(made.partition("@")[0] + "@eu-west-1.relay.example", KEY) == 17


@pytest.mark.parametrize(
    "forge",
    [
        lambda made: made.replace("17.", "18.", 1),
        lambda made: made.replace("0f3c", "0f3d"),
        lambda made: (
            made[: -len("x@exempel.example")]
            + ("0" if made[-len("x@exempel.example")] != "0" else "1")
            + "@exempel.example"
        ),
        lambda made: made.replace("17.", "017.", 1),
        lambda made: "17.0f3c@exempel.example",
        lambda made: "",
    ],
)
def test_what_is_made_up_leads_nowhere(forge):
    assert ticket_of(forge(make_message_id(17, "0f3c", KEY, "exempel.example")), KEY) is None


def test_another_desk_does_not_know_it():
    made = make_message_id(17, "0f3c", KEY, "exempel.example")
    assert ticket_of(made, b"another key") is None


MISFITS = [(0, "0f3c"), (-1, "0f3c"), (17, ""), (17, "a b"), (17, "å"), (17, "a" * 65)]


@pytest.mark.parametrize(("number", "nonce"), MISFITS)
def test_what_does_not_fit_is_refused(number, nonce):
    with pytest.raises(ValueError, match="does not fit"):
        make_message_id(number, nonce, KEY, "exempel.example")
