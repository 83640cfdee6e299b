"""A ticket and its history."""
