"""Conditions, actions, decisions; may import patterns, privacy, mail, deadlines, ticket, text, settings, statistics,
errors."""
