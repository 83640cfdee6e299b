"""Short notices to phones and team chats, through whatever service Apprise knows: the sink of the medium "notify".

The address of a service holds secrets in any of its parts (user, password, path, header, query), and Apprise hides only
the password: it writes the rest into its own log and into what its objects say of themselves. So a target is known here
by the name that rules.yaml gives it; its address comes from a command when something is sent, goes nowhere else, and
what Apprise says of a failure is not repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import msgspec

from ticketctl.channels.secrets import run_command
from ticketctl.domain.config import NotifyTarget
from ticketctl.errors import ChannelFailed, NextStep
from ticketctl.ports.channels import Receipt, SendFailed
from ticketctl.ports.plain_message import PlainMessage

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 4.0  # for a service to be reached, and for it to answer


class NotifySink:
    """A target that failed is not tried again by this sink: ten notices to a dead one cost as much time as one."""

    name = "notify"

    def __init__(self, targets: Sequence[NotifyTarget], *, environ: Mapping[str, str], site: str = "") -> None:
        """`site` is where the desk's pages are, shown by services that show who writes."""
        self._targets = {one.name: one for one in targets}
        self._environ, self._site, self._failed = environ, site, set[str]()

    def send(self, sender: str, recipients: Sequence[str], raw: bytes) -> Receipt:
        """`raw` is a PlainMessage; the recipients are names of targets. Raises SendFailed, which says no address."""
        said = msgspec.json.decode(raw, type=PlainMessage)
        (name,) = recipients
        target = self._targets.get(name)
        if target is None:
            raise SendFailed(
                "{name}: no target of that name in notify:", permanent=True, code="no_notify_target", name=name
            )
        if name in self._failed:
            raise SendFailed("{name}: it could not be notified a moment ago", code="notify_just_failed", name=name)
        self._failed.add(name)
        with _silent():
            if not self._notified(target, said):
                raise SendFailed("{name}: the service did not take the notice", code="notify_not_taken", name=name)
        self._failed.discard(name)
        return Receipt()

    def check(self) -> str:
        """Whether each target's command prints an address that Apprise understands; nothing is sent."""
        with _silent():
            for target in self._targets.values():
                self._opened(target)
        return ", ".join(self._targets)

    def close(self) -> None:
        self._failed.clear()

    def _notified(self, target: NotifyTarget, said: PlainMessage) -> bool:
        service = self._opened(target)
        try:
            return bool(service.notify(title=said.subject, body=said.text, body_format="text"))
        except Exception:  # noqa: BLE001 - whatever a plugin raises may quote the address
            return False

    def _opened(self, target: NotifyTarget) -> Any:
        apprise = _library(target.name)
        try:
            address = run_command(target.name, "url_command", target.url_command, self._environ)
        except ChannelFailed as error:
            raise SendFailed("{reason}", code="notify_no_address", reason=error) from None
        about = apprise.AppriseAsset(
            app_id="ticketctl", app_desc="ticketctl", app_url=self._site, async_mode=False, secure_logging=True,
            storage_mode=apprise.PersistentStoreMode.MEMORY,
        )  # fmt: skip
        service = apprise.Apprise(asset=about)
        known = False
        with suppress(Exception):
            known = bool(service.add(address))
        if not known:
            text = "{name}: what url_command prints is no address that Apprise knows"
            raise SendFailed(text, code="notify_bad_address", name=target.name)
        for one in service:
            one.socket_connect_timeout = one.socket_read_timeout = SECONDS
        return service


def _library(name: str) -> Any:
    try:
        import apprise
    except ImportError:
        step = NextStep("install", more="notify")
        raise SendFailed(
            "{name}: needs the extra [notify]", code="no_notify_extra", next_step=step, name=name
        ) from None
    return apprise


@contextmanager
def _silent() -> Iterator[None]:
    """Without any log: Apprise and the libraries below it log addresses."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)
