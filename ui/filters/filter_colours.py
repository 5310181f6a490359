"""Colours to choose: a button each, as it looks, and any other one."""

from collections.abc import Sequence

import streamlit as st

from engine import Choice, SearchEngine, swatch
from ui.filters.filter_changes import Field, Filters, change, chosen, with_chosen
from ui.text import count

_FIELD = Field("color")
_PICKED = "f_picked"
_FIRST = "#808080"


def show(engine: SearchEngine, offered: Sequence[Choice], filters: Filters) -> None:
    """Draw the section: families of colours, and those that were typed or picked."""
    asked = [value.casefold() for value in chosen(filters, _FIELD)]
    counts = {choice.value: choice.count for choice in offered}
    shown = [*counts, *(value for value in asked if value not in counts)]
    looks = {value: look for value in shown if (look := swatch(value))}
    st.markdown(":small[Colour]")
    # Names and looks are the engine's own: nothing that others have written is in the sheet.
    rules = (f".st-key-{_key(value)} button {{--swatch: {look}}}" for value, look in looks.items())
    st.html(f"<style>{' '.join(rules)}</style>")
    with st.container(key="swatches", horizontal=True, gap="xsmall", vertical_alignment="center"):
        for value in looks:
            is_chosen = value in asked
            number = f", {count(counts[value], 'picture')}" if value in counts else ""
            st.button(
                f"{value}{', chosen' if is_chosen else ''}{number}",
                key=_key(value),
                help=f"{value}{number}",
                type="primary" if is_chosen else "secondary",
                on_click=_toggle,
                args=(engine, value),
            )
        st.color_picker(
            "Any other colour",
            _FIRST,
            key=_PICKED,
            label_visibility="collapsed",
            help="Any other colour",
            on_change=_picked,
            args=(engine,),
        )


def _key(value: str) -> str:
    return f"f_colour_{value.removeprefix('#')}"


def _toggle(engine: SearchEngine, value: str) -> None:
    def toggled(filters: Filters) -> Filters:
        asked = [one.casefold() for one in chosen(filters, _FIELD)]
        others = [one for one in asked if one != value]
        return with_chosen(filters, _FIELD, others if value in asked else [*asked, value])

    change(engine, toggled)


def _picked(engine: SearchEngine) -> None:
    value = str(st.session_state[_PICKED]).casefold()

    def added(filters: Filters) -> Filters:
        """Beside named colours; in the place of the one that was picked before."""
        named = [one for one in chosen(filters, _FIELD) if not one.startswith("#")]
        return with_chosen(filters, _FIELD, [*named, value])

    change(engine, added)
