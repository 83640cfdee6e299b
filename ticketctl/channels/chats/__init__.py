"""Telegram, Mattermost and signed webhooks, as their public documentation describes them; may import ports, domain,
errors."""
