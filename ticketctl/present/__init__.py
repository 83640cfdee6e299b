"""Results as lines, tables, JSON and HTML. No I/O."""
