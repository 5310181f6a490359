"""Why a result is here: where it lies, and what each part of the search adds to its place."""

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from engine import Hit, Known, TermShare
from ui.text import code, code_block, percent, size

_LONGEST = 300  # characters of a fact

_MISSING = (
    ":orange[:material/warning: The original is missing: it was moved, renamed or deleted. "
    "Refresh the library to take that in.]"
)


def show(hit: Hit, known: Known | None, name: str, missing: bool) -> None:
    """A popover about one result; `name` is Markdown."""
    popover = st.popover(
        f"Why this result: {name}", icon=":material/info:", type="tertiary", key=f"why_{hit.id}"
    )
    parts = [code_block(hit.path), _facts(hit), _MISSING if missing else ""]
    parts += [_known(known) if known else "", reasons(hit)]
    popover.markdown("\n\n".join(part for part in parts if part))


def _facts(hit: Hit) -> str:
    facts = [f"{hit.width:,} x {hit.height:,} pixels"]
    try:
        facts.append(size(Path(hit.path).stat().st_size))
    except OSError:
        facts.append("size unknown")
    facts.append(f"image {hit.id}")
    return ", ".join(facts)


def _known(known: Known) -> str:
    """What the camera and imported tables say, as a list (Markdown)."""
    facts = known.facts
    said: list[tuple[str, str]] = []
    if facts.taken is not None:
        said.append(("taken", f"{datetime.fromtimestamp(facts.taken, UTC):%Y-%m-%d %H:%M}"))
    said += [(name, value) for name in ("camera", "lens") if (value := getattr(facts, name))]
    if facts.latitude is not None and facts.longitude is not None:
        said.append(("place", f"{facts.latitude:.5f}, {facts.longitude:.5f}"))
    if known.colours:
        said.append(("colours", ", ".join(colour.name for colour in known.colours[:3])))
    said += [(name, ", ".join(values)) for name, values in known.attributes.items()]
    return "\n".join(f"- {code(name)} {code(_short(value))}" for name, value in said)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def reasons(hit: Hit) -> str:
    """A table of what each term adds to the score that ranks (Markdown)."""
    if not hit.terms:
        return "It passes the filters; the newest come first."
    lines = [f"**match {percent(hit.score)}** | adds to its place", "---|---:"]
    lines += [f"{_what(term)} | {_signed(term.share)}" for term in hit.terms]
    if abs(hit.by_thumbs) >= 0.005:
        lines.append(f"what your thumbs taught | {_signed(hit.by_thumbs)}")
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
