"""`info`: what is in a library, and what a model is."""

from dataclasses import asdict
from typing import Any

from rich.markup import escape

from engine import (
    LibraryError,
    SearchEngine,
    describe_model,
    has_library,
    library_folder,
    load_encoder,
    model_folder,
)
from engine.cli.application import app
from engine.cli.options import AsJson, Library, Model, Processor, no_library
from engine.cli.printing import (
    err,
    print_facts,
    print_json,
    print_model,
    printable,
    recall_text,
)


@app.command()
def info(
    library: Library = None,
    model: Model = None,
    device: Processor = None,
    as_json: AsJson = False,
) -> None:
    """Show what is in the library and which files were skipped; with --model, also the model."""
    folder = library_folder(library)
    there = has_library(folder)
    model_alone = model is not None and library is None
    if not there and not model_alone:
        raise no_library(folder)
    encoder = load_encoder(model_folder(model, folder), device)
    facts: dict[str, Any] = {}
    if there:
        try:
            with SearchEngine.with_encoder(encoder, library) as engine:
                known = engine.info()
                facts = {**asdict(known), "disk_bytes": engine.disk_bytes()}
                if not as_json:
                    facts["tuning"] = recall_text(known)
        except LibraryError as error:
            if not model_alone:
                raise
            err.print(
                f"[dim]no library of this model is shown: {escape(printable(str(error)))}[/dim]"
            )
    about = describe_model(encoder) if model is not None else None
    if as_json:
        print_json({**facts, "model_info": asdict(about)} if about else facts)
        return
    if facts:
        print_facts(facts)
    if about:
        print_model(about)
