"""The map itself: a drawing that a person moves, zooms and chooses pictures on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from streamlit.components.v2 import component

from engine import Atlas

_FOLDER = Path(__file__).parent
_PARTS = ("data", "colours", "view", "pictures", "drawing", "page", "pointing", "map")
"""Scripts in the order in which one needs another; together they are one module."""

_MOST_CORNERS = 2_000

_canvas = component(
    "visual_search_map",
    js="\n".join((_FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in _PARTS),
    css=(_FOLDER / "map.css").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Choice:
    """Pictures that were chosen on the map, and one that was pressed.

    Attributes:
        ids: of the chosen pictures.
        name: of the cluster that was chosen; "" for a lasso.
        like: id of the picture that was pressed, to find more like it.
    """

    ids: tuple[int, ...] = ()
    name: str = ""
    like: int | None = None


def show(atlas: Atlas, data: Mapping[str, Any]) -> Choice:
    """Draw the map; returns what is chosen on it. What the browser says is checked."""
    told = _canvas(
        key="map",
        data=dict(data),
        default={"chosen": None},
        on_chosen_change=_nothing,
        on_like_change=_nothing,
    )
    ids, name = chosen(atlas, told.get("chosen"))
    like = told.get("like")
    return Choice(ids, name, like if isinstance(like, int) and like >= 0 else None)


def chosen(atlas: Atlas, said: Any) -> tuple[tuple[int, ...], str]:
    """Ids of what the browser says was chosen, and the name of the cluster, if it is one."""
    if not isinstance(said, Mapping):
        return (), ""
    cluster = said.get("cluster")
    if isinstance(cluster, int) and 0 <= cluster < len(atlas.clusters):
        ids = atlas.ids[atlas.own == cluster]
        return tuple(ids.tolist()), atlas.clusters[cluster].name or "unnamed"
    return tuple(atlas.inside(_polygon(said.get("polygon"))).tolist()), ""


def _polygon(said: Any) -> npt.NDArray[np.float32]:
    """Corners [m, 2]; none if this is no polygon."""
    none = np.zeros((0, 2), dtype=np.float32)
    try:
        corners = np.array(said, dtype=np.float32)
    except (TypeError, ValueError):
        return none
    is_polygon = corners.ndim == 2 and corners.shape[1] == 2 and len(corners) <= _MOST_CORNERS
    return corners if is_polygon and np.isfinite(corners).all() else none


def _nothing() -> None:
    """Streamlit tells of changes only where it has something to call."""
