"""The chat on the team's own site: what visitors say and see, who is there; may import what usecases may."""
