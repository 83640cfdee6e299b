"""Help for whoever writes a reply; may import privacy, mail, deadlines, ticket, text, settings, errors."""
