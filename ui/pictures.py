"""A small picture of the library, from its address, with its name for those who do not see it."""

import re

import streamlit as st

from engine import ImageRecord
from ui import serving
from ui.text import file_name

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")  # all that Markdown gives a meaning


def small(image: ImageRecord, place: str) -> None:
    """Draw an image's thumbnail; `place` tells several drawings of it on one page apart."""
    name = _MARKS.sub(r"\\\1", file_name(image.path))
    with st.container(key=f"small_{place}_{image.id}", gap=None):
        st.markdown(f"![{name}]({serving.small(image.digest)})")
