"""What is known of one image besides how it looks."""

from collections.abc import Mapping
from dataclasses import dataclass

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


def known_of(library: Library, image_id: int) -> Known | None:
    """What is known of an image; None if there is no such image."""
    record = library.catalogue.records_of([image_id]).get(image_id)
    if record is None:
        return None
    details = library.details.of([record.digest]).get(record.digest)
    attributes = library.attributes.of([image_id]).get(image_id, {})
    if details is None:
        return Known(PhotoFacts(), (), attributes)
    return Known(details.facts, details.colours, attributes)
