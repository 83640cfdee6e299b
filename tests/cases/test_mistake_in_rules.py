"""A mistake in rules.yaml stops every command that works on the desk, with its place, and changes nothing."""

from __future__ import annotations

import pytest

from tests.conftest import RULES, Office

COMMANDS = """\
board|inbox|list|search a|show 1|drafts|fetch maildir:post|fetch --reconcile|send|send --list|outbox|outbox release 1
outbox cancel 1|quarantine|quarantine show ab|quarantine release ab|quarantine drop ab|new --text a|triage|triage -i
triage --suggest|explain 1|take|assign 1 me|handover alice bo|away|away me|reply 1 --text a|note 1 a|watch 1|unwatch 1
wait 1 5d|promise 1 friday|close 1|reopen 1|merge 1 --into 2|merge --suggest|unmerge 1|move 1 m1 2|split 1 m1|undo 1
requester 1 a@b.example|link 1 2|label 1 a|set 1 a=b|priority 1 high|spam 1|escalate|report|report --email|purge|export
snippets|snippets show losning|snippets values|snippets check|snippets try losning 1|rules check|rules test|login
rules replay|login --status|cron show|cron install|cron remove|doctor --offline"""


@pytest.mark.parametrize("command", COMMANDS.replace("\n", "|").split("|"))
def test_each_command_says_where(office: Office, command: str) -> None:
    office.make(1)
    (office.folder / "rules.yaml").write_text(RULES.replace("targets:", "targts:"), encoding="utf-8")
    before = office.get(1)
    result = office.run(*command.split(), code=2)
    assert "rules.yaml:15:1: unknown key 'targts' (did you mean 'targets'?)" in result.output
    assert office.get(1) == before
