"""What can be done with the results that a visitor has chosen: take them along, tag them."""

import json
import zipfile
from collections.abc import Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import streamlit as st

from engine import Hit, SearchEngine
from ui import gallery, state
from ui.permissions import may_change
from ui.search import tags
from ui.state import MOST_PICTURES, Picture
from ui.tables import as_csv
from ui.text import count

MOST_BYTES = 500_000_000
"""Of originals in one archive; it passes through the server's memory."""

_FACTS = ("id", "path", "score", "width", "height", "mark")


def show(engine: SearchEngine, key: str, hits: Sequence[Hit], chosen: Sequence[int]) -> None:
    """Draw what can be done with the chosen ones of `hits`, in the gallery `key`; and undone."""
    picked = [hit for hit in hits if hit.id in set(chosen)]
    if not picked and not tags.can_undo():
        return
    with st.container(key="selection", gap=None):
        if picked:
            _actions(engine, key, picked)
        tags.line(engine, "bar")


def _actions(engine: SearchEngine, key: str, picked: Sequence[Hit]) -> None:
    ids = [hit.id for hit in picked]
    with st.container(key="chosen", horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{count(len(picked), 'picture')} chosen**", width="content")
        st.button("Search like these", key="like_these", icon=":material/image_search:",
                  type="tertiary", on_click=_like, args=(ids,))  # fmt: skip
        with st.popover("Export", icon=":material/download:", type="tertiary", key="take"):
            _downloads(engine, picked)
        if may_change():
            with st.popover("Tag", icon=":material/sell:", type="tertiary", key="tag"):
                tags.to_change(engine, ids, partial(gallery.choose_none, key))
        st.button("Clear selection", key="choose_none", icon=":material/close:", type="tertiary",
                  on_click=gallery.choose_none, args=(key,))  # fmt: skip


def _like(ids: Sequence[int]) -> None:
    asked, _ = state.read()
    for image_id in ids[:MOST_PICTURES]:
        asked = asked.with_picture(Picture("like", str(image_id)))
    state.go(asked)
    st.rerun()


def _downloads(engine: SearchEngine, picked: Sequence[Hit]) -> None:
    rows = described(engine, picked)
    st.download_button("List as CSV", lambda: as_csv(*table(rows)), "pictures.csv", "text/csv",
                       key="take_csv", on_click="ignore")  # fmt: skip
    st.download_button("List as JSON", lambda: json.dumps(rows, indent=2), "pictures.json",
                       "application/json", key="take_json", on_click="ignore")  # fmt: skip
    files = [Path(hit.path) for hit in picked if Path(hit.path).is_file()]
    size = sum(file.stat().st_size for file in files)
    if size > MOST_BYTES:
        st.caption(f"The originals are larger than {MOST_BYTES // 1_000_000} MB together.")
    elif files:
        st.download_button("Originals as ZIP", lambda: as_zip(files), "pictures.zip",
                           "application/zip", key="take_zip", on_click="ignore")  # fmt: skip
    if len(files) < len(picked):
        st.caption(f"{count(len(picked) - len(files), 'original')} missing")


def described(engine: SearchEngine, picked: Sequence[Hit]) -> list[dict[str, Any]]:
    """What is known of each hit: facts of its file and place, and its attributes."""
    known = engine.known([hit.id for hit in picked])
    return [
        {
            **{name: getattr(hit, name) for name in _FACTS},
            **{name: "; ".join(v) for name, v in known[hit.id].attributes.items()},
        }
        for hit in picked
        if hit.id in known
    ]


def table(rows: Sequence[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    """All columns that any of the rows has, and the rows with each of them."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return names, [[row.get(name, "") for name in names] for row in rows]


def as_zip(files: Sequence[Path]) -> bytes:
    """An archive of files, with names that differ; those that cannot be read are left out."""
    stream = BytesIO()
    used: set[str] = set()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        for file in files:
            name, number = file.name, 1
            while name.casefold() in used:
                number += 1
                name = f"{file.stem}-{number}{file.suffix}"
            used.add(name.casefold())
            try:
                content = file.read_bytes()
            except OSError:
                continue
            archive.writestr(name.encode("utf-8", "backslashreplace").decode(), content)
    return stream.getvalue()
