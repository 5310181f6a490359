"""Pictures from the clipboard, or dropped anywhere on the page, as if they were chosen.

Streamlit's file chooser takes neither; a few lines of script hand the file on to it.
"""

from pathlib import Path

from streamlit.components.v2 import component

_SCRIPT = Path(__file__).with_name("paste.js").read_text(encoding="utf-8")
_listener = component("visual_search_paste", js=_SCRIPT)


def listen() -> None:
    """Hand pasted and dropped pictures to the file chooser in the container `example`."""
    _listener(key="paste", height=0)
