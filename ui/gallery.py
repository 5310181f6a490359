"""The grid of results: every picture whole, in a box of one size, with its match and buttons."""

from io import BytesIO
from pathlib import Path

import streamlit as st
from PIL import Image, ImageOps

from engine import HeatMap, Hit, ImageRecord, Known, Query, ResultPage, SearchEngine
from ui import details, feedback
from ui.heat_overlay import overlaid
from ui.text import code, file_name, percent

_COLUMNS = 6
_LATEST = 18
_NARROWEST = 160  # pixels: two columns on a phone
_KEPT = 1000  # thumbnails in memory, about 25 kB each


def show(engine: SearchEngine, query: Query, page: ResultPage, where: str = "") -> None:
    """Draw the results of a query, and where on them the text `where` matches, if it says any."""
    ids = [hit.id for hit in page.results]
    known = engine.known(ids)
    heat = engine.heat_maps(where, ids) if where else {}
    with st.grid(_COLUMNS, min_column_width=_NARROWEST, gap="small", key="gallery"):
        for hit in page.results:
            with st.container(key=f"hit_{hit.id}", gap="xxsmall"):
                _card(engine, query, hit, known.get(hit.id), heat.get(hit.id))


@st.fragment
def browse(engine: SearchEngine) -> None:
    """Draw the latest images, when nothing is asked for; each leads to those like it."""
    st.caption("Latest in your library")
    with st.grid(_COLUMNS, min_column_width=_NARROWEST, gap="small", key="gallery"):
        for record in engine.latest(_LATEST):
            name = file_name(record.path)
            with st.container(key=f"hit_{record.id}", gap="xxsmall"):
                _picture(engine, record, name)
                st.markdown(code(name))
                with st.container(horizontal=True, key=f"actions_{record.id}"):
                    feedback.more_like(record.id, code(name))


def _card(
    engine: SearchEngine, query: Query, hit: Hit, known: Known | None, heat: HeatMap | None
) -> None:
    """Every element costs the browser time, with 24 cards or more: so few, and no tooltips."""
    name = file_name(hit.path)
    missing = not Path(hit.path).exists()
    _picture(engine, hit, name, heat)
    match = f"**match {percent(hit.score)}**\n\n" if hit.terms else ""
    st.markdown(f"{match}{code(name)}")
    with st.container(horizontal=True, wrap=False, gap="xxsmall", key=f"actions_{hit.id}"):
        if query.terms:
            feedback.thumbs(engine, query, hit, code(name))
        feedback.more_like(hit.id, code(name))
        details.show(hit, known, code(name), missing)
    if missing:
        st.markdown(":small[:orange[:material/warning: original is missing]]")


def _picture(
    engine: SearchEngine, image: Hit | ImageRecord, name: str, heat: HeatMap | None = None
) -> None:
    thumbnail = engine.thumbnail(image.digest, image.path)
    if thumbnail is not None:
        shown = overlaid(thumbnail, heat) if heat else _wide_enough(thumbnail)
        st.image(shown, width="stretch", alt=name)
        return
    with st.container(key=f"nopicture_{image.id}"):
        st.text("no preview")


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _wide_enough(thumbnail: Path) -> bytes:
    """A thumbnail's own JPEG, which Streamlit sends as it is; that of a tiny picture enlarged."""
    content = thumbnail.read_bytes()
    with Image.open(BytesIO(content)) as image:
        if max(image.size) >= _NARROWEST:  # the grid lays out a picture by its own size
            return content
        stream = BytesIO()
        larger = ImageOps.contain(image.convert("RGB"), (_NARROWEST, _NARROWEST))
        larger.save(stream, "JPEG", quality=90)
    return stream.getvalue()
