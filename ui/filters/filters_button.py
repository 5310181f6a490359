"""The button beside a search that opens and closes the side panel, without a rerun."""

from pathlib import Path

from streamlit.components.v2 import component

_HERE = Path(__file__)
_button = component(
    "visual_search_filters",
    html=_HERE.with_suffix(".html").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


def show(number: int) -> None:
    """Draw it; it says how many filters there are."""
    label = f"Filters ({number})" if number else "Filters"
    _button(key="filters", data={"label": label}, height="content", width="content")
