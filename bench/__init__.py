"""Benchmarks of ticketctl against the limits of this machine: `python -m bench` (or `make bench`)."""
