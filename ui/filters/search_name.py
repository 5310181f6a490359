"""A search in a few words: how it is named in lists, until somebody names it otherwise."""

from ui.state import SearchState

_LONGEST = 60


def name_of(asked: SearchState) -> str:
    """What is asked for, on one line."""
    parts = [asked.text]
    for picture in asked.pictures:
        name = f"image {picture.name}" if picture.kind == "like" else "an example"
        parts.append(f"{'like' if picture.wanted else 'unlike'} {name}")
    name = ", ".join(part for part in parts if part)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}..."
