"""Business time, targets, promises, and what is due next; may import ticket, text, settings, statistics, errors."""
