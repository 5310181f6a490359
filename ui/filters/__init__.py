"""The side panel: what a search can be filtered by, and searches to come back to."""
