"""What rules.yaml says, as values; may import errors."""
