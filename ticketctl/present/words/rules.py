"""What `rules` and `snippets check` say."""

from __future__ import annotations

from collections.abc import Sequence

from ticketctl.content.terminal import counted
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.rules.check import Checked
from ticketctl.usecases.rules.test import Tested

TEXTS: Texts = {
    "en": {
        "fine": "rules.yaml and {snippets} snippets are fine: {rules}",
        "snippets_fine": "{snippets} snippets are fine",
        "no_tests": "rules.yaml has no tests; `tests:` in docs/rules.md shows how they are written",
        "pass": "pass",
        "fail": "FAIL",
        "trace": "the rules for {event}:",
        "passed_one": "1 test passed",
        "passed": "all {count} tests passed",
        "failed": "{failed} of {count} tests failed",
        "replayed": "{tickets} replayed; nothing was changed",
        "what": "what",
        "same": "same",
        "other": "other value",
        "rules_alone": "rules alone",
        "done_alone": "done alone",
        "rule": "rule",
        "would_fire": "would fire",
        "fired": "fired",
        "would_be": "would be",
        "is": "is",
        "more": "… and {count} more; --json has all",
    },
}


def fine(checked: Checked, language: str) -> str:
    """There are no faults in rules.yaml and the snippets."""
    rules = counted(len(checked.rules), "rule")
    return say_in(language, TEXTS)("fine", snippets=checked.snippets, rules=rules)


def failed(results: Sequence[Tested], language: str) -> str:
    return say_in(language, TEXTS)("failed", failed=sum(bool(one.wrong) for one in results), count=len(results))


def snippets_fine(checked: Checked, language: str) -> str:
    return say_in(language, TEXTS)("snippets_fine", snippets=checked.snippets)
