"""OAuth 2.0 at mail servers: issuer, device and browser login, tokens; may import content, ports, domain, errors."""
