"""The sections of the page with settings."""
