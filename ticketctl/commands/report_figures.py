"""`ticketctl report` without a subject: the figures, what is behind one, and their mail"""

from __future__ import annotations

from ticketctl.commands.report_asked import Asked
from ticketctl.present.words import would
from ticketctl.present.words.report import mailed_line
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.view_output import print_explained, print_preview, print_report
from ticketctl.usecases.views.explain_figure import ExplainFigure, explain_figure
from ticketctl.usecases.views.report import mail_report, preview_report, report


def figures_report(shell: Shell, asked: Asked) -> None:
    print_report(shell, report(shell.session, asked.on), asked.csv, asked.page)


def explained_report(shell: Shell, asked: Asked, figure: str) -> None:
    print_explained(shell, explain_figure(shell.session, ExplainFigure(figure=figure, on=asked.on)), asked.csv)


def mailed_report(shell: Shell, asked: Asked) -> None:
    """Mails it, says what would be mailed, or writes that into a folder."""
    if asked.out:
        return print_preview(shell, *preview_report(shell.session, asked.on), asked.out)
    mailed = mail_report(shell.session, asked.on, keep=not asked.dry_run)
    said = mailed_line(mailed, shell.language)
    if asked.dry_run and mailed.outcome == "queued":
        said = would(shell.language, said)
    return None if asked.quiet else shell.say(said)
