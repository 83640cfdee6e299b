"""The audit log in files: `data/audit.jsonl`, which only grows, and the sealed file of its head; may import content,
ports, domain, errors."""
