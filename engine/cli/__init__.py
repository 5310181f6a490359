"""`python -m engine ...`: one file a command.

Data goes to stdout, messages and progress to stderr. Exit codes: 0 fine, 1 failed, 2 wrong usage.
"""

import sys

from rich.markup import escape

from engine import ImageError, IndexUnavailableError, LibraryError, ModelError, QueryError
from engine.cli import (
    doctor,
    duplicates,
    evaluate,
    import_metadata,
    index,
    info,
    reindex,
    sample,
    search,
    thumbs,
    tune,
    watch,
)
from engine.cli.application import app
from engine.cli.printing import err, printable

__all__ = [
    "app",
    "doctor",
    "duplicates",
    "evaluate",
    "import_metadata",
    "index",
    "info",
    "main",
    "reindex",
    "sample",
    "search",
    "thumbs",
    "tune",
    "watch",
]


def main() -> None:
    """Run the command line; expected failures become one line and exit code 1."""
    failures = (ModelError, LibraryError, QueryError, ImageError, IndexUnavailableError, ValueError)
    try:
        app()
    except failures as error:
        err.print(f"[red]error:[/red] {escape(printable(str(error)))}")
        sys.exit(1)
