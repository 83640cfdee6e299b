"""The store in files: TinyDB desk file, archive, index, recovery; may import content, ports, domain, errors."""
