"""What the map of the library is made of."""
