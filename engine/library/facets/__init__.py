"""What a library can be filtered by."""
