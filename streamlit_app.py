"""The app: `streamlit run streamlit_app.py`. Page set-up, the engine, and which page to show."""

import streamlit as st

from engine import IndexUnavailableError, LibraryError, ModelError
from ui import failure_page, first_run_page, keeping, resources, search_page, style

st.set_page_config(
    page_title="Visual search",
    page_icon=str(style.ICON),
    layout="wide",
    initial_sidebar_state="collapsed",
)
style.apply()

try:
    engine = resources.open_engine()
    empty = resources.is_empty(engine)
except (LibraryError, ModelError, IndexUnavailableError) as error:
    failure_page.show(error)
else:
    if empty:
        first_run_page.show(engine)
    else:
        search_page.show(engine)
        keeping.keeper().keep_up(engine)
