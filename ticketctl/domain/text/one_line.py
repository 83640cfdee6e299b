"""What a server or library says, as one line of bounded length."""

TEXT = 500  # characters that are kept


def one_line(text: str) -> str:
    """Without line ends and controls, at most TEXT characters."""
    line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return line if len(line) <= TEXT else line[: TEXT - 1] + "…"
