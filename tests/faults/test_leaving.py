"""A spread of the generated faults of sending; `python -m tests.faults --long` runs them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Office, some_now
from tests.faults import leaving
from tests.faults.test_faults import folder
from tests.smtp_server import serving

__all__ = ["folder"]
CASES = 60


@pytest.mark.parametrize("case", some_now(leaving.sample(CASES), 3), ids=str)
def test_what_leaves_is_neither_lost_nor_doubled(case: leaving.Case, folder: Path) -> None:
    leaving.trial(case, folder / "desk")


def test_there_are_more_than_three_hundred_cases_and_no_two_are_equal() -> None:
    every = leaving.cases()
    assert len(set(every)) == len(every) > 300


def test_what_a_trial_would_find(folder: Path) -> None:
    """A desk that sends again what the server said it took, or forgets what it refused, fails the trial."""

    class Doubling(leaving.Trial):
        def _until_at_rest(self) -> None:
            [item] = self.outbox
            super()._until_at_rest()
            again = self.office.session()
            with again.store.transaction() as desk:
                desk.queue(item)
            super()._until_at_rest()

    with pytest.raises(AssertionError, match="twice without a doubt"):
        Doubling(leaving.Case("reply", (("MAIL", "451 later"),)), folder / "doubled").run()

    class Forgetting(leaving.Trial):
        def _until_at_rest(self) -> None:
            super()._until_at_rest()
            forgetful = self.office.session()
            with forgetful.store.transaction() as desk:
                for item in list(desk.outbox()):
                    desk.drop_outbound(item.id)

    with pytest.raises(AssertionError, match="lost"):
        Forgetting(leaving.Case("reply", (("DOT", "554 spam"),)), folder / "forgotten").run()


@pytest.mark.parametrize("setting", ["", ", return_path: own"])
def test_a_server_that_takes_no_null_return_path(office: Office, setting: str) -> None:
    """The mail is still an automatic one for every program that reads its headers."""
    with serving() as (port, mailbox):
        rules = (office.folder / "rules.yaml").read_text(encoding="utf-8")
        server = f"smtp: {{host: 127.0.0.1, port: {port}, security: none{setting}}}"
        (office.folder / "rules.yaml").write_text(rules.replace("maildir: data/sent", server), encoding="utf-8")
        for number in (1, 2):
            leaving.queue("acknowledgement", office, number, f"kund{number}@kund.example")
        mailbox.plan["MAIL"] = [] if setting else ["550 5.7.1 null sender not allowed"]
        office.run("send")
        assert [mail.mail_from for mail in mailbox.mails] == ["support@exempel.example"] * 2
        assert mailbox.seen.count("MAIL") == (2 if setting else 3)  # the second mail asks for no null path again
        assert all(b"Auto-Submitted: auto-replied" in body for body in mailbox.bodies)


def test_a_server_that_refuses_us_as_well(office: Office) -> None:
    with serving() as (port, mailbox):
        rules = (office.folder / "rules.yaml").read_text(encoding="utf-8")
        server = f"smtp: {{host: 127.0.0.1, port: {port}, security: none}}"
        (office.folder / "rules.yaml").write_text(rules.replace("maildir: data/sent", server), encoding="utf-8")
        leaving.queue("acknowledgement", office)
        mailbox.plan["MAIL"] = ["550 no null sender", "550 5.7.1 not you either"]
        assert "550 5.7.1 not you either; not delivered" in office.trouble("send", code=8)
        assert mailbox.mails == []
