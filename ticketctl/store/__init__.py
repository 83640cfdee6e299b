"""The durable store: Protocols (base), memory, tiny (TinyDB), blobs, audit, fs, migrations."""
