"""The question how satisfied a customer is, as our mails ask it."""

from __future__ import annotations

QUESTION = {
    "sv": "Hur nöjd är du? Svara med en siffra från 1 (inte alls) till 5 (mycket).",
    "en": "How satisfied are you? Answer with a number from 1 (not at all) to 5 (very).",
}


def asks(text: str) -> bool:
    """Whether a text of ours has the question, in whatever lines it was broken."""
    line = " ".join(text.split())
    return any(question in line for question in QUESTION.values())
