"""What rules.yaml says, as values."""
