"""The side panel: what the library can be filtered by, saved searches, and history."""

import streamlit as st

from engine import Facets, SearchEngine
from ui.filters import (
    filter_colours,
    filter_dates,
    filter_widgets,
    filters_button,
    missing_facts,
    saved_panel,
)
from ui.filters.filter_changes import Field, Filters, change, settle
from ui.state import SearchState
from ui.text import count, unit_of

_DATES = {"date", "after", "before"}
_SIZES = (
    ("width", "Width in pixels"),
    ("height", "Height in pixels"),
    ("megapixels", "Megapixels"),
    ("size", "Size of the file in"),
)


def show(engine: SearchEngine, asked: SearchState) -> None:
    """Draw the panel for a search. It keeps nothing of its own: it shows and changes the text."""
    is_refused = settle()
    filters = engine.parse(asked.text).filters
    filters_button.show(len(filters))
    with st.sidebar:
        st.subheader("Filters", anchor=False)
        _passing(engine, filters)
        if is_refused:
            st.warning("This filter does not fit into the search. Remove another one first.")
        _sections(engine, engine.facets(), filters)
        saved_panel.show(engine, asked)


def _passing(engine: SearchEngine, filters: Filters) -> None:
    if not filters:
        st.caption("Only pictures with what you choose here are shown.")
        return
    passing = engine.matching(filters)
    with st.container(horizontal=True, vertical_alignment="center"):
        passes = "passes" if passing == 1 else "pass"
        st.caption(f"{count(passing, 'picture')} {passes}", width="content")
        st.button(
            "Clear all filters",
            key="clear_filters",
            icon=":material/filter_alt_off:",
            type="tertiary",
            on_click=change,
            args=(engine, lambda _: ()),
        )


def _sections(engine: SearchEngine, known: Facets, filters: Filters) -> None:
    columns = {column.name for column in known.columns}  # a filter of its name is the column's
    has_days = known.dates is not None and known.dates.earliest < known.dates.latest
    has_dates = has_days and not columns & _DATES
    if known.dates and has_dates:
        filter_dates.show(engine, known.dates, filters)
        missing_facts.below_dates(known)
    if "color" not in columns:
        filter_colours.show(engine, known.colours, filters)
    offered = (
        ("Folder", "folder", sorted(known.folders, key=lambda choice: choice.value.casefold())),
        ("Camera", "camera", known.cameras),
        ("Lens", "lens", known.lenses),
        ("Orientation", "orientation", known.orientations),
        ("Type of file", "type", known.types),
    )
    for label, name, some in offered:
        if name not in columns:
            filter_widgets.choices(engine, label, Field(name), some, filters)
    _columns(engine, known, filters)
    sizes = [one for one in _SIZES if one[0] in known.numbers and one[0] not in columns]
    if sizes:
        with st.expander("Size", key="f_sizes"):
            for name, label in sizes:
                track = known.numbers[name]
                unit, said = unit_of(track.high) if name == "size" else (1, "")
                said = f"{label} {said}".strip()
                filter_widgets.numbers(engine, said, Field(name), track, filters, unit)
    missing_facts.at_the_end(known, has_dates)


def _columns(engine: SearchEngine, known: Facets, filters: Filters) -> None:
    """What was imported."""
    for column in known.columns:
        field = Field(column.name, is_column=True)
        label = column.name.replace("_", " ").capitalize()
        if column.numbers is not None:
            filter_widgets.numbers(engine, label, field, column.numbers, filters)
        elif column.choices:
            filter_widgets.choices(engine, label, field, column.choices, filters)
        else:
            filter_widgets.text(engine, label, field, filters)
