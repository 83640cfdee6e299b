"""What changes two tickets at once, and the way back; may import patterns, privacy, mail, deadlines, ticket, text,
settings, statistics, errors."""
