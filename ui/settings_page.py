"""The page with settings: what stays here, what was learnt, and how searches are computed."""

import streamlit as st

from engine import SearchEngine
from ui import model_card, permissions, sign_in
from ui.jobs import job_view
from ui.settings import computing, privacy, thumbs_section


def show(engine: SearchEngine) -> None:
    """All settings, one below the other."""
    with st.container(key="settings", width=860):
        st.title("Settings", anchor=False)
        if not permissions.may_change():
            st.info("This app is read-only: look around; nothing can be changed.")
        job_view.show()
        sign_in.account()
        st.subheader("Privacy", anchor=False)
        privacy.show(engine)
        st.subheader("Thumbs", anchor=False)
        thumbs_section.show(engine)
        st.subheader("How searches are computed", anchor=False)
        computing.show(engine)
        st.subheader("The model", anchor=False)
        model_card.show(engine)
