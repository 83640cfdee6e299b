"""Who may come in by a door of its own: the keys of programs; may import what usecases may."""
