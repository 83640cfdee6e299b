"""What `handover` says."""

from __future__ import annotations

from ticketctl.content.terminal import line as safe_line
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Changed, Done

TEXTS: Texts = {
    "en": {
        "handed_over": "#{number} is {agent}’s now: {subject}",
        "no_subject": "(no subject)",
        "nothing": "{giver} has no open tickets like that",
    },
    "sv": {
        "handed_over": "#{number} ligger nu hos {agent}: {subject}",
        "no_subject": "(inget ämne)",
        "nothing": "{giver} har inga sådana öppna ärenden",
    },
}


def line(done: Done[Changed], language: str) -> str:
    say, after = say_in(language, TEXTS), done.value.after
    subject = safe_line(after.subject) or say("no_subject")
    return say("handed_over", number=done.number, agent=after.assignee, subject=subject)


def line_with_note(done: Done[Changed], language: str) -> str:
    """For a dry run: what would be written to the ticket as well."""
    note = done.value.after.messages[-1].text.splitlines()
    return "\n".join([line(done, language), *(f"    {safe_line(one)}" for one in note)])
