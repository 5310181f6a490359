"""What a run says when the disk or the database stops it."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from engine.library.records import DatabaseDamagedError, DatabaseFailedError, LibraryError


@contextmanager
def explained(folder: Path, kept: str) -> Generator[None]:
    """Turn what stops a run into an error that says what is kept, and how to go on.

    Args:
        folder: of the library.
        kept: in words; to run again helps against everything but damage, which has its own advice.

    Raises:
        LibraryError: the library cannot be written.
        DatabaseDamagedError: its database is damaged.
    """
    try:
        yield
    except OSError as error:
        raise LibraryError(
            f"{folder}: cannot be written: {error.strerror or error}; {kept}"
        ) from error
    except DatabaseDamagedError:
        raise
    except DatabaseFailedError as error:
        raise LibraryError(f"{error}; {kept}") from error
