"""`MODEL_CARD.md`: what `model.json` says, for people."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from export.graphs.files import megabytes
from export.markdown import table

CARD = "MODEL_CARD.md"

_TOWERS = {"vision": "pictures", "text": "texts"}
_READING = """\
`one` is the time of one item alone, `batch` that of an item in batches of 32, `peak` the most
memory of a process that holds only this tower. `cosine` compares a vector with its float32 one,
`same ten` is the share of the first ten results that stay the same (the smaller one of text and
picture queries), `hit@k` the share of texts whose own picture is among the first k, each with the
other tower in float32. Taken is the fastest within the bounds, by `one` for texts and by `batch`
for pictures; of equally fast ones (within 10 %, or a millisecond for a text) the smallest, of
equally small ones (10 %) what loses least."""


def write_card(folder: Path, manifest: Mapping[str, Any], readme: str = "") -> None:
    """Write the card of the model folder `folder`.

    Args:
        folder: where `model.json` and its files are.
        manifest: what `model.json` says.
        readme: the source's own card, which is put at the end.
    """
    measured = manifest["measured"]
    parts = [
        f"# {manifest['name']}",
        _about(folder, manifest),
        "## Precisions, measured",
        _setting(measured),
        *[_precisions(tower, measured["precisions"]) for tower in _TOWERS],
        _READING,
        *_windows(manifest),
        "## What was chosen, against float32",
        _loss(measured),
        "## Agreement with the source",
        _parity(measured["parity"]),
        "## How it was made",
        _made(measured),
    ]
    if readme.strip():
        parts += ["## The source's own card", _lower(readme.strip())]
    (folder / CARD).write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _about(folder: Path, manifest: Mapping[str, Any]) -> str:
    graphs = [manifest[part] for part in ("vision", "text", "patches") if part in manifest]
    rows = [
        ("source", f"{manifest['source']}, revision `{manifest['revision']}`"),
        *[(f"licence of the {part}", text) for part, text in manifest["license"].items()],
        ("vectors", f"{manifest['dim']} numbers, of length 1"),
        ("pictures", _pixels(manifest["pixels"])),
        ("texts", _tokens(manifest["tokens"])),
        *[
            (
                f"`{graph['file']}`",
                f"{graph['precision']}, {megabytes(folder / graph['file']):.1f} MB",
            )
            for graph in graphs
        ],
    ]
    return table(("", ""), rows)


def _pixels(rules: Mapping[str, Any]) -> str:
    kind = {
        "crop": "shortest edge scaled, centre cut out",
        "squash": "squashed to it",
        "pad": "longest edge scaled, the rest filled",
    }[rules["resize"]]
    return f"{rules['width']} x {rules['height']}, {kind}, {rules['interpolation']}"


def _tokens(rules: Mapping[str, Any]) -> str:
    fixed = rules["padding"] == "max_length"
    length = "always padded to" if fixed else "up to"
    case = ", lower-cased" if rules["lowercase"] else ""
    prompt = "" if rules["prompt"] == "{}" else f", as `{rules['prompt']}`"
    return f"{length} {rules['context_length']} tokens{case}{prompt}"


def _setting(measured: Mapping[str, Any]) -> str:
    used = measured["calibration"]
    where = "" if measured["device"] == "cpu" else f", device {measured['device']}"
    return (
        f"On {measured['machine']}{where}, with {used['pictures']:,} pictures and "
        f"{used['texts']:,} texts of: {used['name']}. Bounds: at most "
        f"{measured['bounds']['points']:g} percentage point(s) of hit@10, at least "
        f"{measured['bounds']['overlap']:g} of the first ten the same."
    )


def _precisions(tower: str, rows: Sequence[Mapping[str, Any]]) -> str:
    head = ("", "precision", "MB", "one, ms", "batch, ms", "peak, MB", "cosine mean", "worst")
    hits = [name for name in rows[0] if name.startswith("hit@")]
    head = (*head, "same ten", *hits, "within bounds")
    return f"**Tower for {_TOWERS[tower]}**\n\n" + table(
        head, [_line(row, hits) for row in rows if row["tower"] == tower]
    )


def _windows(manifest: Mapping[str, Any]) -> list[str]:
    """What windows are, and how exact; nothing where the model gives none."""
    grid = manifest.get("windows")
    if grid is None:
        return []
    taken = next(
        row
        for row in manifest["measured"]["precisions"]
        if row["tower"] == "vision" and row["chosen"]
    )
    return [
        "## Windows of a picture",
        f"From the same pass a picture gets vectors of {grid['rows']} x {grid['columns']} windows "
        "that overlap. They tell where on the picture a thing is, and which word belongs to which: "
        '"a red shoe and a blue bag" is not "a blue shoe and a red bag". To their float32 ones '
        f"these vectors have a cosine of {taken['window_cosine_mean']:.5f} on average, and of "
        f"{taken['window_cosine_worst']:.5f} at worst; the tables above are about whole pictures.",
    ]


def _line(row: Mapping[str, Any], hits: Sequence[str]) -> tuple[str, ...]:
    kept = f", {row['kept_float']} layers in float" if row["kept_float"] else ""
    return (
        "taken" if row["chosen"] else "",
        f"{row['precision']}{kept}",
        f"{row['megabytes']:.1f}",
        f"{row['ms_one']:.2f}",
        f"{row['ms_batch']:.2f}",
        f"{row['peak_megabytes']:.0f}",
        f"{row['cosine_mean']:.5f}",
        f"{row['cosine_worst']:.5f}",
        f"{row['overlap']:.3f}",
        *(f"{row[name]:.3f}" for name in hits),
        "yes" if row["within_bounds"] else "no",
    )


def _loss(measured: Mapping[str, Any]) -> str:
    loss = measured["loss"]
    before, after = loss["fp32"], loss["chosen"]
    rows = [
        (name, f"{before[name]:.4f}", f"{after[name]:.4f}", f"{_points(before, after, name):+.2f}")
        for name in before
    ]
    shown = [table(("", "float32", "chosen", "points"), rows)] if rows else []
    shown.append(
        f"Of the first ten results {loss['text_overlap']:.3f} stay the same for texts, and "
        f"{loss['image_overlap']:.3f} for pictures."
    )
    if loss["broken"]:
        shown.append(f"**Beyond the bounds, and insisted on**: {'; '.join(loss['broken'])}.")
    return "\n\n".join(shown)


def _points(before: Mapping[str, float], after: Mapping[str, float], name: str) -> float:
    return 100 * (after[name] - before[name])


def _parity(parity: Mapping[str, Any]) -> str:
    rows = [
        (what, *(f"{parity[key][tower]:.1e}" for tower in _TOWERS))
        for key, what in (("tensors", "equal tensors"), ("processors", "each its own processors"))
        if parity.get(key)
    ]
    if not rows:
        return "The source has ready-made graphs and no framework to compare with."
    said = "Largest absolute difference of a component, float32 against the source framework:"
    return f"{said}\n\n{table(('', *_TOWERS.values()), rows)}"


def _made(measured: Mapping[str, Any]) -> str:
    used = ", ".join(f"{name} {number}" for name, number in measured["versions"].items())
    return (
        f"```text\n{measured['command']}\n```\n\n"
        f"Folders are left out of its paths. Made on {measured['date']}, with {used}."
    )


def _lower(markdown: str) -> str:
    """The same text with its headings two levels lower; code blocks are left alone."""
    lines, code = [], False
    for line in markdown.splitlines():
        code ^= line.lstrip().startswith("```")
        lines.append(f"##{line}" if line.startswith("#") and not code else line)
    return "\n".join(lines)
