"""The demonstration: its story and its mails; may import present, usecases, content, ports, domain, errors."""
