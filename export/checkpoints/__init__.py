"""Checkpoints as they lie on this machine or at the hub: their files, settings and weights."""
