"""What `demo` says about the story that it plays."""

from __future__ import annotations

from ticketctl.present.words import Texts

TEXTS: Texts = {
    "en": {
        "begins": "A desk for the made-up shop Norrsken, in {folder}. Every command below is a real one.",
        "furnished": "\n# rules.yaml: a team of two, a mailbox in the folder `mail`, rules, targets.",
        "chapter": "{day:%a} {time}  {why}\n           $ {command}",
        "step": "\n--- {day:%A %Y-%m-%d} {time}, {agent}",
        "why": "# {why}",
        "command": "$ ticketctl {line}",
        "progress": "… {count} commands run",
        "evening": "\n=== {day:%A %Y-%m-%d} 17:00: the board, and the report",
        "agree": "Board and report agree: {active} tickets are open.",
        "differ": (
            "The board counts {active} open tickets, the report {backlog}: what machines wrote (newsletters, bounces) "
            "has to be looked at, but is in no figure."
        ),
        "stopped": "the demonstration stopped: `ticketctl {line}` ended with {code}",
        "portal": (
            "\nThe same desk as web pages, until you press Ctrl-C:\n"
            "  {address}  the form, the chat and the help pages, as customers see them\n"
            "  {address}board  the team's pages: log in as {agent} with the password {password}"
        ),
        "yours": (
            "\nThe desk is yours to try:\n  {alice} list\n  {alice} show {latest}\n  {alice} reply {latest}\n"
            "  {alice} list --search hjälm --all\n  a browser shows {report}\n"
            "A desk of your own: `{typed} init FOLDER`, then say in rules.yaml where your mail is."
        ),
    },
}
