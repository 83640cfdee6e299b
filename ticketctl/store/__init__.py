"""What is kept in data/: tickets, blobs, the audit log, tokens, and the only code that writes there; may import
content, ports, domain, errors."""
