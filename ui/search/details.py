"""What is known of an image, and why it is among the results."""

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from engine import Hit, ImageRecord, Known, TermShare
from ui.text import code, code_block, percent, size

_LONGEST = 300  # characters of a fact

_SURE = (
    "It says how far the picture stands out from the rest of your library. Where many pictures "
    "fit, none stands out much, and good matches have low figures, too: the order tells more."
)
_MOVED = "+1 alone puts a picture before 5 of 6 others; with a minus, it moves back."

_MISSING = (
    ":orange[:material/warning: The original is missing: it was moved, renamed or deleted. "
    "Refresh the library to take that in.]"
)


def facts(image: ImageRecord, known: Known | None, without: Collection[str] = ()) -> str:
    """Where an image lies, and what its file, its camera and imported tables say (Markdown).

    Args:
        image: of the library.
        known: what is known of it.
        without: columns that are shown elsewhere.
    """
    said = [f"{image.width:,} x {image.height:,} pixels"]
    try:
        said.append(size(Path(image.path).stat().st_size))
    except OSError:
        said.append("size unknown")
    said.append(f"picture {image.id} of the library")
    missing = "" if Path(image.path).exists() else _MISSING
    parts = [
        code_block(image.path),
        ", ".join(said),
        missing,
        _known(known, without) if known else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _known(known: Known, without: Collection[str]) -> str:
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
    columns = known.attributes.items()
    said += [(name, ", ".join(values)) for name, values in columns if name not in without]
    return "\n".join(f"- {code(name)} {code(_short(value))}" for name, value in said)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def reasons(hit: Hit) -> str:
    """How sure the match is, and a table of what moved it up and down (Markdown)."""
    if not hit.terms:
        return "It passes the filters; the newest come first."
    lines = ["what moved it | up or down", "---|---:"]
    lines += [f"{_what(term)} | {_signed(term.share)}" for term in hit.terms]
    if abs(hit.by_thumbs) >= 0.005:
        lines.append(f"what your thumbs taught | {_signed(hit.by_thumbs)}")
    if hit.mark > 0:
        lines.append("your thumb up | liked")
    table = "\n".join(lines)
    sure = f"**How sure this match is: {percent(hit.score)}**  \n:small[{_SURE}]"
    return f"{sure}\n\n{table}\n\n:small[{_MOVED}]"


def _signed(share: float) -> str:
    return f"{share:+.2f}" if abs(share) >= 0.005 else "0"


def _what(term: TermShare) -> str:
    """A term in words; a `|` would end the table's cell, even in a code span."""
    label = code(term.label.replace("|", "\u00a6"))
    if term.kind == "like":
        label = code(f"picture {term.label.removeprefix('image ')}")
    if term.kind == "text":
        return label if term.weight > 0 else f"without {label}"
    if term.kind == "image":
        return "example picture" if term.weight > 0 else "unlike the example picture"
    return f"{'more' if term.weight > 0 else 'less'} like {label}"
