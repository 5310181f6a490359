"""Tables to take along, as spreadsheets read them."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8; bytes of file names that are no text are kept. No text is taken for a formula."""
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerows([_harmless(value) for value in row] for row in (heading, *rows))
    return stream.getvalue().encode("utf-8", "surrogateescape")


def _harmless(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula else value
