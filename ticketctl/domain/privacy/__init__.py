"""Masking and retention; may import mail, deadlines, ticket, text, settings, statistics, errors."""
