"""Looking at tickets, which changes nothing; may import what usecases may."""
