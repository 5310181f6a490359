"""Bars above a slider: how many images there are of each day, or of each price."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine import Bar
from ui.text import count


def show(label: str, bars: Sequence[Bar], names: Sequence[str], is_chosen: Sequence[bool]) -> None:
    """Draw one bar each; those that are not chosen are pale.

    Args:
        label: what a screen reader says in the place of the picture.
        bars: in order.
        names: of the bars, for the pointer that rests on one.
        is_chosen: whether what a bar stands for passes the filter.
    """
    most = max(bar.count for bar in bars) or 1
    columns = "".join(
        f'<span class="{"chosen" if chosen else "other"}" title="{escape(name)}: '
        f'{count(bar.count, "picture")}"><i style="height:{_height(bar.count, most)}%"></i></span>'
        for bar, name, chosen in zip(bars, names, is_chosen, strict=True)
    )
    # Numbers and dates only: nothing that others have written is ever in it.
    st.html(f'<div class="histogram" role="img" aria-label="{escape(label)}">{columns}</div>')


def _height(number: int, most: int) -> int:
    """Per cent; a single image among thousands can still be seen."""
    return max(round(100 * number / most), 4) if number else 0
