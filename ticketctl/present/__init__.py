"""What people see: tables, terminal-safe text, snippets, report pages."""
