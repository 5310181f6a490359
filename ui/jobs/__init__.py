"""Long work that outlives a page, and how it is shown."""
