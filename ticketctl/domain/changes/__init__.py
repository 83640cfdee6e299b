"""What changes two tickets at once, and the way back; may import privacy, mail, deadlines, ticket, text, settings,
errors."""
