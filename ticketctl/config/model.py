"""Moved to ticketctl.domain.config."""

from ticketctl.domain.config import *  # noqa: F403
