"""The results as pictures in rows, drawn by a component: thousands of them stay smooth.

Streamlit's own elements cost a browser about a millisecond each, and a picture needs six.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit.components.v2 import component

from engine import HeatMap, Hit, ImageRecord
from ui import heat, serving
from ui.text import file_name

Density = Literal["small", "medium", "large"]
Act = Callable[[str, int], None]
"""Called with what was done (`up`, `down`, `more`, `less`, `open`) and to which image."""

_HERE = Path(__file__).parent
_gallery = component(
    "visual_search_gallery",
    html='<div class="gallery"></div>',
    css=(_HERE / "gallery.css").read_text(encoding="utf-8"),
    js="\n".join((_HERE / name).read_text("utf-8") for name in ("elements.js", "gallery.js")),
)


def show(
    key: str,
    images: Sequence[Hit | ImageRecord],
    act: Act,
    more: Callable[[], None] | None = None,
    can_mark: bool = False,
    density: Density = "medium",
    found: Mapping[int, HeatMap] | None = None,
    lines: Mapping[int, str] | None = None,
) -> list[int]:
    """Draw images; returns the ids of those that the visitor has chosen.

    Args:
        key: of the component, once on a page.
        images: in their order.
        act: what to do when something is done to one.
        more: how to get more of them; None if these are all.
        can_mark: whether thumbs are offered.
        density: how large they are.
        found: where they match, by id.
        lines: what stands between them, by the number of images before it.
    """

    def acted() -> None:
        done = st.session_state[key].get("act")
        if done:
            act(str(done["kind"]), int(done["id"]))

    def wants_more() -> None:
        if more is not None and st.session_state[key].get("more"):
            more()

    result = _gallery(
        key=key,
        data={
            "label": f"{len(images)} pictures",
            "hits": [_as_data(image, (found or {}).get(image.id)) for image in images],
            "lines": [{"after": after, "words": words} for after, words in (lines or {}).items()],
            "hasMore": more is not None,
            "canMark": can_mark,
            "size": density,
            "round": _round(key),
        },
        default={"chosen": None},
        on_chosen_change=lambda: None,
        on_act_change=acted,
        on_more_change=wants_more,
    )
    chosen = result.chosen or {}
    if chosen.get("round") != _round(key):
        return []
    there = {image.id for image in images}
    return [int(image_id) for image_id in chosen["ids"] if int(image_id) in there]


def choose_none(key: str) -> None:
    """Take the choice of a gallery back."""
    st.session_state[f"{key}_round"] = _round(key) + 1


def _round(key: str) -> int:
    return int(st.session_state.get(f"{key}_round", 0))


def _as_data(image: Hit | ImageRecord, found: HeatMap | None) -> dict[str, Any]:
    """What the browser has to know of an image."""
    notes = []
    if not Path(image.path).exists():
        notes.append("original is missing")
    if isinstance(image, Hit) and image.copies:
        notes.append(f"and {image.copies} alike")
    data: dict[str, Any] = {
        "id": image.id,
        "name": file_name(image.path),
        "src": serving.small(image.digest),
        "width": image.width,
        "height": image.height,
        "mark": image.mark if isinstance(image, Hit) else 0,
        "note": ", ".join(notes),
    }
    if found is not None:
        data["heat"] = heat.levels(found)
    return data
