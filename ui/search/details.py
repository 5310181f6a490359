"""What is known of an image, and why it is among the results."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import NormalDist

from engine import Hit, ImageRecord, Known, TermShare, Verdict
from ui.text import code, code_block, percent, size

_LONGEST = 300  # characters of a fact

_LEAST = 0.005  # of a share that is worth a word

_LIKELY: dict[Verdict, str] = {
    "strong": "Likely a match",
    "weak": "Perhaps a match",
    "none": "Hardly a match",
}
_SURE = "The figure says how far the picture stands out from the rest of your library."

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


def reasons(hit: Hit, verdict: Verdict) -> str:
    """Whether it is likely a match, and how well it fits what was asked for (Markdown)."""
    if not hit.terms:
        return "It passes the filters; the newest come first."
    liked = "You gave it a thumb up." if hit.mark > 0 else ""
    rows = _rows(hit)
    heads = ("asked for", "how this picture fits", "share")
    columns = len(heads) if len(rows) > 1 else 2  # all of it is no news
    table = [" | ".join(row[:columns]) for row in (heads, *rows)]
    table.insert(1, "|".join(("---", "---", "---:")[:columns]))
    sure = f"**{_LIKELY[verdict]}** ({percent(hit.score)})  \n:small[{_SURE}]"
    return "\n\n".join(filter(None, (sure, liked, "\n".join(table))))


def _rows(hit: Hit) -> list[tuple[str, str, str]]:
    """Each term, how well it fits, and its share in the picture's place."""
    fits = zip(hit.terms, _fits(hit.terms), strict=True)
    rows = [(_what(term), words, term.share) for term, words in fits]
    if abs(hit.by_thumbs) >= _LEAST:
        taught = "like what you liked" if hit.by_thumbs > 0 else "like what you hid"
        rows.append(("your thumbs", taught, hit.by_thumbs))
    total = sum(abs(share) for *_, share in rows) or 1.0
    return [(what, words, _signed(share / total)) for what, words, share in rows]


def _signed(share: float) -> str:
    whole = round(100 * share)
    return f"{whole:+d} %" if whole else "0 %"


def _fits(terms: Sequence[TermShare]) -> Iterator[str]:
    """How well a picture fits each term, beside the other pictures of the library."""
    wanted = sum(term.weight for term in terms if term.weight > 0)
    for term in terms:
        if term.weight > 0:
            better = NormalDist().cdf(term.share * wanted / term.weight)
            yield _better_than(better)
        else:
            yield "has some of it" if term.share < -_LEAST else "has nothing of it that stands out"


def _better_than(share: float) -> str:
    """In words, for a share of the library's pictures."""
    if share > 0.9995:
        return "better than nearly all others"
    many = 100 if share <= 0.99 else 1000
    return f"better than about {round(many * share)} of {many:,} others"


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
