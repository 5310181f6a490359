"""The page shown when library or model cannot be opened: what happened, and what to do."""

import streamlit as st

from engine import (
    AdapterError,
    DeviceError,
    IndexUnavailableError,
    LibraryError,
    ModelError,
    library_folder,
    model_folder,
)
from ui import resources
from ui.text import code


def show(error: LibraryError | ModelError | IndexUnavailableError) -> None:
    """Explain an error at opening, without a traceback."""
    with st.container(key="narrow"):
        st.title(_title(error), anchor=False)
        st.error(code(str(error)), icon=":material/error:")
        st.markdown(_advice(error))
        st.button("Try again", key="try_again", type="primary", icon=":material/refresh:")
        if isinstance(error, DeviceError):
            st.button("Run on the CPU", key="on_cpu", on_click=resources.use_cpu)
        if isinstance(error, AdapterError):
            st.button("Search without it", key="no_adapter", on_click=resources.use_no_adapter)


def _title(error: Exception) -> str:
    if isinstance(error, DeviceError):
        return "The model cannot run there"
    if isinstance(error, AdapterError):
        return "The adapter cannot be used"
    if isinstance(error, ModelError):
        return "The model cannot be used"
    if isinstance(error, LibraryError):
        return "The library cannot be opened"
    return "The search index cannot be used"


def _advice(error: Exception) -> str:
    if isinstance(error, DeviceError):
        return (
            "Where the model runs is said by the environment variable `VISUAL_SEARCH_DEVICE`: "
            "`auto`, `cpu` or `cuda`. On the CPU everything works, only slower."
        )
    if isinstance(error, AdapterError):
        return (
            "Which adapter is used is said by the environment variable `VISUAL_SEARCH_ADAPTER`. "
            "Without one everything works; to fit this model to your pictures, adapt it again."
        )
    if isinstance(error, ModelError):
        return (
            f"The model is read from {code(str(model_folder()))}. Put its files back, or name "
            "another model folder in the environment variable `VISUAL_SEARCH_MODEL` and start "
            "the app again. Your pictures and your library are untouched."
        )
    if isinstance(error, LibraryError):
        return (
            f"The library is kept in {code(str(library_folder()))}. To use another folder, name "
            "it in the environment variable `VISUAL_SEARCH_LIBRARY` and start the app again. "
            "Your pictures are untouched: a library can always be made again from them."
        )
    return "Install what is missing and start the app again."
