"""Use cases that change tickets; may import what usecases may."""
