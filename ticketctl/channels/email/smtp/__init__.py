"""SMTP: mail is sent; may import content, ports, domain, errors."""
