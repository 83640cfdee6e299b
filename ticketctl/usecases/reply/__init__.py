"""Writing a reply: text, recipients, check, promise, who else writes; may import what usecases may."""
