"""`python -m benchmarks`: prints Markdown for docs/performance.md."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import (
    atlas,
    binding,
    changing,
    facets,
    indexing,
    mixing,
    nothing_found,
    ranking,
    searching,
    tastes,
    thumbs,
    where,
)
from engine import SearchEngine, describe_machine, model_folder
from engine.encoder import Encoder, load
from engine.machine import physical_cores
from engine.sample import write_sample_library

app = typer.Typer(no_args_is_help=True, add_completion=False)
Model = Annotated[Path | None, typer.Option(help="Model folder; the shipped one by default")]


@app.command()
def speed(
    photos: Annotated[
        Path | None, typer.Option(help="Folder to measure on; 1,000 drawn pictures by default")
    ] = None,
    model: Model = None,
) -> None:
    """Times of indexing and searching on this machine."""
    encoder = _load(model)
    with tempfile.TemporaryDirectory() as temporary:
        folder = photos or Path(temporary) / "pictures"
        if photos is None:
            write_sample_library(folder, 1000, seed=5)
        library = Path(temporary) / "library"
        print(indexing.measure(encoder, folder, library), end="\n\n")
        with SearchEngine.with_encoder(encoder, library) as engine:
            print(searching.measure(engine, library))


@app.command()
def rules(
    folder: Annotated[
        Path, typer.Argument(help="Folder with a manifest.jsonl: articleType and baseColour")
    ],
    model: Model = None,
) -> None:
    """What the rule for unwanted terms is worth."""
    print(ranking.measure(folder, _load(model)))


@app.command()
def verdict(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders with a manifest.jsonl that has kinds or captions")
    ],
    model: Model = None,
) -> None:
    """Whether questions that a library cannot answer are told from others."""
    print(nothing_found.measure(folders, _load(model)))


@app.command("map")
def neighbours(
    libraries: Annotated[
        list[Path], typer.Argument(help="Libraries, whose maps are made anew", exists=True)
    ],
) -> None:
    """How well maps keep neighbours together."""
    print(atlas.measure(libraries))


@app.command()
def edits(
    folder: Annotated[
        Path, typer.Argument(help="Folder with a manifest.jsonl: articleType and baseColour")
    ],
    model: Model = None,
) -> None:
    """What an example with an edit finds: like this picture, but in navy."""
    print(changing.measure(folder, _load(model)))


@app.command()
def weights(
    folder: Annotated[Path, typer.Argument(help="Folder with a manifest.jsonl that has captions")],
    model: Model = None,
) -> None:
    """Whether words and a picture of equal weight count the same."""
    print(mixing.measure(folder, _load(model)))


@app.command("binding")
def things_and_colours(
    count: Annotated[int, typer.Option(help="Pairs of pictures of each kind")] = 150,
    model: Model = None,
) -> None:
    """Which of two things has which colour, on drawn pictures."""
    print(binding.measure(_load(model), count))


@app.command("where")
def where_words_match(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders with a manifest.jsonl that has kinds")
    ] = None,
    count: Annotated[int, typer.Option(help="Pictures of each set")] = 200,
    model: Model = None,
) -> None:
    """Whether the map of where the words match marks what they name."""
    print(where.measure(_load(model), count, folders or ()))


@app.command()
def feedback(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders with a manifest.jsonl that has labels")
    ],
    model: Model = None,
) -> None:
    """What thumbs teach, simulated from labels."""
    print(thumbs.measure(folders, _load(model)))


@app.command()
def taste(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders with a manifest.jsonl: kinds and attributes")
    ],
    model: Model = None,
) -> None:
    """What the thumbs of many questions teach about all others, simulated from labels."""
    print(tastes.measure(folders, _load(model)))


@app.command("filters")
def gathering_facets(
    images: Annotated[int, typer.Option(min=1, help="Size of the library")] = 200_000,
    model: Model = None,
) -> None:
    """What a large library can be filtered by, from the database and from the kept file."""
    encoder = _load(model)
    with tempfile.TemporaryDirectory() as temporary:
        print(facets.measure(encoder, Path(temporary), images))


@app.command("painting")
def typing_to_painting(
    library: Annotated[Path, typer.Argument(help="A library folder")],
) -> None:
    """From the key that ends a question to the painted answer, in a real browser."""
    from benchmarks import painting

    print(f"Machine: {describe_machine()}.\n\n{painting.measure(library)}")


@app.command()
def encode(
    checkpoint: Annotated[
        Path | None,
        typer.Argument(help="A CLIP checkpoint; by default the shape of ViT-B/32, random weights"),
    ] = None,
    precision: Annotated[
        list[str] | None, typer.Option(help="Precisions to compare; may be repeated")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write this file")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads; the physical cores")] = None,
) -> None:
    """This engine against transformers with PyTorch. Needs requirements-export.txt."""
    from benchmarks import encoding
    from benchmarks.checkpoint import write_random_clip
    from export.convert import Options, convert

    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        source = checkpoint or write_random_clip(place / "clip")
        models = {}
        for name in precision or ("fp32", "int8-dynamic", "int8-blocks"):
            models[name] = place / name
            convert(str(source), models[name], Options(name, force=True, drawn=40), say=_say)
        report = encoding.measure(source, models, place, threads or physical_cores())
    print(f"Machine: {report.machine}.\n\n{report.as_markdown()}")
    if json_file:
        json_file.write_text(report.as_json(), encoding="utf-8")


@app.command()
def ingest(
    model: Model = None,
    photographs: Annotated[int, typer.Option(help="Files of 12 megapixels")] = 640,
    growth: Annotated[bool, typer.Option(help="Also compare the memory of two folders")] = True,
) -> None:
    """How near indexing comes to what decoding and encoding take."""
    from benchmarks import ingest as indexing_photographs

    with tempfile.TemporaryDirectory() as temporary:
        sizes = (2_000, 20_000) if growth else ()
        place = Path(temporary)
        print(indexing_photographs.measure(_load(model), place, photographs, growth=sizes))


@app.command()
def index(
    large: Annotated[bool, typer.Option("--large", help="Also a million vectors")] = False,
    kind: Annotated[list[str] | None, typer.Option(help="May be repeated; all")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write this file")] = None,
) -> None:
    """All kinds of index on the same vectors. Others than ours need requirements-backends.txt."""
    from benchmarks import index_backends

    sizes = (*index_backends.SIZES, index_backends.LARGE) if large else index_backends.SIZES
    report = index_backends.measure(sizes, kind or (), say=_say)
    print(f"Machine: {describe_machine()}.\n\n{report.as_markdown()}")
    if json_file:
        json_file.write_text(report.as_json(), encoding="utf-8")


@app.command()
def search(
    images: Annotated[int, typer.Option(min=20_000, help="Size of the library")] = 100_000,
    checkpoint: Annotated[
        Path | None,
        typer.Option(help="A CLIP checkpoint [default: random weights in the shape of ViT-B/32]"),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="A model folder; then no PyTorch is needed, nor compared")
    ] = None,
) -> None:
    """A large library of synthetic vectors, from building its index to searching it."""
    from benchmarks import search as searching_large
    from benchmarks.checkpoint import write_random_clip

    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        source = None
        if model is None:
            from export.convert import Options, convert

            source = checkpoint or write_random_clip(place / "clip")
            model = place / "model"
            convert(str(source), model, Options("int8-blocks", force=True, drawn=40), say=_say)
        report = searching_large.measure(place / "library", model, images, source)
    print(f"Machine: {describe_machine()}.\n\n{report}")


def _say(message: str) -> None:
    typer.echo(message, err=True)


def _load(model: Path | None) -> Encoder:
    encoder = load(model_folder(model))
    print(f"Machine: {describe_machine()}. Model: {encoder.manifest.name}.\n")
    return encoder


if __name__ == "__main__":
    app()
