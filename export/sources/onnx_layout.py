"""What a folder of ready-made ONNX towers tells, whatever its layout."""

from pathlib import Path
from typing import Any, Protocol

from engine.encoder.manifest import PixelRules, TextRules
from export.errors import ExportError

Sides = tuple[int, int]


class Layout(Protocol):
    """A way to lay out such a folder; modules have these functions."""

    VISION_OUTPUTS: tuple[str, ...]
    TEXT_OUTPUTS: tuple[str, ...]

    def is_laid_out(self, folder: Path) -> bool:
        """Whether a folder looks like this layout, complete or not."""
        ...

    def towers(self, folder: Path) -> tuple[Path, Path]:
        """The float32 graphs for pictures and for texts.

        Raises:
            ExportError: one is not there.
        """
        ...

    def pixels(self, folder: Path, sides: Sides | None) -> PixelRules:
        """The folder's own rules for pictures.

        Args:
            folder: the folder.
            sides: height and width of pictures, where the graph fixes them.

        Raises:
            ExportError: a file or field is missing or says what the engine cannot do.
        """
        ...

    def tokens(self, folder: Path, length: int | None) -> tuple[TextRules, dict[str, Any]]:
        """The folder's own rules for texts, and `tokenizer.json` with all that they say.

        Args:
            folder: the folder.
            length: tokens of a text, where the graph fixes them.

        Raises:
            ExportError: a file or field is missing or says what the engine cannot do.
        """
        ...


def check_files(folder: Path, names: tuple[str, ...]) -> None:
    """Refuse a folder that lacks files.

    Raises:
        ExportError: names all that are missing.
    """
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise ExportError(f"{folder}: missing: {', '.join(missing)}")
