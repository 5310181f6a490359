"""`DetailStore`: what the contents of files say of themselves, kept by content."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field

from PIL import Image
from sqlalchemy import Connection, Engine, and_, delete, insert, select

from engine.encoder import Blocks
from engine.library.store.catalogue import note_described
from engine.library.store.database import pieces, writing
from engine.library.store.tables import colours, details, images
from engine.library.store.written import forget_written, keep_written
from engine.metadata import Colour, PhotoFacts, Written, dominant_colours, photo_facts, written
from engine.metadata.colours import family_bits

VERSION = 2
"""Of what is kept of a file; with another one, it is read again when indexing, but for colours."""

_FACTS = (
    details.c.taken,
    details.c.camera,
    details.c.lens,
    details.c.latitude,
    details.c.longitude,
)


@dataclass(frozen=True)
class Details:
    """What a picture says of itself.

    Attributes:
        facts: of the camera.
        colours: dominant ones, the largest share first.
        written: keywords and the like; they are kept as attributes of its images.
    """

    facts: PhotoFacts
    colours: tuple[Colour, ...] = ()
    written: Written = field(default_factory=dict)

    @classmethod
    def of(cls, blocks: Blocks, image: Image.Image | None) -> "Details":
        """Of what stands in a file, and of its picture: upright, RGB, of any size."""
        return cls(
            photo_facts(blocks.exif),
            dominant_colours(image) if image else (),
            written(blocks.xmp, blocks.iptc),
        )


class DetailStore:
    """Details by digest. Every method that writes is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, found: Mapping[str, Details]) -> None:
        """Keep details, in the place of those that were known."""
        digests = list(found)
        with writing(self._engine) as connection:
            note_described(connection)
            for some in pieces(digests):
                _delete(connection, some)
                connection.execute(
                    insert(details), [_details_row(digest, found[digest]) for digest in some]
                )
                if shades := [
                    _colour_row(name, one) for name in some for one in found[name].colours
                ]:
                    connection.execute(insert(colours), shades)
            keep_written(connection, {digest: one.written for digest, one in found.items()})

    def of(self, digests: Iterable[str]) -> dict[str, Details]:
        """Those that are known, without what is `written`."""
        wanted, facts, shades = list(digests), dict[str, PhotoFacts](), dict[str, list[Colour]]()
        with self._engine.connect() as connection:
            for some in pieces(wanted):
                known = select(details.c.digest, *_FACTS).where(details.c.digest.in_(some))
                for digest, *columns in connection.execute(known):
                    facts[digest] = PhotoFacts(*columns)
                found = select(colours).where(colours.c.digest.in_(some))
                for row in connection.execute(found.order_by(colours.c.share.desc())):
                    shade = Colour(row.name, (row.lightness, row.a, row.b), row.share)
                    shades.setdefault(row.digest, []).append(shade)
        return {name: Details(facts[name], tuple(shades.get(name, ()))) for name in facts}

    def missing(self, count: int) -> Iterator[list[tuple[str, str]]]:
        """Contents of images whose details are not known, with a file of each, some at a time."""
        after = ""
        known = and_(details.c.digest == images.c.digest, details.c.version == VERSION)
        unknown = (
            select(images.c.digest, images.c.path)
            .select_from(images.outerjoin(details, known))
            .where(details.c.digest.is_(None))
            .group_by(images.c.digest)
            .order_by(images.c.digest)
            .limit(count)
        )
        while True:
            with self._engine.connect() as connection:
                rows = connection.execute(unknown.where(images.c.digest > after)).all()
            if not rows:
                return
            yield [(digest, path) for digest, path in rows]
            after = rows[-1].digest

    def forget(self, digests: Sequence[str]) -> None:
        """Drop the details of contents that no image has any more."""
        with writing(self._engine) as connection:
            for part in pieces(digests):
                _delete(connection, part)
            forget_written(connection, digests)


def _delete(connection: Connection, digests: Sequence[str]) -> None:
    for table in (details, colours):
        connection.execute(delete(table).where(table.c.digest.in_(digests)))


def _details_row(digest: str, found: Details) -> dict[str, object]:
    values = dict(zip((column.name for column in _FACTS), astuple(found.facts), strict=True))
    families = family_bits(found.colours)
    return {"digest": digest, "version": VERSION, "families": families, **values}


def _colour_row(digest: str, colour: Colour) -> dict[str, object]:
    lightness, a, b = colour.lab
    rest = {"lightness": lightness, "a": a, "b": b}
    return {"digest": digest, "name": colour.name, "share": colour.share, **rest}
