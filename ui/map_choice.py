"""What can be done with the pictures that were chosen on the map."""

import csv
import io
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from engine import Hit, ImageError, ImageRecord, Query, QueryError, SearchEngine
from ui import pages
from ui.map_canvas import Choice
from ui.text import code, count, file_name, percent

_SHOWN = 12
_EXAMPLES = 8  # that a search takes for all that were chosen
_FOUND = 24
_MOST = 2_000  # results looked through for some that were not chosen
_ASKED = "map_asked"
_COLUMNS, _NARROWEST = 6, 120


def show(engine: SearchEngine, choice: Choice) -> None:
    """The chosen pictures, some of them shown, and two things to do with all."""
    with st.container(key="map_choice"):
        with st.container(horizontal=True, vertical_alignment="center"):
            said = f"{count(len(choice.ids), 'picture')} chosen"
            title = f"{said}: {code(choice.name)}" if choice.name else said
            st.markdown(f"**{title}**", width="content")
            if st.button("Search like these", key="map_search", icon=":material/image_search:"):
                st.session_state[_ASKED] = choice.ids
            st.download_button(
                "Export list (CSV)",
                partial(_table, engine, choice.ids),
                "pictures.csv",
                "text/csv",
                key="map_export",
                icon=":material/download:",
                on_click="ignore",
            )
        some = engine.typical(choice.ids, _SHOWN)
        records = engine.records(some)
        _strip(engine, [records[one] for one in some if one in records], "chosen")
        if len(choice.ids) > len(some):
            st.caption(f"The {len(some)} most typical are shown; the buttons take all.")
        if st.session_state.get(_ASKED) == choice.ids:
            _similar(engine, choice.ids)


def more_like(image_id: int) -> None:
    """Leave for the search, with more like one picture."""
    pages.go("", {"like": str(image_id)})


def _similar(engine: SearchEngine, ids: Sequence[int]) -> None:
    """What is like the chosen pictures, and is none of them."""
    examples = engine.typical(ids, _EXAMPLES)
    query = Query()
    for one in examples:
        query = query.and_like(one, 1 / len(examples))
    try:
        page = engine.search(query, limit=min(len(ids) + _FOUND, _MOST))
    except (QueryError, ImageError) as error:
        st.error(f"This search cannot be answered: {code(str(error))}", icon=":material/error:")
        return
    own = set(ids)
    found = [hit for hit in page.results if hit.id not in own][:_FOUND]
    st.subheader("Like these, and not among them", anchor=False)
    if found:
        _strip(engine, found, "found")
    else:
        st.info("There is no other picture in your library.")


def _strip(engine: SearchEngine, pictures: Iterable[ImageRecord | Hit], key: str) -> None:
    with st.grid(_COLUMNS, min_column_width=_NARROWEST, gap="small", key=f"map_{key}"):
        for picture in pictures:
            with st.container(key=f"hit_map_{key}_{picture.id}", gap="xxsmall"):
                _card(engine, picture, key)


def _card(engine: SearchEngine, picture: ImageRecord | Hit, key: str) -> None:
    name = file_name(picture.path)
    thumbnail = engine.thumbnail(picture.digest, picture.path)
    if thumbnail is not None:
        st.image(thumbnail, width="stretch", alt=name)
    else:
        st.text("no preview")
    match = f"**match {percent(picture.score)}**\n\n" if isinstance(picture, Hit) else ""
    st.markdown(f"{match}{code(name)}")
    with st.container(key=f"actions_{key}_{picture.id}"):
        pressed = st.button(
            f"More like this: {code(name)}",
            key=f"map_{key}_more_{picture.id}",
            icon=":material/image_search:",
            type="tertiary",
        )
    if pressed:
        more_like(picture.id)


def _table(engine: SearchEngine, ids: Sequence[int]) -> bytes:
    """Id and path of each picture, as a spreadsheet reads it."""
    records = engine.records(ids)
    stream = io.StringIO(newline="")
    rows = csv.writer(stream)
    rows.writerow(["id", "path"])
    rows.writerows((one, str(Path(records[one].path))) for one in ids if one in records)
    return stream.getvalue().encode("utf-8", errors="backslashreplace")
