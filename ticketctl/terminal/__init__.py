"""A person at a terminal: questions, the editor, the undo window, colours; may import present, usecases, content,
ports, domain, errors."""

LANGUAGES = ("sv", "en")  # that commands speak; here, because --help names them and shall import nothing else
