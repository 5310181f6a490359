"""The default model's own networks: made from sizes alone, filled from a checkpoint."""
