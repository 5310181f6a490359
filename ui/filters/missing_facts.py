"""Why there is no filter by date, or another one than is expected: what pictures do not say."""

import streamlit as st

from engine import Facets
from ui.permissions import may_change

_SAY_WHEN = frozenset(("date", "after", "before", "year", "taken"))
"""Imported columns that are as good as dates of the pictures' own."""


def below_dates(known: Facets) -> None:
    """What the filter by date goes by, where it is not what it seems."""
    if not known.dated:
        st.caption("No picture says when it was taken: these are the times of the files.")


def at_the_end(known: Facets, has_dates: bool) -> None:
    """What appears in the panel as soon as pictures say it.

    Args:
        known: what can be filtered by.
        has_dates: whether there is a filter by date.
    """
    if has_dates or known.dated or _SAY_WHEN & {column.name for column in known.columns}:
        return
    what = "Dates" if known.cameras else "Dates, cameras and lenses"
    said = f"{what} appear here when pictures carry them; none of yours has a date."
    if may_change():
        said += " Years can be imported with a table, on the Library page."
    st.caption(said)
