"""Images with captions and labels, as people have noted them down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_SHOWN = 60  # characters of a value in a message


@dataclass(frozen=True)
class Entry:
    """What is noted of one image.

    Attributes:
        file: the image.
        captions: texts that describe it, in the order they were given, each once.
        labels: values by the name of their column.
    """

    file: Path
    captions: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Annotations:
    """A data set as it was read.

    Attributes:
        name: for people.
        entries: one for each image.
        left_out: what could not be used, and where it stands.
    """

    name: str
    entries: tuple[Entry, ...]
    left_out: tuple[str, ...] = ()

    def columns(self) -> list[str]:
        """Names of all labels."""
        return sorted({name for entry in self.entries for name in entry.labels})

    def require(self, column: str) -> None:
        """Make sure that there is such a label.

        Raises:
            ValueError: there is none; names those that there are.
        """
        columns = self.columns()
        if column not in columns:
            raise ValueError(
                f"{self.name}: no column {column!r}; there are "
                f"{', '.join(columns) or 'none but captions'}"
            )


class Notes:
    """Puts together what is said of each image in several places, and what is wrong there."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._captions: dict[Path, dict[str, str]] = {}  # to where each stands
        self._labels: dict[Path, dict[str, str]] = {}
        self._first: dict[Path, str] = {}
        self._left_out: list[str] = []

    def add(
        self, file: Path, captions: Iterable[object], labels: Mapping[str, str], place: str
    ) -> None:
        """What stands at `place`, a line of a file say, of an image."""
        if file not in self._first:
            if not file.is_file():
                self.leave_out(place, f"{file}: no such image")
                return
            self._first[file] = place
        for caption in captions:
            self._add_caption(file, caption, place)
        known = self._labels.setdefault(file, {})
        for name, value in labels.items():
            if known.setdefault(name, value) != value:
                self.leave_out(
                    place, f"{file.name}: {name} is {value!r}, but was {known[name]!r} before"
                )

    def leave_out(self, place: str, reason: str) -> None:
        """Tell of what cannot be used."""
        self.tell(f"{place}: {reason}")

    def tell(self, what: str) -> None:
        """Keep a line for whoever wants to know what was left out."""
        self._left_out.append(what)

    def annotations(self) -> Annotations:
        """All that could be used.

        Raises:
            ValueError: that is nothing.
        """
        entries = tuple(
            Entry(file, tuple(self._captions.get(file, {})), self._labels.get(file, {}))
            for file in self._first
        )
        if not entries:
            reasons = "; ".join(self._left_out[:3]) or "it is empty"
            raise ValueError(f"{self._name}: no image can be used: {reasons}")
        return Annotations(self._name, entries, tuple(self._left_out))

    def _add_caption(self, file: Path, caption: object, place: str) -> None:
        if not isinstance(caption, str):
            self.leave_out(place, f"{file.name}: a caption is no text: {shortened(caption)}")
            return
        text = " ".join(caption.split())
        known = self._captions.setdefault(file, {})
        if not text:
            self.leave_out(place, f"{file.name}: a caption is empty")
        elif text in known:
            before = known[text]
            where = "" if before == place else f", as in {before}"
            self.leave_out(place, f"{file.name}: the same caption again{where}: {shortened(text)}")
        else:
            known[text] = place


def content_of(path: Path) -> bytes:
    """The content of a file.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}") from error


def shortened(value: object) -> str:
    """For a message."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
