"""What the models learn, and the loop in which they do."""
