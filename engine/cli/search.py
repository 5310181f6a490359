"""`search`: words, example pictures, or both."""

from typing import Annotated

import typer
from rich.markup import escape

from engine import Query, QueryError
from engine.cli.application import app
from engine.cli.options import Adapter, AsJson, Backend, Library, Model, Processor, opened
from engine.cli.printing import err, page_as_dict, print_json, print_page, printable

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
    try:
        pictures = Query()
        for source in image or []:
            pictures = pictures.and_image(source, image_weight)
        for image_id in like or []:
            pictures = pictures.and_like(image_id, image_weight)
        for words in without or []:
            pictures = pictures.without(words)
        Query.text("words", text_weight)
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    if not ((text or "").strip() or pictures.terms):
        raise typer.BadParameter("give words, a filter, --image, --like or --without")
    with opened(library, model, device, backend, adapter=adapter) as engine:
        query = engine.parse(text or "").weighted(text_weight).with_terms(pictures.terms)
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
