"""What a reader sees, one folder a language."""
