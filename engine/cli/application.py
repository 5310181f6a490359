"""The command line itself: what all commands are registered on."""

import logging
from typing import Annotated

import typer
from rich.logging import RichHandler

from engine.cli.printing import err

app = typer.Typer(
    help="Search your own pictures by words, by example, or by both. Offline, on a CPU.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what is going on")] = False,
) -> None:
    """Set up messages."""
    level = logging.INFO if verbose else logging.WARNING
    handler = RichHandler(console=err, show_time=False, show_path=False)
    logging.basicConfig(level=level, format="%(message)s", handlers=[handler])
