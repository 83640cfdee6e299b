"""What changes two tickets at once, and the way back."""
