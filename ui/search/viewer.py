"""One image, large: what is known of it, why it is here, and what looks like it or a part of it.

Which one is shown stands in the page's address, so that the back button closes it.
"""

import base64
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st
from PIL import Image
from streamlit.components.v2 import component

from engine import ImageError, ImageRecord, Query, QueryError, ResultPage, SearchEngine
from ui import gallery, heat, serving, state
from ui.permissions import may_change
from ui.search import details, feedback, question, tags
from ui.state import Picture, SearchState
from ui.text import code, file_name

_NEIGHBOURS = 12
_PART = "part_of"  # the picture of which a part is to be chosen
_HERE = Path(__file__).parent
_viewer = component(
    "visual_search_viewer",
    html='<div class="viewer"></div>',
    css=(_HERE / "viewer.css").read_text(encoding="utf-8"),
    js="\n".join(
        file.read_text("utf-8") for file in (_HERE.parent / "elements.js", _HERE / "viewer.js")
    ),
)


def open_image(image_id: int) -> None:
    """Show an image of the library when the page is drawn next."""
    asked, _ = state.read()
    state.go(replace(asked, view=image_id))


def open_part(picture: Picture) -> None:
    """Show a picture that is searched with, to choose a part of it."""
    if picture.kind == "like":
        open_image(picture.image_id)
    else:
        st.session_state[_PART] = picture


def show(engine: SearchEngine, asked: SearchState, page: ResultPage | None) -> None:
    """Open the window, if a picture is to be shown.

    Args:
        engine: of the library.
        asked: the search of the page.
        page: its results, if there are any.
    """
    if asked.view is not None and (record := engine.image(asked.view)) is not None:
        window = st.dialog(code(file_name(record.path)), width="large", on_dismiss=_close)
        window(_image)(engine, question.build(asked, engine), record, page)
    elif (picture := st.session_state.get(_PART)) is not None:
        st.dialog("A part of your picture", width="large", on_dismiss=_close)(_example)(
            engine, picture
        )


def _close() -> None:
    st.session_state.pop(_PART, None)
    asked, _ = state.read()
    state.go(replace(asked, view=None))


def _example(engine: SearchEngine, picture: Picture) -> None:
    file = engine.example(picture.name)
    if file is None:
        st.info("This picture is not kept here any more.")
        return
    with Image.open(file) as image:
        width, height = image.size
    content = base64.b64encode(file.read_bytes()).decode("ascii")
    source = f"data:image/png;base64,{content}"
    _picture(engine, file, source, "your picture", (width, height), ())


def _image(
    engine: SearchEngine,
    query: Query,
    record: ImageRecord,
    page: ResultPage | None,
) -> None:
    name = file_name(record.path)
    ids = [hit.id for hit in page.results] if page else []
    words = " ".join(t.text for t in query.terms if t.kind == "text" and t.weight > 0)
    where = bool(words) and st.toggle("Show where the words match", key="viewer_where")
    found = engine.heat_maps(words, [record.id], closely=True).get(record.id) if where else None
    _picture(
        engine,
        record.id,
        serving.large(record.digest),
        name,
        (record.width, record.height),
        ids,
        heat.levels(found) if found else None,
    )
    if found and not found.values.any():
        st.caption("No part of this picture stands out for the words.")
    _actions(engine, query, record)
    left, right = st.columns(2, gap="medium")
    with left:
        known = engine.known([record.id]).get(record.id)
        without = ("tag",) if may_change() else ()  # they stand below, to be changed
        st.markdown(details.facts(record, known, without))
        if may_change():
            tags.of_picture(engine, record.id)
    with right:
        if page and record.id in ids:
            place = ids.index(record.id)
            st.markdown(details.reasons(page.results[place], page.verdict_of(place)))
    _neighbours(engine, record)


def _picture(
    engine: SearchEngine,
    source: int | Path,
    address: str,
    name: str,
    size: tuple[int, int],
    ids: Sequence[int],
    levels: list[list[int]] | None = None,
) -> None:
    key = "viewer"

    def search_part() -> None:
        box = st.session_state[key].get("part")
        if not box:
            return
        left, top, right, bottom = (float(edge) for edge in box)
        try:
            example = engine.save_example(engine.region(source, (left, top, right, bottom)))
        except (ImageError, QueryError, OSError) as error:
            st.session_state["picture_problem"] = [str(error)]
            return
        st.session_state.pop(_PART, None)
        asked, _ = state.read()
        whole = _as_picture(source, asked)  # the part takes its place; else it is a new search
        others = asked.without_picture(whole) if whole else state.SearchState()
        state.go(others.with_picture(Picture("example", example)))
        st.rerun()

    def step() -> None:
        if (way := st.session_state[key].get("step")) and source in ids:
            place = (ids.index(int(str(source))) + int(way)) % len(ids)
            open_image(ids[place])
            st.rerun()

    data: dict[str, Any] = {
        "src": address,
        "name": name,
        "width": size[0],
        "height": size[1],
        "steps": len(ids) > 1 and source in ids,
    }
    if levels:
        data["heat"] = levels
    _viewer(key=key, data=data, on_part_change=search_part, on_step_change=step)


def _as_picture(source: int | Path, asked: SearchState) -> Picture | None:
    """The picture of a search that a part takes the place of."""
    name = str(source) if isinstance(source, int) else source.stem
    return next((picture for picture in asked.pictures if picture.name == name), None)


def _actions(engine: SearchEngine, query: Query, record: ImageRecord) -> None:
    with st.container(horizontal=True, key="viewer_actions"):
        if query.terms and may_change():
            mark = engine.marks(query).get(record.id, 0)  # a result is as old as the window
            st.button(
                "Liked" if mark > 0 else "Good match",
                key="viewer_up",
                icon=":material/thumb_up:",
                type="primary" if mark > 0 else "secondary",
                on_click=feedback.give,
                args=(engine, query, record.id, 1),
            )
            st.button(
                "Hidden" if mark < 0 else "Bad match",
                key="viewer_down",
                icon=":material/thumb_down:",
                type="primary" if mark < 0 else "secondary",
                on_click=feedback.give,
                args=(engine, query, record.id, -1),
            )
        for label, wanted, icon in (
            ("More like this", True, ":material/image_search:"),
            ("Less like this", False, ":material/image_not_supported:"),
        ):
            if st.button(label, key=f"viewer_{'more' if wanted else 'less'}", icon=icon):
                asked, _ = state.read()
                state.go(asked.with_picture(Picture("like", str(record.id), wanted)))
                st.rerun()
        original = Path(record.path)
        if original.exists():
            st.download_button(
                "Original",
                original.read_bytes,
                file_name(record.path),
                key="viewer_original",
                icon=":material/download:",
                on_click="ignore",
            )


def _neighbours(engine: SearchEngine, record: ImageRecord) -> None:
    page = engine.search(Query.like(record.id), limit=_NEIGHBOURS + 1, use_marks=False)
    others = [hit for hit in page.results if hit.id != record.id][:_NEIGHBOURS]
    if not others:
        return
    st.markdown("**Looks like**")

    def act(kind: str, image_id: int) -> None:
        if kind == "open":
            open_image(image_id)
        else:
            asked, _ = state.read()
            state.go(asked.with_picture(Picture("like", str(image_id), kind == "more")))
        st.rerun()

    gallery.show("neighbours", others, act, density="small")
