"""The map: the whole library at a glance, what is alike together."""

from pathlib import Path

import streamlit as st

from engine import Atlas, LibraryError, ModelChangedError, SearchEngine
from ui import pages, resources
from ui.jobs import job_view
from ui.map import map_canvas, map_choice, map_data, map_job
from ui.permissions import may_change
from ui.text import code, count

_SHEET = Path(__file__).with_name("map") / "choice.css"

FEWEST = 10
"""Pictures that are worth a map."""


def show(engine: SearchEngine) -> None:
    """Draw the whole page: the map, or how far it is, or why there is none."""
    st.title("Map", anchor=False)
    st.html(_SHEET)
    images = _images(engine)
    if images < FEWEST:
        _too_few(images)
        return
    try:
        atlas = engine.atlas()
    except ModelChangedError:
        st.rerun()  # which opens the library with its new model
    except LibraryError as error:
        st.error(f"The map cannot be shown: {code(str(error))}", icon=":material/error:")
        return
    if atlas is None and resources.index_job().state.running:
        st.info("The library is being brought up to date. The map is made when that has ended.")
        st.session_state["watched"] = resources.index_job().state.number
        job_view.show()
        return
    _making(engine, has_map=atlas is not None)
    if atlas is not None:
        _explore(engine, atlas)


def _images(engine: SearchEngine) -> int:
    """How many there are, also if another process has just added some."""
    if resources.facts(engine).images < FEWEST:
        resources.forget_facts()
    return resources.facts(engine).images


def _too_few(images: int) -> None:
    with st.container(key="narrow"):
        st.info(
            "Your library is empty."
            if not images
            else f"Your library holds {count(images, 'picture')}, which a glance takes in.",
            icon=":material/map:",
        )
        st.markdown(
            f"From {FEWEST} pictures on, this page lays all of them out: what is alike lies "
            "together, and each group has a name."
        )
        pages.link("", "Add pictures" if not images else "Search, or add pictures")


def _making(engine: SearchEngine, has_map: bool) -> None:
    """The making of a map: begun where there is none, and watched."""
    job = map_job.job()
    state = job.state
    if not (has_map or state.running or state.error):
        job.start(engine)
    if job.state.running:
        _progress(has_map)
    elif state.error and has_map and not state.stopped:
        st.error(f"The map was not made anew: {code(state.error)}", icon=":material/error:")
    elif state.error and not has_map:
        with st.container(key="narrow"):
            if state.stopped:
                st.info("The map is not made yet.", icon=":material/map:")
            else:
                st.error(f"The map was not made: {code(state.error)}", icon=":material/error:")
            st.button(
                "Make the map",
                key="make_map",
                type="primary",
                icon=":material/map:",
                on_click=job.start,
                args=(engine,),
            )


@st.fragment(run_every="500ms")
def _progress(has_map: bool) -> None:
    state = map_job.job().state
    if not state.running:
        st.rerun()
    with st.container(border=True, key="map_job"):
        share = min(state.done / state.total, 1.0) if state.total else 0.0
        st.progress(share, text=f"{state.doing}: {share:.0%}")
        st.caption(
            "The map of before is shown until then."
            if has_map
            else "This is done once, and kept. You can search meanwhile."
        )
        st.button(
            "Stop", key="stop_map", icon=":material/stop_circle:", on_click=map_job.job().stop
        )


@st.fragment
def _explore(engine: SearchEngine, atlas: Atlas) -> None:
    """The map and what is chosen on it; runs alone when something is chosen."""
    with st.container(horizontal=True, vertical_alignment="center", key="map_summary"):
        st.caption(_summary(atlas), width="content")
        if may_change():
            st.button(
                "Make it again",
                key="remake_map",
                icon=":material/refresh:",
                type="tertiary",
                on_click=_remake,
                args=(engine,),
            )
    data = map_data.of(engine, str(resources.facts(engine).library), atlas.stamp, atlas)
    choice = map_canvas.show(atlas, data)
    if choice.like is not None:
        map_choice.more_like(choice.like)
    if choice.ids:
        map_choice.show(engine, choice)


def _remake(engine: SearchEngine) -> None:
    map_job.job().start(engine)
    st.rerun()  # the whole page, which shows how far it is


def _summary(atlas: Atlas) -> str:
    pictures = count(len(atlas.ids), "picture")
    if atlas.is_sample:
        pictures = f"A sample of {pictures} of {atlas.total:,}"
    return f"{pictures} in {count(len(atlas.clusters), 'group')}; what is alike lies together"
