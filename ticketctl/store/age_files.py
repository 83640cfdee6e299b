"""Backups encrypted with age (https://age-encryption.org), by the extra [crypt]."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ticketctl.errors import MissingExtra, NextStep, Refused, Usage
from ticketctl.store import fs, streams

_BEGINS = b"age-encryption.org/"
_SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how each secret key begins


def is_encrypted(head: bytes) -> bool:
    """By the first bytes of a file."""
    return head.startswith(_BEGINS)


def encryption(recipient: str) -> Callable[[Path, Path], None]:
    """What writes a file, encrypted for that public key, into a new one. Raises MissingExtra, and Usage for what is no
    public key."""
    age = _age()
    try:
        key = age.x25519.Recipient.from_str(recipient)
    except age.RecipientError as error:
        raise Usage(
            "{key!r} is no public key of age; it begins with age1, and `age-keygen` makes one",
            code="no_recipient",
            key=recipient,
        ) from error

    def encrypt(source: Path, target: Path) -> None:
        with streams.reading(source) as plain, streams.writing(target) as hidden:
            age.encrypt_io(plain, hidden, [key])

    return encrypt


@contextmanager
def decrypted(file: Path, folder: Path, identity: Path | None) -> Iterator[Path]:
    """The file in the clear: itself, or a copy in `folder` that is deleted afterwards. Raises Usage, Refused,
    MissingExtra."""
    with streams.reading(file) as raw:
        is_hidden = is_encrypted(raw.read(len(_BEGINS)))
    if not is_hidden:
        yield file
        return
    if identity is None:
        raise Usage("{file} is encrypted; name the file with the secret key", code="no_identity", file=file)
    age, plain = _age(), folder / ".plain"
    try:
        with streams.reading(file) as hidden, streams.writing(plain) as target:
            age.decrypt_io(hidden, target, [age.x25519.Identity.from_str(key) for key in _keys(identity)])
        yield plain
    except (age.DecryptError, age.IdentityError) as error:
        raise Refused(
            "{identity} does not open {file}: {why}", code="wrong_identity", identity=identity, file=file, why=error
        ) from error
    finally:
        fs.discard(plain)


def _keys(identity: Path) -> list[str]:
    """The secret keys in a file as `age-keygen` writes it; raises Refused where there is none."""
    lines = (fs.read(identity) or b"").decode("ascii", "replace").splitlines()
    keys = [line.strip() for line in lines if line.startswith(_SECRET)]
    if not keys:
        raise Refused("{identity} holds no secret key of age", code="no_secret_key", identity=identity)
    return keys


def _age() -> Any:
    try:
        import pyrage
    except ImportError:
        step = NextStep("install", more="crypt")
        raise MissingExtra("encryption needs the extra [crypt]", code="no_crypt", next_step=step) from None
    return pyrage
