"""A person's rights: see, take, correct, restrict and erase what is held of them; may import what usecases may."""
