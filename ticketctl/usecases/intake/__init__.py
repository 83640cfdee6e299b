"""Messages that come in: fetch, parse, file on tickets, quarantine; may import what usecases may."""
