"""rules.yaml, read through a compiled copy: `list` and `show` then need no YAML.

The copy holds a digest of the file it was made from, of ticketctl's version and of itself. Anything that does not fit
is rebuilt; what cannot be written is left unwritten. So the copy can be deleted at any time and never says more than
the file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path

import msgspec

from ticketctl import __version__
from ticketctl.domain.config import Config
from ticketctl.errors import BadRules

_DIGEST = hashlib.sha256().digest_size


def load(path: Path, cache: Path | None = None, raw: bytes | None = None) -> Config:
    """What the file `path` says; raises BadRules with every fault as `rules.yaml:LINE:COLUMN: …`. `cache` is where the
    compiled copy is kept (data/.rules.cache), None for not at all. `raw` is what was read of the file already."""
    raw = _read(path) if raw is None else raw
    if cache is None:
        return _build(raw, path)
    made_by = " ".join((__version__, *Config.__struct_fields__))  # a copy with other fields would be read as defaults
    key = hashlib.sha256(made_by.encode() + b"\0" + raw).digest()
    config = _recall(cache, key)
    if config is None:
        config = _build(raw, path)
        _keep(cache, key, config)
    return config


def _build(raw: bytes, path: Path) -> Config:
    from ticketctl.config.build import build  # needs YAML, which the compiled copy spares

    return build(raw, path.name, path.parent)


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():  # a FIFO would make us wait for ever
            what = "not a file" if path.exists() else "there is no such file"
            raise BadRules([f"{path.name}:1:1: {what} ({path})"])
        return path.read_bytes()
    except OSError as error:
        raise BadRules([f"{path.name}:1:1: cannot be read: {error.strerror}"]) from None


def _recall(cache: Path, key: bytes) -> Config | None:
    """The compiled copy, if it was made from this very file by this version and is whole; None otherwise."""
    try:
        handle = os.open(cache, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    with open(handle, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode) or info.st_uid != os.geteuid():
            return None
        content = file.read()
    digest, payload = content[:_DIGEST], content[_DIGEST:]
    if digest != hashlib.sha256(key + payload).digest():
        return None
    try:
        return msgspec.msgpack.decode(payload, type=Config)
    except msgspec.MsgspecError:
        return None


def _keep(cache: Path, key: bytes, config: Config) -> None:
    """Writes the compiled copy; without it everything still works, only slower."""
    payload = msgspec.msgpack.encode(config)
    temporary = cache.with_name(f"{cache.name}.{os.getpid()}")
    try:
        temporary.unlink(missing_ok=True)  # left by a process of this number that was killed
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(hashlib.sha256(key + payload).digest() + payload)
        temporary.replace(cache)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
