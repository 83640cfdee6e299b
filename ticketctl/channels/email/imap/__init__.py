"""IMAP: mailboxes as sources, and the folder for sent mail; may import content, ports, domain, errors."""
