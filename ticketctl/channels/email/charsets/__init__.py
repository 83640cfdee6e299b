"""Bytes of a text to characters, whatever the label says; may import content, ports, domain, errors."""
