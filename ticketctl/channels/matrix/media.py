"""Files of a room, both ways: by the authenticated media API of the homeserver and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ticketctl.channels.matrix.client import Client, MatrixError, TooLarge
from ticketctl.ports.channels import SendFailed
from ticketctl.ports.plain_message import PlainFile

_MXC = re.compile(r"mxc://([A-Za-z0-9.:\[\]-]{1,255})/([A-Za-z0-9_=-]{1,255})")
_KIND = re.compile(r"[a-z0-9]+/[a-z0-9.+-]+")
SMALL = 1_000_000  # bytes: less than any homeserver takes; for larger files it is asked first


def fetched_file(client: Client, content: Mapping[str, Any]) -> tuple[PlainFile | None, str]:
    """The file, or why it is not here, in a sentence. Raises MatrixError where another try may bring it."""
    name = str(content.get("filename") or "file")
    info = content.get("info")
    told = info if isinstance(info, dict) else {}
    url, kind, size = content.get("url"), told.get("mimetype"), told.get("size")
    found = _MXC.fullmatch(url) if isinstance(url, str) else None
    if found is None:
        return None, f"the file {name} is not here: encrypted, or without an address"
    largest = client.config.megabytes * 1_000_000
    if isinstance(size, int) and size > largest:
        return None, f"the file {name} is not here: it is larger than {client.config.megabytes} MB"
    try:
        data = client.ask("GET", f"/_matrix/client/v1/media/download/{found[1]}/{found[2]}", largest=largest)
    except TooLarge:
        return None, f"the file {name} is not here: it is larger than {client.config.megabytes} MB"
    except MatrixError as error:
        if not error.final:
            raise
        return None, f"the file {name} is not here: the server does not give it ({error.status})"
    typed = kind if isinstance(kind, str) and _KIND.fullmatch(kind) else "application/octet-stream"
    return PlainFile(name=name, data=data, type=typed), ""


def must_fit(client: Client, file: PlainFile) -> None:
    """Asked before it is sent: a server closes the connection on what is too large. Raises SendFailed."""
    if len(file.data) <= SMALL:
        return
    limit = client.limit()
    if limit and len(file.data) > limit:
        text = "{name}: the server takes files of at most {limit:,} bytes, and {file} has {size:,}"
        raise SendFailed(
            text,
            code="matrix_file_too_large",
            permanent=True,
            name=client.config.name,
            limit=limit,
            file=file.name,
            size=len(file.data),
        )


def uploaded(client: Client, file: PlainFile) -> str:
    """Its mxc:// address."""
    query = urlencode({"filename": file.name})
    return client.upload(f"/_matrix/media/v3/upload?{query}", file.data, file.type)
