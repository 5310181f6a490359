"""`search`: words, example pictures, or both."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from engine import Query, QueryError
from engine.cli.application import app
from engine.cli.options import Adapter, AsJson, Backend, Library, Model, Processor, opened
from engine.cli.printing import err, page_as_dict, print_json, print_page, printable

Box = tuple[float, float, float, float]

_WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
_MANY = 10_000  # images that are noticed in the time of a search


@app.command()
def search(
    text: Annotated[
        str | None,
        typer.Argument(
            help="What to look for: words, without ..., -word, word^2, (a OR b), after:2023, ..."
        ),
    ] = None,
    image: Annotated[
        list[str] | None, typer.Option("--image", help="An example picture: file or http(s) URL")
    ] = None,
    like: Annotated[
        list[int] | None, typer.Option("--like", help="Id of an image of the library")
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(
            "--region",
            metavar="L,T,R,B",
            help="Only this part of each --image and --like: its edges, from 0 to 1",
        ),
    ] = None,
    unlike: Annotated[
        list[int] | None, typer.Option("--unlike", help="Id of an image that is not wanted")
    ] = None,
    unlike_image: Annotated[
        list[str] | None,
        typer.Option("--unlike-image", help="An example of what is not wanted: file or URL"),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="Words for what must not be there")
    ] = None,
    text_weight: Annotated[float, typer.Option("--text-weight", help="Influence of words")] = 1.0,
    image_weight: Annotated[
        float, typer.Option("--image-weight", help="Influence of each example")
    ] = 1.0,
    k: Annotated[int, typer.Option("-k", min=1, max=10_000, help="Number of results")] = 10,
    fold: Annotated[
        bool, typer.Option("--fold", help="Of copies found by duplicates, show the best one")
    ] = False,
    diversity: Annotated[
        float,
        typer.Option("--diversity", min=0.0, max=1.0, help="Keep images apart that look alike"),
    ] = 0.0,
    library: Library = None,
    model: Model = None,
    device: Processor = None,
    backend: Backend = "auto",
    adapter: Adapter = None,
    as_json: AsJson = False,
) -> None:
    """Find images by words, by example pictures, or by both."""
    examples: list[str | int] = [*(image or []), *(like or [])]
    unwanted: list[str | int] = [*(unlike_image or []), *(unlike or [])]
    box = _box(region) if region else None
    if not ((text or "").strip() or examples or unwanted or without):
        raise typer.BadParameter("give words, a filter, --image, --like or --without")
    if box and not examples:
        raise typer.BadParameter("--region is a part of an --image or --like: give one")
    try:
        Query.text("words", text_weight)
        query = _with([] if box else examples, image_weight, Query())
        query = _with(unwanted, -1.0, query)
        for words in without or []:
            query = query.without(words)
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    with opened(library, model, device, backend, adapter=adapter) as engine:
        query = engine.parse(text or "").weighted(text_weight).with_terms(query.terms)
        for example in examples if box else []:
            query = query.and_image(engine.region(example, box or _WHOLE), image_weight)
        page = engine.search(query, limit=k, fold=fold, diversity=diversity)
        advice = engine.advice(query) if page.verdict != "strong" and not as_json else []
        others = [engine.written(one.query) for one in advice]
    if as_json:
        print_json(page_as_dict(query, page))
    else:
        print_page(page)
        for other in others:
            err.print(f"[dim]finds more: {escape(printable(other))}[/dim]")
    if page.pending > _MANY:
        err.print(
            f"[dim]{page.pending} images are not in the index yet and were compared one by one, "
            "which takes longer; python -m engine index brings it up to date[/dim]"
        )


def _with(pictures: Sequence[str | int], weight: float, query: Query) -> Query:
    """Add example pictures: files, addresses, or ids of images of the library."""
    for picture in pictures:
        if isinstance(picture, int):
            query = query.and_like(picture, weight)
        else:
            query = query.and_image(picture, weight)
    return query


def _box(text: str) -> Box:
    """Four numbers with commas between."""
    try:
        left, top, right, bottom = (float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(
            f"--region {text}: give left,top,right,bottom from 0 to 1"
        ) from None
    return left, top, right, bottom
