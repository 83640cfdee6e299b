"""The user's crontab, by the crontab command."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from ticketctl.errors import NextStep, TicketctlError

TIMERS = NextStep("cron", more="show", given={"systemd": True}, then="shows timers of systemd instead")


def read() -> list[str]:
    """Its lines; none where there is no crontab yet. Raises TicketctlError where it cannot be read."""
    done = _crontab(["-l"])
    if done.returncode == 0:
        return done.stdout.decode(errors="surrogateescape").removesuffix("\n").split("\n") if done.stdout else []
    trouble = done.stderr.decode(errors="replace").strip()
    if "no crontab" in trouble.lower():
        return []
    trouble = trouble or f"exit code {done.returncode}"
    raise TicketctlError("crontab -l: {trouble}", code="crontab_not_read", trouble=trouble, next_step=TIMERS)


def write(lines: Sequence[str]) -> None:
    """Without lines there is no crontab. Raises TicketctlError, and then it is as it was."""
    text = "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape")
    done = _crontab(["-"], text) if lines else _crontab(["-r"])
    if done.returncode:
        trouble = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
        raise TicketctlError(
            "crontab refused the lines: {trouble}; your crontab is unchanged, fix what it names with `crontab -e`",
            code="crontab_refused",
            trouble=trouble,
        )


def _crontab(arguments: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["crontab", *arguments], input=given, capture_output=True, check=False)
    except FileNotFoundError:
        raise TicketctlError(
            "there is no crontab command here; install cron", code="no_crontab", next_step=TIMERS
        ) from None
