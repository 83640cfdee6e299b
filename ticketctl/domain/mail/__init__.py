"""What an incoming mail is, and where it belongs; may import ticket, text, settings, statistics, errors."""
