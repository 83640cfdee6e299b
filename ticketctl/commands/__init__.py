"""One verb per file: parse, load, decide, save, say."""
