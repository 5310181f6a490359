"""What is checked, repaired, tidied and forgotten."""
