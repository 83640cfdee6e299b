"""Reading natural text: quotes, signatures, subjects, language."""
