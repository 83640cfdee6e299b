"""A ticket and its history; may import text, settings, statistics, errors."""
