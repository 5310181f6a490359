"""A search in a few words: how it is named in lists, until somebody names it otherwise."""

from ui.state import SearchState

_LONGEST = 60


def name_of(asked: SearchState) -> str:
    """What is asked for, on one line."""
    parts = [asked.text]
    if asked.without:
        parts.append(f"without {asked.without}")
    if asked.like is not None:
        parts.append(f"like image {asked.like}")
    if asked.example:
        parts.append("like an example")
    name = ", ".join(part for part in parts if part)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}..."
