"""Figures of the report; may import privacy, mail, deadlines, ticket, text, settings, errors."""
