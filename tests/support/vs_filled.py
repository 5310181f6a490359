"""A library of images of which all that is known is made up; there are no files."""

from vs_known import Known

from engine.library import Library
from engine.library.known.details import Details


def fill(library: Library, images: list[Known]) -> None:
    """Put images into an empty library, ids from 1 in their order."""
    catalogue = library.catalogue
    catalogue.apply(removed=[record.id for record in catalogue.records()])
    digests = [f"{place:064x}" for place in range(len(images))]
    rows = [
        {
            "path": one.path,
            "digest": digest,
            "size": one.size,
            "mtime_ns": one.mtime_ns,
            "width": one.width,
            "height": one.height,
            "vector_row": place,
        }
        for place, (one, digest) in enumerate(zip(images, digests, strict=True))
    ]
    catalogue.apply(added=rows)
    known = zip(digests, images, strict=True)
    library.details.add({digest: Details(one.facts, one.colours) for digest, one in known})
    ids = {record.path: record.id for record in catalogue.records()}
    library.attributes.put({ids[one.path]: one.columns for one in images if one.columns})
