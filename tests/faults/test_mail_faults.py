"""Fetching under faults, a few mails for each; `python -m tests.faults --long` does it with a thousand."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.conftest import some_now
from tests.faults import mail
from tests.faults.mail_cases import cases
from tests.faults.stop_at import POINTS
from tests.servers import dovecot

__all__ = ["dovecot"]
pytestmark = pytest.mark.dovecot
WITH_KILLS = ("literal cut off at its middle", "MOVE done, answer lost", "moved, foreign deletion", "EXPUNGE refused")


@pytest.mark.long
def test_every_fault_at_once_and_all_is_kept_in_the_end(dovecot, tmp_path):
    with closing(mail.Round(tmp_path, dovecot, cases(), count=3)) as trial:
        result = trial.run()
    assert result.faults >= 90


@pytest.mark.long
@pytest.mark.parametrize("point", some_now(list(POINTS), 4))
def test_killed_at_each_point_of_a_commit_while_mailboxes_fail(dovecot, tmp_path, point):
    chosen = [case for case in cases() if case.name in WITH_KILLS]
    prefix = f"k{list(POINTS).index(point)}"
    with closing(mail.Round(tmp_path, dovecot, chosen, count=3, prefix=prefix)) as trial:
        assert trial.killed(point, nth=1), "it comes to that point"
        trial.mend()
