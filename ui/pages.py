"""Links between the app's pages."""

from collections.abc import Mapping, Sequence

import streamlit as st

_KEY = "pages"


def remember(pages: Sequence[st.Page]) -> None:
    """All pages of the app, for links to them."""
    st.session_state[_KEY] = {page.url_path: page for page in pages}


def link(url_path: str, label: str) -> None:
    """A link to the page at this address; "" is the first one."""
    page = st.session_state.get(_KEY, {}).get(url_path)
    if page is not None:  # a page alone has no others
        st.page_link(page, label=label, icon=page.icon)


def row() -> None:
    """A link to every page, for windows in which Streamlit's own bar hides them in a menu."""
    with st.container(key="page_row", horizontal=True, wrap=False, gap=None):
        for page in st.session_state.get(_KEY, {}).values():
            st.page_link(page, label=page.title, icon=page.icon)


def go(url_path: str, params: Mapping[str, Sequence[str]]) -> None:
    """Leave for the page at this address, with these parameters."""
    page = st.session_state.get(_KEY, {}).get(url_path)
    if page is not None:
        st.switch_page(page, query_params={name: list(values) for name, values in params.items()})
