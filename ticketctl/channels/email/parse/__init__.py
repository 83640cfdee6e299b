"""Bytes of a mail to what its sender wrote: MIME tree, headers, bodies; may import content, ports, domain, errors."""
