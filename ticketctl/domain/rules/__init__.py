"""Conditions, actions, decisions; may import privacy, mail, deadlines, ticket, text, settings, errors."""
