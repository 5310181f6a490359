"""What is known of images besides how they look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.library.known.details import Details
from engine.library.library import Library
from engine.metadata import Colour, PhotoFacts


@dataclass(frozen=True)
class Known:
    """What is known of an image.

    Attributes:
        facts: that the camera wrote.
        colours: dominant ones, the largest share first.
        attributes: imported values by column.
    """

    facts: PhotoFacts
    colours: tuple[Colour, ...]
    attributes: Mapping[str, tuple[str, ...]]


def known_of(library: Library, ids: Sequence[int]) -> dict[int, Known]:
    """What is known of images, by id; unknown ids are left out."""
    records = library.catalogue.records_of(ids)
    details = library.details.of({record.digest for record in records.values()})
    attributes = library.attributes.of(ids)
    unread = Details(PhotoFacts(), ())
    return {
        image_id: Known(own.facts, own.colours, attributes.get(image_id, {}))
        for image_id, record in records.items()
        for own in [details.get(record.digest, unread)]
    }
