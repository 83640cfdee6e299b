"""The original of a masked mail, encrypted (age, extra `[crypt]`) for those who have the key, in a header field of what
is kept in its place: it goes wherever and whenever that goes."""

from __future__ import annotations

import base64
import binascii
import textwrap
from collections.abc import Sequence
from typing import Any

from ticketctl.channels.email.parse.mime_tree import head
from ticketctl.errors import MissingExtra, NextStep, Refused, Usage

FIELD = "X-Ticketctl-Sealed"


def seal(masked: bytes, original: bytes, recipients: Sequence[str]) -> bytes:
    """The masked mail with the original in it. Raises MissingExtra; Usage for what is no key of age's."""
    age = _age()
    try:
        keys = [age.x25519.Recipient.from_str(one) for one in recipients]
    except age.RecipientError as error:
        raise Usage("{keys} is no public key of age's: {why}", code="no_age_key", keys=recipients, why=error) from None
    lines = textwrap.wrap(base64.b64encode(age.encrypt(original, keys)).decode(), 76)
    folded = "\r\n ".join(lines)
    return f"{FIELD}: {folded}\r\n".encode() + masked


def unseal(kept: bytes, identity: str) -> bytes | None:
    """The original; None where none is in it. `identity` is what a file of age's secret keys holds. Raises
    MissingExtra; Refused where the key does not fit."""
    value = next((value for name, value in head(kept)[0] if name == FIELD.lower()), "")
    if not value:
        return None
    age = _age()
    keys = [line.strip() for line in identity.splitlines() if line.strip().startswith("AGE-SECRET-KEY-")]
    try:
        sealed = base64.b64decode("".join(value.split()))
        return bytes(age.decrypt(sealed, [age.x25519.Identity.from_str(one) for one in keys]))
    except (age.DecryptError, age.IdentityError, binascii.Error) as error:
        raise Refused("the key does not open the sealed original: {why}", code="wrong_key", why=error) from None


def _age() -> Any:
    try:
        import pyrage
    except ImportError:
        step = NextStep("install", more="crypt")
        raise MissingExtra("encryption needs the extra [crypt]", code="no_crypt", next_step=step) from None
    return pyrage
