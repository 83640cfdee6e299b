"""How the shell says an error; the sentences are in present/words/errors.py."""

from __future__ import annotations

from ticketctl.present.words.errors import error_line, step_words

__all__ = ["error_line", "step_words"]
