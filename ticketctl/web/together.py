"""Submissions that come at the same time are stored in one commit: whoever finds no commit under way makes one for all
that wait. A commit writes the whole desk file, so one for twenty costs little more than one for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import cast

from flask import current_app

from ticketctl.errors import TicketctlError
from ticketctl.usecases.customer.form import Submission, submit, submit_all
from ticketctl.usecases.intake.receive import Received
from ticketctl.usecases.session import Session

MOST = 50  # in one commit, so that nobody waits for long


class _Waiting:
    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.found: Received | Exception | None = None


class Together:
    """One for the process."""

    def __init__(self) -> None:
        self._committing, self._guard = Lock(), Lock()
        self._waiting: list[_Waiting] = []

    def submit(self, session: Session, submission: Submission) -> Received:
        """As `usecases.customer.form.submit`."""
        mine = _Waiting(submission)
        with self._guard:
            self._waiting.append(mine)
        while mine.found is None:
            with self._committing:
                if mine.found is None:
                    self._commit(session)
        if isinstance(mine.found, Exception):
            raise mine.found
        return mine.found

    def _commit(self, session: Session) -> None:
        with self._guard:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        found: Sequence[Received | Exception]
        try:
            found = submit_all(session, [one.submission for one in batch])
        except TicketctlError as error:
            found = [error] * len(batch)
        except Exception:  # noqa: BLE001 - one that breaks must not take the others with it
            found = [_alone(session, one.submission) for one in batch]
        for one, received in zip(batch, found, strict=True):
            one.found = received


def _alone(session: Session, submission: Submission) -> Received | Exception:
    try:
        return submit(session, submission)
    except Exception as error:  # noqa: BLE001 - it is raised in the thread of whoever sent it
        return error


def submit_here(session: Session, submission: Submission) -> Received:
    """As `usecases.customer.form.submit`, together with what others send at this moment."""
    return cast("Together", current_app.extensions["together"]).submit(session, submission)
