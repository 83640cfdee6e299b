"""A person at a terminal: questions, the editor, the undo window, styles."""
