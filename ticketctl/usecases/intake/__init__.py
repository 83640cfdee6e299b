"""Messages coming in: fetch, parse, file on tickets, quarantine."""
