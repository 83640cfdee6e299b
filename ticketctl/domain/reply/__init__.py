"""Help for whoever writes a reply; may import patterns, privacy, mail, deadlines, ticket, text, settings, statistics,
errors."""
