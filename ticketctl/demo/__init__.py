"""A demonstration: story and player; may import terminal, web, present, usecases,
content, ports, domain, errors."""
