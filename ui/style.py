"""The page's look, beyond what the theme in `.streamlit/config.toml` sets."""

from pathlib import Path

import streamlit as st

ICON = Path(__file__).with_name("icon.png")
"""The app's picture in the browser's tab; Streamlit would fetch a named icon from the internet."""

_SHEET = Path(__file__).with_name("style.css")


def apply() -> None:
    """Add the style sheet to the page. Nothing of a user is in it."""
    st.html(_SHEET)
