"""How well an image fits a query, and what that says."""
