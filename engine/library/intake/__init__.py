"""How images and tables come in."""
