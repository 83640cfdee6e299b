"""Figures of the report; may import patterns, privacy, mail, deadlines, ticket, text, settings, statistics, errors."""
