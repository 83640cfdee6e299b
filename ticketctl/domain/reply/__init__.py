"""Help for whoever writes a reply."""
