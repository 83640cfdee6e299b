"""Work on rules.yaml itself: its tests, a replay, its snippets; may import what usecases may."""
