"""What stays on this machine, and where."""

import streamlit as st

from engine import SearchEngine
from ui import resources
from ui.text import code

_KEPT = {
    "library.db": "paths, dates and sizes of your pictures; keywords and such from inside them, "
    "tags that you gave, tables that you imported; searches that were saved or have thumbs, and "
    "the thumbs",
    "vectors": "what the model makes of each picture: rows of numbers",
    "thumbnails": "a small copy of each picture",
    "examples": "small copies of pictures that were given to search with",
    "index": "for quick searches; can be made again",
}


def show(engine: SearchEngine) -> None:
    """A statement, and where what is kept."""
    folder = resources.facts(engine).library
    st.markdown(
        "**Nothing leaves this machine.** Model, search and pages run here; no usage is reported, "
        "and nothing is loaded from the internet. A picture is fetched from an address only when "
        "you give that address."
    )
    st.markdown("Your pictures are only read. What is kept besides lies in one folder:")
    st.markdown(code(str(folder)))
    st.markdown("\n".join(f"- `{name}`: {said}" for name, said in _KEPT.items()))
    st.caption("Delete this folder, and nothing is left of all that; your pictures are not in it.")
