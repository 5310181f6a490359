"""From the state of the page to a question for the engine."""

from dataclasses import replace

from engine import Query, SearchEngine
from ui.state import SearchState


def known(state: SearchState, engine: SearchEngine) -> tuple[SearchState, list[str]]:
    """The state without pictures that are not there (any more), and what to say about them."""
    problems: list[str] = []
    if state.like is not None and engine.image(state.like) is None:
        problems.append(
            f"Image {state.like} is not in this library, or not any more: it is left out."
        )
        state = replace(state, like=None)
    if state.example and engine.example(state.example) is None:
        problems.append(
            "The example picture of this address is not kept here: "
            "choose the picture again to search with it."
        )
        state = replace(state, example="")
    return state, problems


def build(state: SearchState, engine: SearchEngine) -> Query:
    """The query of a state whose pictures are known; the weights of its wishes add up to 1."""
    pictures = (state.like is not None) + bool(state.example)
    query = engine.parse(state.text)
    total = sum(term.weight for term in query.terms if term.weight > 0)
    if total:
        query = query.weighted((1 - state.weight if pictures else 1.0) / total)
    each = (state.weight if total else 1.0) / max(pictures, 1)
    if state.like is not None:
        query = query.and_like(state.like, each)
    example = engine.example(state.example) if state.example else None
    if example is not None:
        query = query.and_image(example, each)
    for unwanted in state.without.split(","):
        if unwanted.strip():
            query = query.without(unwanted.strip())
    return query
