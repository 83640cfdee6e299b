"""Tickets, rules, deadlines and figures, pure: no files, no clock, no network, no click; may import errors."""
