"""What the model in use is: facts, measurements, and the card in its folder."""

from pathlib import Path

import streamlit as st

from engine import ModelInfo, SearchEngine, describe_model
from ui.text import code, printable

_CARDS = ("MODEL_CARD.md", "README.md")
_LONGEST = 100_000  # characters


def show(engine: SearchEngine) -> None:
    """Facts in a list, and the card to unfold."""
    info = describe_model(engine.encoder)
    rows = "\n".join(f"- {name}: {said}" for name, said in facts(info) if said)
    with st.container(key="model_facts"):
        st.markdown(rows)
    if text := card(info.folder):
        with st.expander("Model card", icon=":material/description:"):
            # As text: it comes from whoever made the model.
            st.code(text, language=None, wrap_lines=True, height=480)


def facts(info: ModelInfo) -> list[tuple[str, str]]:
    """What people ask about a model, as Markdown."""
    towers = ", ".join(f"{t.part} {t.precision} ({t.megabytes:.0f} MB)" for t in info.towers)
    licence = ", ".join(f"{part}: {printable(text)}" for part, text in info.licence.items())
    return [
        ("Folder", code(str(info.folder))),
        ("Made from", code(f"{info.source} {info.revision}".strip())),
        ("Licence", code(licence)),
        ("Parts", code(towers)),
        ("Kept of a picture", f"{info.dim} numbers"),
    ]


def card(folder: Path) -> str:
    """The card in a model's folder; "" where there is none that can be read."""
    for name in _CARDS:
        try:
            return (folder / name).read_text(encoding="utf-8", errors="replace")[:_LONGEST]
        except OSError:
            continue
    return ""
