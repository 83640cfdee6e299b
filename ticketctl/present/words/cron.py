"""What `cron` says."""

from __future__ import annotations

from collections.abc import Mapping

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.upkeep.cron import Crontab

CALLS = {  # what cron calls, by the job
    "fetch": ("fetch", "-q"),
    "send": ("send", "-q"),
    "escalate": ("escalate", "-q"),
    "report": ("report", "--email", "-q"),
    "purge": ("purge", "-q"),
}
TEXTS: Texts = {
    "en": {
        "installed": "Installed {jobs} jobs for {desk}; `ticketctl cron remove` takes them out.",
        "installed_already": "The crontab has the lines of this desk already.",
        "removed": "Removed the jobs of {desk}.",
        "nothing_to_remove": "The crontab has no lines of this desk.",
        "units": "# Put each file into ~/.config/systemd/user/ under the name above it, then:\n"
        "#   systemctl --user daemon-reload && systemctl --user enable --now {timers}\n"
        "#   loginctl enable-linger   # so that they also run while you are not logged in",
    },
}


def installed(done: Crontab, language: str) -> str:
    jobs = len(done.lines) - 2  # the markers
    return say_in(language, TEXTS)("installed" if done.changed else "installed_already", jobs=jobs, desk=done.desk)


def removed(done: Crontab, language: str) -> str:
    return say_in(language, TEXTS)("removed" if done.changed else "nothing_to_remove", desk=done.desk)


def units(files: Mapping[str, str], language: str) -> str:
    """Each file under its name, and how they are put to use."""
    head = say_in(language, TEXTS)("units", timers=" ".join(name for name in files if name.endswith(".timer")))
    return "\n\n".join([head, *(f"# {name}\n{text}" for name, text in files.items())])
