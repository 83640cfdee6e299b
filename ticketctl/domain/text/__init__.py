"""Reading natural text: quotes, signatures, subjects, language; may import errors."""
