"""A person at a terminal: questions, the editor, the undo window, colours; may import present, usecases, content,
ports, domain, errors."""
