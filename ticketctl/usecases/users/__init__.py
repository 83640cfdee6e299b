"""Who of the team may use the web pages: passwords, second step, sessions; what a page remembers for them; may import
what usecases may."""
