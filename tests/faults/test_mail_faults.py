"""Fetching under faults, a few mails for each; `python -m tests.faults --long` does it with a thousand."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.faults import mail
from tests.servers import dovecot

__all__ = ["dovecot"]
pytestmark = pytest.mark.dovecot


def test_every_fault_at_once_and_all_is_kept_in_the_end(dovecot, tmp_path):
    with closing(mail.Round(tmp_path, dovecot, mail.cases(), count=5)) as trial:
        result = trial.run()
    assert result.faults > 60
