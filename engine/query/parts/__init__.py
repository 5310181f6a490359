"""What the parts of a picture show."""
