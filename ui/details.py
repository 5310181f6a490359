"""Why a result is here: where it lies, and what each part of the search adds to its place."""

from pathlib import Path

import streamlit as st

from engine import Hit, TermShare
from ui.text import code, code_block, percent, size

_MISSING = (
    ":orange[:material/warning: The original is missing: it was moved, renamed or deleted. "
    "Refresh the library to take that in.]"
)


def show(hit: Hit, name: str, missing: bool) -> None:
    """A popover about one result; `name` is Markdown."""
    popover = st.popover(
        f"Why this result: {name}", icon=":material/info:", type="tertiary", key=f"why_{hit.id}"
    )
    parts = [code_block(hit.path), _facts(hit), _MISSING if missing else "", reasons(hit)]
    popover.markdown("\n\n".join(part for part in parts if part))


def _facts(hit: Hit) -> str:
    facts = [f"{hit.width:,} x {hit.height:,} pixels"]
    try:
        facts.append(size(Path(hit.path).stat().st_size))
    except OSError:
        facts.append("size unknown")
    facts.append(f"image {hit.id}")
    return ", ".join(facts)


def reasons(hit: Hit) -> str:
    """A table of what each term adds to the score that ranks (Markdown)."""
    lines = [f"**match {percent(hit.score)}** | adds to its place", "---|---:"]
    lines += [f"{_what(term)} | {_signed(term.share)}" for term in hit.terms]
    if hit.mark > 0:
        lines.append("your thumb up | liked")
    table = "\n".join(lines)
    note = "In standard deviations of your library: +1 is better than 5 of 6 pictures."
    return f"{table}\n\n:small[:gray[{note}]]"


def _signed(share: float) -> str:
    return f"{share:+.2f}" if abs(share) >= 0.005 else "0"


def _what(term: TermShare) -> str:
    """A term in words; a `|` would end the table's cell, even in a code span."""
    label = code(term.label.replace("|", "\u00a6"))
    if term.kind == "text":
        return label if term.weight > 0 else f"without {label}"
    return "example picture" if term.kind == "image" else f"more like {label}"
