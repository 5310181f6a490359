"""The page of an empty library: add a folder, or try the sample pictures."""

import streamlit as st

from engine import SearchEngine
from ui import permissions, resources
from ui.jobs import indexing, job_view
from ui.library import folders


def show(engine: SearchEngine) -> None:
    """Welcome, and two ways to begin."""
    with st.container(key="narrow"):
        st.title("Visual search", anchor=False)
        st.markdown(
            "Find your pictures by words, by an example, or by both. Everything stays on this "
            "machine: nothing is sent anywhere, and your pictures are never changed."
        )
        job_view.show()
        if not permissions.may_change():
            st.info("This library is empty, and the app is read-only: come back later.")
        elif not resources.index_job().state.running:
            _choices(engine)


def _choices(engine: SearchEngine) -> None:
    grid = st.grid(2, min_column_width=260, border=True, key="choices")
    with grid.cell():
        st.subheader("Choose a folder", anchor=False)
        folders.form(engine, "first_folder", is_filled_in=True)
    with grid.cell():
        st.subheader("Try the sample library", anchor=False)
        st.markdown(
            f"{indexing.SAMPLE_COUNT} drawn pictures of scenes, products and patterns, "
            "ready in a few seconds."
        )
        if st.button("Draw sample pictures", key="sample", icon=":material/palette:"):
            job_view.start(indexing.draw_sample(engine))
