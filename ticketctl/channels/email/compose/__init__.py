"""A draft to the bytes of a mail, verified before it is sent; may import content, ports, domain, errors."""
