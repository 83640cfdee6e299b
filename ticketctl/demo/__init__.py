"""A demonstration: story and player; may import terminal, present, usecases, content, ports, domain, errors."""
