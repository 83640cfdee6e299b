"""ticketctl: ticket handling on the command line and from cron, for teams of one or two."""

__version__ = "0.1.0"
