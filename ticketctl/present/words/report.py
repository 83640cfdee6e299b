"""What `report` says beside the report itself, whose words are in content/: it becomes a mail and a page."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.views.report import MailedReport

TEXTS: Texts = {
    "en": {
        "page": "{page}: the report of {window}",
        "queued": "{job}: in the outbox for {to}",
        "mailed_before": "{job}: mailed already on {before}",
        "nothing_to_report": "{job}: there was no ticket yet; nothing is mailed",
    },
    "sv": {
        "page": "{page}: rapporten för {window}",
        "queued": "{job}: i utkorgen till {to}",
        "mailed_before": "{job}: skickades redan {before}",
        "nothing_to_report": "{job}: det fanns inga ärenden än; inget skickas",
    },
}


def mailed_line(mailed: MailedReport, language: str) -> str:
    say = say_in(language, TEXTS)
    return say(mailed.outcome, job=mailed.job, to=", ".join(mailed.to), before=mailed.before)
