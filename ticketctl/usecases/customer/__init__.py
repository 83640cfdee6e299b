"""What customers do by themselves on the pages of `serve`: forms, help, the page of a ticket; may import what usecases
may."""
