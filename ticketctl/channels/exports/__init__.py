"""What other help desks export, read into the shape of our own export; may import domain and channels/email/parse."""
