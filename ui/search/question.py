"""From the state of the page to a question for the engine."""

from dataclasses import replace

from engine import Query, SearchEngine
from ui.state import Picture, SearchState


def known(state: SearchState, engine: SearchEngine) -> tuple[SearchState, list[str]]:
    """The state without pictures that are not there (any more), and what to say about them."""
    problems: list[str] = []
    kept: list[Picture] = []
    for picture in state.pictures:
        if picture.kind == "like" and engine.image(picture.image_id) is None:
            problems.append(
                f"Picture {picture.name} is not in this library, or not any more: it is left out."
            )
        elif picture.kind == "example" and engine.example(picture.name) is None:
            problems.append(
                "The example picture of this address is not kept here: "
                "choose the picture again to search with it."
            )
        else:
            kept.append(picture)
    if state.view is not None and engine.image(state.view) is None:
        problems.append(f"Picture {state.view} is not in this library, or not any more.")
        state = replace(state, view=None)
    return replace(state, pictures=tuple(kept)), problems


def build(state: SearchState, engine: SearchEngine) -> Query:
    """The query of a state whose pictures are known; the weights of its wishes add up to 1."""
    wanted = sum(picture.wanted for picture in state.pictures)
    query = engine.parse(state.text)
    total = sum(term.weight for term in query.terms if term.weight > 0)
    if total:
        query = query.weighted((1 - state.weight if wanted else 1.0) / total)
    each = (state.weight if total else 1.0) / max(wanted, 1)
    for picture in state.pictures:
        weight = each if picture.wanted else -1.0
        if picture.kind == "like":
            query = query.and_like(picture.image_id, weight)
        elif (file := engine.example(picture.name)) is not None:
            query = query.and_image(file, weight)
    return query
