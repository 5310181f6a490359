"""What is known of an image, and what each part of the search adds to its place."""

from datetime import UTC, datetime
from pathlib import Path

from engine import Hit, ImageRecord, Known, TermShare
from ui.text import code, code_block, percent, size

_LONGEST = 300  # characters of a fact

_MISSING = (
    ":orange[:material/warning: The original is missing: it was moved, renamed or deleted. "
    "Refresh the library to take that in.]"
)


def facts(image: ImageRecord, known: Known | None) -> str:
    """Where an image lies, and what its file, its camera and imported tables say (Markdown)."""
    said = [f"{image.width:,} x {image.height:,} pixels"]
    try:
        said.append(size(Path(image.path).stat().st_size))
    except OSError:
        said.append("size unknown")
    said.append(f"image {image.id}")
    missing = "" if Path(image.path).exists() else _MISSING
    parts = [code_block(image.path), ", ".join(said), missing, _known(known) if known else ""]
    return "\n\n".join(part for part in parts if part)


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
    if term.kind == "image":
        return "example picture" if term.weight > 0 else "unlike the example picture"
    return f"{'more' if term.weight > 0 else 'less'} like {label}"
