"""What a store, a source and a sink promise: Protocols and their values; may import domain, errors."""
