"""What the options of `ticketctl report` ask for, and which of them go together"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ticketctl.errors import Usage
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.views.period import ReportOn


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which figures, of which days, and how they are given: as a `page`, CSV ("excel" or "plain"), mail, or printed."""

    on: ReportOn
    csv: str | None
    page: Path | None
    email: bool
    dry_run: bool
    out: Path | None
    quiet: bool
    figure: str | None

    @property
    def of_figures(self) -> bool:
        """Whether an option is given that only the figures have, not `product` or `people`."""
        return bool(self.csv is not None or self.email or self.figure is not None or self.on.by or self.on.over)


def asked_of(shell: Shell, given: dict[str, Any]) -> Asked:
    """What the options ask for, by their names; raises Usage where they contradict each other."""
    how = {name: given.pop(name) for name in ("csv", "page", "email", "dry_run", "out", "quiet", "figure")}
    csv, page, email, figure = how["csv"], how["page"], how["email"], how["figure"]
    if sum((csv is not None, shell.json, page is not None, email)) > 1:
        raise Usage("give one of --json, --csv, --html and --email")
    if (how["dry_run"] and not email) or (how["out"] and not how["dry_run"]):
        raise Usage("--dry-run goes with --email, and --out with both")
    if figure is not None and (page or email):
        raise Usage("--explain takes --json or --csv")
    first, last = (at and at.date() for at in (given.pop("first"), given.pop("last")))
    over, before = given.pop("over") or "", not (shell.json or csv or page)
    language = _language(shell, csv, page)
    return Asked(on=ReportOn(**given, over=over, before=before, first=first, last=last, language=language), **how)


def _language(shell: Shell, csv: str | None, page: Path | None) -> str:
    """That of this terminal for what is printed; "", the desk's, for what is handed on."""
    return shell.wanted_language if page else "" if csv else shell.language
