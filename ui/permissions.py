"""What visitors may do: everything, or, in a public demonstration, look and search."""

import os


def may_change() -> bool:
    """Whether thumbs, tags, folders and settings can be changed from the app."""
    return os.environ.get("VISUAL_SEARCH_READ_ONLY", "").lower() not in ("1", "true", "yes")
