"""Which model a library's vectors are of, and in which store they are."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from engine.encoder import Manifest
from engine.library.store.vectors import FIRST


@dataclass(frozen=True)
class ModelStamp:
    """A model, as the library remembers it. The names are those in the table `meta`.

    Attributes:
        model: its fingerprint: of all that its vectors depend on.
        model_name: for people.
        model_folder: where it was when it was last used, so that it need not be named again.
        vectors: name of the store with its vectors.
    """

    model: str
    model_name: str
    model_folder: str
    vectors: str = FIRST

    @classmethod
    def of(cls, manifest: Manifest, vectors: str = FIRST) -> "ModelStamp":
        """The stamp of a model that is at hand."""
        folder = str(manifest.folder.absolute())
        return cls(manifest.fingerprint, manifest.name, folder, vectors)

    @classmethod
    def read(cls, facts: Mapping[str, str]) -> "ModelStamp":
        """The stamp among stored facts; libraries of schema 1 know neither folder nor store."""
        return cls(
            facts.get("model", ""),
            facts.get("model_name", ""),
            facts.get("model_folder", ""),
            facts.get("vectors", FIRST),
        )

    def facts(self) -> dict[str, str]:
        """What to store."""
        return asdict(self)

    def text(self) -> str:
        """What to store of a model that is not the one in use; see `other_stamps`."""
        return json.dumps(asdict(self))


PREVIOUS = "previous"
"""Key of the stamp that the library had before it was taken over to the model in use."""

NEXT = "reindex"
"""Key of the stamp of a model that the library is being taken over to."""


NEXT_DONE = "reindex_done"
"""Key of the number of rows that are dealt with in the store of `NEXT`."""


def other_stamps(facts: Mapping[str, str]) -> dict[str, ModelStamp]:
    """Those of `PREVIOUS` and `NEXT` that are there; their stores have the same row numbers."""
    stored = {key: json.loads(facts[key]) for key in (PREVIOUS, NEXT) if facts.get(key)}
    return {key: ModelStamp(**columns) for key, columns in stored.items()}
