"""Copies of one picture."""
