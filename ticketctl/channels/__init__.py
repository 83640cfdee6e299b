"""Adapters of mail and of other servers, which translate and transport and know no ticket rule; may import content,
ports, domain, errors."""
