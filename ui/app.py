"""What Streamlit runs for every visitor: page set-up, the engine, and which page to show."""

import streamlit as st

from engine import IndexUnavailableError, LibraryError, ModelError
from ui import (
    evaluate_page,
    failure_page,
    first_run_page,
    library_page,
    map_page,
    pages,
    resources,
    search_page,
    settings_page,
    sign_in,
    state,
    style,
)
from ui.jobs import keeping

st.set_page_config(
    page_title="Visual search",
    page_icon=str(style.ICON),
    layout="wide",
    initial_sidebar_state="collapsed",
)


def search() -> None:
    """Search, or the first steps with an empty library."""
    if empty:
        first_run_page.show(engine)
    else:
        search_page.show(engine)
        keeping.keeper().keep_up(engine)


def chart() -> None:
    """The whole library at a glance."""
    map_page.show(engine)


def library() -> None:
    """What is in the library."""
    library_page.show(engine)


def settings() -> None:
    """How it all works."""
    settings_page.show(engine)


def evaluate() -> None:
    """How good the results are."""
    evaluate_page.show(engine)


every = [
    st.Page(search, title="Search", icon=":material/search:", default=True),
    st.Page(library, title="Library", icon=":material/photo_library:", url_path="library"),
    st.Page(chart, title="Map", icon=":material/map:", url_path="map"),
    st.Page(evaluate, title="Evaluate", icon=":material/analytics:"),
    st.Page(settings, title="Settings", icon=":material/settings:", url_path="settings"),
]
signed_in = sign_in.is_signed_in()
page = st.navigation(every, position="top" if signed_in else "hidden")
pages.remember(every)
if not signed_in:
    sign_in.ask()
    st.stop()
try:
    engine = resources.open_engine()
    empty = resources.is_empty(engine)
except (LibraryError, ModelError, IndexUnavailableError) as error:
    failure_page.show(error)
else:
    pages.row()
    page.run()
    state.on_page(page.url_path)
