"""Looking at tickets; changes nothing."""
