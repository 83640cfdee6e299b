"""Business time, targets, promises, and what is next."""
