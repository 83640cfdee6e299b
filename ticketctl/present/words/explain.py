"""What `explain` says, and `rules` of the conditions of a rule."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {
        "messages": "Messages",
        "decided": "What the rules decided then, and the conditions that decided it",
        "rules": "Rules for {event}, evaluated for {message} as it is now",
        "rules_of_ticket": "Rules for {event}, evaluated for the ticket as it is now",
        "no_rules": "none",
        "rule": "{rule} (rules.yaml:{line}): {outcome}",
        "fired": "fired {times}",
        "would_fire": "would fire",
        "outcome_fired": "fired",
        "outcome_stopped": "an earlier rule stops before it",
        "outcome_not met": "not met",
        "outcome_left alone": "left alone: it waits for a day that was named, or on a promise",
        "outcome_already fired": "already fired",
        "outcome_not waiting": "not waiting",
        "outcome_held back": "held back",
        "outcome_other event": "other event",
        "yes": "yes",
        "no": "no ",
    },
}
