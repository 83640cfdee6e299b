"""One plain HTTP request at a time: the heartbeat, and what time it is elsewhere. Nothing of the desk goes with it."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from ticketctl.channels.time_limit import within
from ticketctl.errors import ChannelFailed

SECONDS = 10.0  # for all of it, the look-up of the host name included


def call(url: str) -> None:
    """GETs the address; raises ChannelFailed, which names the host alone: the rest of such an address is half a
    secret. A redirect is no answer: it might lead away from TLS."""
    status = _asked("GET", url)[0]
    if not 200 <= status < 300:
        raise ChannelFailed("{host} answered {status}", code="http_status", host=urlsplit(url).netloc, status=status)


def time_at(url: str) -> datetime | None:
    """What time the server of that address says it is (RFC 9110, 6.6.1), whatever else it answers; None where it does
    not say. The address itself is not called, only its host. Raises ChannelFailed."""
    parts = urlsplit(url)
    date = _asked("HEAD", f"{parts.scheme}://{parts.netloc}/")[1]
    try:
        told = parsedate_to_datetime(date)
    except ValueError:
        return None
    return told.astimezone(UTC) if told.tzinfo else None


def _asked(method: str, url: str) -> tuple[int, str]:
    """The status and the Date of the answer."""
    host = urlsplit(url).netloc
    try:
        return within(SECONDS, lambda: _ask(method, url))
    except TimeoutError:
        raise ChannelFailed(
            "{host} did not answer within {seconds:g} s", code="http_too_slow", host=host, seconds=SECONDS
        ) from None
    except urllib.error.URLError as error:
        raise ChannelFailed(
            "{host} cannot be reached ({reason})", code="http_unreachable", host=host, reason=_reason(error.reason)
        ) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ChannelFailed(
            "{host} cannot be reached ({reason})", code="http_unreachable", host=host, reason=_reason(error)
        ) from None


def _ask(method: str, url: str) -> tuple[int, str]:
    request = urllib.request.Request(url, method=method, headers={"User-Agent": "ticketctl"})  # noqa: S310 - see is_safe
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=SECONDS) as answer:
            return answer.status, answer.headers.get("Date") or ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Date") or ""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        return None


def _reason(error: object) -> str:
    told = getattr(error, "strerror", None) or type(error).__name__
    return " ".join(str(told).split())[:100]
