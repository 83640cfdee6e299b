"""Mail and files written anew with each text changed, for masking; may import content, ports, domain, errors."""
