"""The page's heading, for those who cannot see that they are on it."""

import streamlit as st


def show(title: str = "Visual search") -> None:
    """A heading that only screen readers and search engines meet."""
    with st.container(key="header"):
        st.title(title, anchor=False)
