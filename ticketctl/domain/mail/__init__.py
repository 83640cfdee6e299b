"""What an incoming mail is, and where it belongs."""
