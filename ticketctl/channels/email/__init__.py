"""Mail as a medium: how it is read, composed, fetched and sent; may import content, ports, domain, errors."""
