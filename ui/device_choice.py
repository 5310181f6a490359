"""Where the model runs: the one setting of the app."""

import streamlit as st

from engine import Device, IndexUnavailableError, LibraryError, ModelError
from ui import resources
from ui.text import code

_NAMES: dict[Device, str] = {
    "auto": "GPU if there is one, else CPU",
    "cpu": "CPU",
    "cuda": "NVIDIA GPU (CUDA)",
}
_KEY, _ASKED, _PROBLEM = "device", "device_asked", "device_problem"


def show(disabled: bool) -> None:
    """The choice; what cannot be used is explained, and the app goes on as before."""
    asked = st.session_state.pop(_ASKED, False)
    if not asked:  # another visitor may have chosen, or the choice of this one did not work
        st.session_state[_KEY] = resources.device()
    chosen = st.selectbox(
        "The model runs on",
        list(_NAMES),
        format_func=lambda device: _NAMES[device],
        key=_KEY,
        on_change=_ask,
        disabled=disabled,
        help="For all who use this app, until it is started again. What is really in use stands "
        "above, beside the model's name.",
    )
    if problem := st.session_state.pop(_PROBLEM, ""):
        st.error(code(problem), icon=":material/memory_alt:")
    if asked:
        try:
            resources.change_device(chosen)
        except (ModelError, LibraryError, IndexUnavailableError) as error:
            st.session_state[_PROBLEM] = str(error)
        st.rerun()


def _ask() -> None:
    st.session_state[_ASKED] = True
