"""From one model to another."""
