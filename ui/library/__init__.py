"""The sections of the library's page."""
