"""Whose word counts that a mail is from whom it says: our own mail server's, and nobody else's."""

from __future__ import annotations

import pytest

from ticketctl.domain.mail.authentication import is_authentic

OURS, ALICE = "mx.exempel.example", "alice@exempel.example"


def found(*results: str, address: str = ALICE) -> bool:
    return is_authentic({"authentication-results": results}, OURS, address)


@pytest.mark.parametrize(
    "results",
    [
        "mx.exempel.example; dmarc=pass header.from=exempel.example",
        "mx.exempel.example 1; dmarc=pass (p=reject dis=none) header.from=Exempel.example",
        "MX.exempel.example; spf=fail smtp.mailfrom=x.example; dmarc=pass header.from=exempel.example",
        "mx.exempel.example; dkim=pass header.d=exempel.example header.s=a header.b=xyz",
        "mx.exempel.example; dkim=pass (2048-bit key) header.i=@exempel.example",
        "mx.exempel.example; spf=pass (mx: ok) smtp.mailfrom=alice@exempel.example",
        "mx.exempel.example; auth=pass smtp.auth=alice smtp.mailfrom=x@y.example",
        "mx.exempel.example; auth=pass (cram-md5) smtp.auth=alice@exempel.example",
    ],
)
def test_what_our_server_vouches_for(results: str) -> None:
    assert found(results)


@pytest.mark.parametrize(
    "results",
    [
        "",
        "mx.exempel.example; none",
        "mx.exempel.example",
        "mx.annan.example; dmarc=pass header.from=exempel.example",
        "mx.exempel.example.angripare.example; dmarc=pass header.from=exempel.example",
        "angripare (mx.exempel.example); dmarc=pass header.from=exempel.example",
        "mx.exempel.example; dmarc=fail header.from=exempel.example",
        "mx.exempel.example; dmarc=pass header.from=angripare.example",
        "mx.exempel.example; dmarc=fail (dmarc=pass header.from=exempel.example)",
        "mx.exempel.example; dkim=pass header.d=angripare.example",
        "mx.exempel.example; dkim=pass header.d=example",
        "mx.exempel.example; dkim=pass header.d=sub.exempel.example",
        "mx.exempel.example; spf=pass smtp.mailfrom=exempel.example.angripare.example",
        "mx.exempel.example; spf=pass smtp.helo=exempel.example",
        "mx.exempel.example; auth=pass smtp.auth=bo",
        "mx.exempel.example; arc=pass header.from=exempel.example",
        "mx.exempel.example; dmarc=passable header.from=exempel.example",
        "mx.exempel.example; x-dmarc=pass header.from=exempel.example",
    ],
)
def test_what_it_does_not(results: str) -> None:
    assert not found(results)


def test_only_the_topmost_is_read() -> None:
    """Below it stands what came with the mail."""
    vouched = "mx.exempel.example; dmarc=pass header.from=exempel.example"
    assert not found("mx.exempel.example; dmarc=fail header.from=exempel.example", vouched)
    assert not found("relay.example; none", vouched)
    assert not is_authentic({"x-authentication-results": (vouched,)}, OURS, ALICE)
    assert not is_authentic({}, OURS, ALICE)
