"""How the model runs, for all who use the app: on which device, and with which adapter."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import streamlit as st

from engine import (
    Device,
    IndexUnavailableError,
    LibraryError,
    ModelError,
    adapter_names,
)
from ui import resources
from ui.text import code

_DEVICES: dict[Device, str] = {
    "auto": "GPU if there is one, else CPU",
    "cpu": "CPU",
    "cuda": "NVIDIA GPU (CUDA)",
}
_T = TypeVar("_T")
_FOR_ALL = "For all who use this app, until it is started again."


def show(model: Path, disabled: bool) -> None:
    """The choices; what cannot be used is explained, and the app goes on as before.

    `model` is the folder of the model.
    """
    _choice(
        "device",
        "The model runs on",
        list(_DEVICES),
        resources.device(),
        resources.change_device,
        lambda device: _DEVICES[device],
        f"{_FOR_ALL} What is really in use stands above, beside the model's name.",
        disabled,
    )
    adapters = adapter_names(model)
    current = resources.adapter()
    if adapters or current:
        _choice(
            "adapter",
            "Fitted to",
            ["", *sorted({*adapters, *([current] if current else [])})],
            current,
            resources.change_adapter,
            lambda name: name or "nothing in particular",
            f"{_FOR_ALL} An adapter turns what words mean towards one kind of pictures.",
            disabled,
        )


def _choice(
    key: str,
    label: str,
    options: Sequence[_T],
    current: _T,
    change: Callable[[_T], None],
    named: Callable[[_T], str],
    help: str,
    disabled: bool,
) -> None:
    asked = st.session_state.pop(f"{key}_asked", False)
    if not asked:  # another visitor may have chosen, or the choice of this one did not work
        st.session_state[key] = current
    chosen = st.selectbox(
        label,
        options,
        format_func=named,
        key=key,
        on_change=_ask,
        args=(key,),
        disabled=disabled,
        help=help,
    )
    if problem := st.session_state.pop(f"{key}_problem", ""):
        st.error(code(problem), icon=":material/memory_alt:")
    if asked:
        try:
            change(chosen)
        except (ModelError, LibraryError, IndexUnavailableError) as error:
            st.session_state[f"{key}_problem"] = str(error)
        st.rerun()


def _ask(key: str) -> None:
    st.session_state[f"{key}_asked"] = True
