"""`thumbs`: what people have marked, to look at, to take along, and to forget."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from engine import SearchEngine, Taste
from engine.cli.application import app
from engine.cli.options import AsJson, Library, Model, opened
from engine.cli.printing import err, out, print_json, printable


@app.command()
def thumbs(
    export: Annotated[
        Path | None,
        typer.Option("--export", help="Write them to this folder as TREC judgements and topics"),
    ] = None,
    reset: Annotated[
        bool, typer.Option("--reset", help="Take all thumbs of all searches back")
    ] = False,
    reset_taste: Annotated[
        bool,
        typer.Option(
            "--reset-taste", help="Keep the thumbs, but forget what they say of other searches"
        ),
    ] = False,
    library: Library = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """List the searches in words that have thumbs, and what they agree on; export or forget it."""
    with opened(library, model) as engine:
        judged = engine.judgements()
        if export is not None:
            _export(engine, export)
        elif as_json:
            found = [{"query": engine.written(q), "marks": marks} for q, marks in judged]
            print_json({"searches": found, "taste": _as_dict(engine, engine.taste())})
        else:
            for query, marks in judged:
                up = sum(mark > 0 for mark in marks.values())
                text = escape(printable(engine.written(query)))
                out.print(f"{up:>4} up {len(marks) - up:>4} down  {text}")
            _print_taste(engine, engine.taste())
        if reset_taste:
            engine.forget_taste()
            err.print("what thumbs say of other searches is forgotten")
        if reset:
            err.print(f"{engine.clear_all_marks()} thumbs taken back")


def _print_taste(engine: SearchEngine, taste: Taste | None) -> None:
    if taste is None:
        return
    out.print(f"\n{taste.agreeing} of {taste.questions} searches agree; so others show a little")
    said = _as_dict(engine, taste) or {}
    for side in ("more", "less"):
        words, paths = said[side]["words"], said[side]["images"]
        out.print(f"  {side} like: {escape(printable(', '.join([*words, *paths])))}")


def _as_dict(engine: SearchEngine, taste: Taste | None) -> dict[str, Any] | None:
    if taste is None:
        return None
    found = engine.records([*taste.liked_ids, *taste.disliked_ids])
    sides = {"more": (taste.more, taste.liked_ids), "less": (taste.less, taste.disliked_ids)}
    return {
        "questions": taste.questions,
        "agreeing": taste.agreeing,
        **{
            side: {"words": list(words), "images": [found[i].path for i in ids if i in found]}
            for side, (words, ids) in sides.items()
        },
        "direction": [float(value) for value in taste.direction],
    }


def _export(engine: SearchEngine, folder: Path) -> None:
    from engine.evaluation import write_thumbs

    for file in write_thumbs(engine, folder):
        err.print(f"written: {escape(printable(str(file)))}")
