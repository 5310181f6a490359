"""What photo programs write into a picture: keywords, title, caption and rating (XMP and IPTC)."""

from collections.abc import Iterable, Iterator, Mapping
from xml.parsers import expat

from engine.metadata.numbers import as_number
from engine.metadata.texts import tidy

Written = Mapping[str, tuple[str, ...]]
"""Texts by column: `tag`, `title`, `caption` and `rating`, those of which something is known."""

_LONGEST = {"tag": 200, "title": 500, "caption": 5_000}  # characters; more is junk
_MOST_TAGS = 500
_MOST_BYTES = 1 << 20
_DEEPEST = 40  # elements within each other; programs need a dozen
_WORST, _BEST = -1, 5  # ratings; 0 is none

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC = "http://purl.org/dc/elements/1.1/"
_COLUMN_OF = {
    f"{_DC} subject": "tag",
    f"{_DC} title": "title",
    f"{_DC} description": "caption",
    "http://ns.adobe.com/xap/1.0/ Rating": "rating",
}
_OF_PICTURE = [f"{_RDF} RDF", f"{_RDF} Description"]  # others are of pictures that went into it
_LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"

_RECORD = 2
_COLUMN_OF_SET = {25: "tag", 5: "title", 120: "caption"}
_HEAD = 5  # bytes before a value: 0x1C, record, data set, two of its length


def written(xmp: bytes, iptc: bytes) -> Written:
    """What both blocks say; XMP counts where they differ, keywords of both.

    Args:
        xmp: an XMP packet; may be empty.
        iptc: an IPTC-IIM block; may be empty.

    Returns:
        Clean texts. What is damaged, too large or makes no sense is unknown.
    """
    said: dict[str, list[str]] = {name: [] for name in _COLUMN_OF.values()} | _of_xmp(xmp)
    for name, texts in _of_iptc(iptc).items():
        said[name] = said[name] + texts if name == "tag" else said[name] or texts
    found = {
        "tag": tuple(_tidied("tag", said["tag"]))[:_MOST_TAGS],
        "title": tuple(_tidied("title", said["title"]))[:1],
        "caption": tuple(_tidied("caption", said["caption"]))[:1],
        "rating": tuple(_ratings(said["rating"]))[:1],
    }
    return {name: texts for name, texts in found.items() if texts}


def _tidied(column: str, texts: Iterable[str]) -> Iterator[str]:
    tidied = (tidy(one, _LONGEST[column]) for one in texts)
    return iter(dict.fromkeys(one for one in tidied if one))


def _ratings(texts: Iterable[str]) -> Iterator[str]:
    for one in texts:
        number = as_number(one)
        if number is not None and _WORST <= number <= _BEST and number != 0:
            yield f"{number:g}"


# -- XMP ---------------------------------------------------------------------------------------


def _of_xmp(packet: bytes) -> dict[str, list[str]]:
    packet = packet.strip(b"\0 \t\r\n")
    if not packet or len(packet) > _MOST_BYTES:
        return {}
    reader = _XmpReader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse  # no packet has one, and no entities without
    try:
        parser.Parse(packet, True)
    except (expat.ExpatError, ValueError, LookupError):  # also of characters unheard of
        return {}
    return reader.found


def _refuse(*_: object) -> None:
    raise ValueError("a document type")


class _XmpReader:
    """Takes the values of some properties as a parser goes through a packet.

    A property is an attribute of an `rdf:Description` or an element in it; its value is the
    element's text, or that of each `rdf:li` in it. Of texts in several languages, the default one
    comes first.
    """

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self._open: list[str] = []
        self._column: str | None = None
        self._within = 0  # elements that are open around the property, and itself
        self._text: list[str] = []
        self._is_default = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._open.append(tag)
        if len(self._open) > _DEEPEST:
            raise ValueError("too deep")
        if self._open[-2:] == _OF_PICTURE:
            for name in attributes.keys() & _COLUMN_OF.keys():
                self._keep(_COLUMN_OF[name], attributes[name])
        if tag in _COLUMN_OF and self._open[-3:-1] == _OF_PICTURE:
            self._column, self._within = _COLUMN_OF[tag], len(self._open)
        self._text = []
        self._is_default = attributes.get(_LANGUAGE, "").casefold() == "x-default"

    def text(self, part: str) -> None:
        """Text, or a part of it."""
        if self._column is not None:
            self._text.append(part)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._column is not None:
            is_property = len(self._open) == self._within
            if is_property or tag == f"{_RDF} li":
                self._keep(self._column, "".join(self._text), self._is_default)
            if is_property:
                self._column = None
        self._text = []
        self._open.pop()

    def _keep(self, column: str, value: str, is_first: bool = False) -> None:
        if value.strip():
            values = self.found.setdefault(column, [])
            values.insert(0 if is_first else len(values), value)


# -- IPTC --------------------------------------------------------------------------------------


def _of_iptc(block: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for record, number, value in _data_sets(block[:_MOST_BYTES]):
        if record == _RECORD and number in _COLUMN_OF_SET:
            found.setdefault(_COLUMN_OF_SET[number], []).append(_decoded(value))
    return found


def _data_sets(block: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Record, number and value of each, up to the first that is damaged or of an odd kind."""
    at = 0
    while at + _HEAD <= len(block) and block[at] == 0x1C:
        length = int.from_bytes(block[at + 3 : at + _HEAD], "big")
        end = at + _HEAD + length
        if length & 0x8000 or end > len(block):
            return
        yield block[at + 1], block[at + 2], block[at + _HEAD : end]
        at = end


def _decoded(value: bytes) -> str:
    """Programs write UTF-8 and do not always say so; of what is none, Latin is the best guess."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")
