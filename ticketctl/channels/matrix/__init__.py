"""Matrix: rooms and direct chats with the desk's user (client-server API v1.11); may import ports, domain, errors."""
