"""What `report` says beside the report itself, whose words are in content/: it becomes a mail and a page."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.views.report import MailedReport

TEXTS: Texts = {
    "en": {
        "page": "{page}: the report of {window}",
        "written": "not mailed; {folder} has {files}",
        "queued": "report {window}: in the outbox for {to}",
        "mailed_before": "report {window}: mailed already on {before}",
        "nothing_to_report": "report {window}: there was no ticket yet; nothing is mailed",
    },
    "sv": {
        "page": "{page}: rapporten för {window}",
        "written": "skickas inte; i {folder} finns {files}",
        "queued": "rapport {window}: i utkorgen till {to}",
        "mailed_before": "rapport {window}: skickades redan {before}",
        "nothing_to_report": "rapport {window}: det fanns inga ärenden än; inget skickas",
    },
}


def mailed_line(mailed: MailedReport, language: str) -> str:
    say = say_in(language, TEXTS)
    return say(mailed.outcome, window=mailed.window.name, to=", ".join(mailed.to), before=mailed.before)
