"""What a request is handed: the site, its settings, a session."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import cast

import msgspec
from flask import current_app, g
from msgspec.structs import replace

from ticketctl.content.terminal import safe
from ticketctl.domain.config import ChatSource, Config, FormSource
from ticketctl.errors import BadRules, TicketctlError
from ticketctl.usecases.session import Session, Via

LOG = logging.getLogger(__name__)

OpenSession = Callable[[str, Via], Session]


class Lasting:
    """Makes sessions, with the last rules.yaml that was valid while somebody makes a mistake in it: customers must not
    meet a closed door because of that. The mistake is logged once."""

    def __init__(self, open_session: OpenSession) -> None:
        self._open = open_session
        self._good: Config | None = None
        self._faults = ""

    def __call__(self, user: str, via: Via) -> Session:
        session = self._open(user, via)
        try:
            self._good = session.config
        except BadRules as error:
            good = self._good
            if good is None:
                raise
            if self._faults != str(error):
                self._faults = str(error)
                LOG.warning("rules.yaml has mistakes; its last valid state still counts here\n%s", safe(str(error)))
            return replace(session, app=replace(session.app, open_config=lambda _app: good))
        self._faults = ""
        return session


class Site(msgspec.Struct, frozen=True, eq=False):
    """What the process knows: `open_session` makes a session of somebody by a front end."""

    open_session: OpenSession

    @property
    def config(self) -> Config:
        """rules.yaml as it is now."""
        if "config" not in g:
            g.config = self.open_session("system", "web").config
        return cast("Config", g.config)

    @property
    def open_forms(self) -> list[FormSource]:
        return [one for one in self.config.web_sources if isinstance(one, FormSource) and one.open]

    @property
    def open_chats(self) -> list[ChatSource]:
        return [one for one in self.config.web_sources if isinstance(one, ChatSource) and one.open]

    @property
    def shown(self) -> Config:
        """The same for what an error page needs: the defaults where rules.yaml was never valid."""
        try:
            return self.config
        except TicketctlError:
            return Config(name="")


def site() -> Site:
    return cast("Site", current_app.extensions["ticketctl"])


def session(via: Via, user: str = "system") -> Session:
    """A session of this request; who is not of the team acts as the system, by that door."""
    return site().open_session(user, via)


def now() -> datetime:
    return session("web").now
