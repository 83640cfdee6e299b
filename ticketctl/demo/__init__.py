"""The demonstration: its story, its mails."""
