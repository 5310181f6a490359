"""Vectors and filterable fields in Milvus: a local file by milvus-lite, or a cluster."""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from engine.index.base import Ids, IndexUnavailableError, VectorIndex, Vectors
from engine.index.milvus_local import LocalMilvus
from engine.index.sealed import seal, unseal

URI_VARIABLE = "VISUAL_SEARCH_MILVUS"
"""Names the server, as http://host:19530, where the constructor is not given one."""

Fields = Sequence[Mapping[str, Any]]
"""For each vector values to filter by: path, width, height, mtime, or any others."""

_TIMEOUT = 5.0  # seconds to find a server
_MESSAGE_BYTES = 16_000_000  # a quarter of what a server takes
_ROW_BYTES = 2_000  # of fields, at most, in the common case
_IDS_AT_ONCE = 10_000
_QUERIES_AT_ONCE = 256
_MOST_RESULTS = 16_384  # Milvus' own limit
_CHANGED = "milvus.changed"  # beside a saved index whose collection has been changed since
_GRAPH = {"M": 16, "efConstruction": 200}


def _pymilvus() -> Any:
    try:
        import pymilvus
    except ImportError:
        raise IndexUnavailableError(
            "the milvus index needs the packages pymilvus and milvus-lite: "
            "pip install -r requirements-backends.txt"
        ) from None
    return pymilvus


class MilvusIndex(VectorIndex):
    """A collection of a Milvus server, searched by its graph under inner product.

    Without a server the collection is in a working copy of this process, and `save` copies it into
    the index folder. On a server a saved index is the collection itself, and a change counts at
    once: what is loaded is what was saved only after vectors that came later are deleted, and
    others that were changed or removed since are to be added or removed again.
    """

    backend = "milvus"
    persistent = True
    EFFORTS: ClassVar[tuple[int, ...]] = (32, 64, 128, 192, 256, 384, 512, 768, 1024)

    def __init__(
        self, dim: int, uri: str | None = None, collection: str = "", effort: int = 128
    ) -> None:
        """Args:
        dim: width of the vectors.
        uri: of a server; `$VISUAL_SEARCH_MILVUS` if not given. Empty: a local file.
        collection: a name of letters, digits and underscores; a new one if not given.
        effort: candidates that a search keeps.

        Raises:
            IndexUnavailableError: a package is missing, or no server answers.
        """
        super().__init__(dim)
        self.effort = effort
        self._uri = os.environ.get(URI_VARIABLE, "") if uri is None else uri
        self._collection = collection or f"visual_search_{secrets.token_hex(8)}"
        self._ids: Ids = np.zeros(0, dtype=np.int64)
        self._saved_in: Path | None = None
        self._is_kept = False
        self._is_there = False  # the collection
        _pymilvus()
        self._local = None if self._uri else LocalMilvus()
        self._client: Any = self._connected() if self._uri else None  # a local one when needed

    def add(self, ids: Ids, vectors: Vectors, fields: Fields | None = None) -> None:
        """Add or replace, with values to filter by: `fields[i]` belongs to `vectors[i]`.

        Raises:
            ValueError: there are not as many fields as vectors.
        """
        if fields is not None and len(fields) != len(vectors):
            raise ValueError(f"fields for {len(fields)} of {len(vectors)} vectors")
        of_id = dict(zip(np.asarray(ids).tolist(), fields, strict=True)) if fields else {}
        ids, vectors = self._last_of_each(ids, vectors)
        if not len(ids):
            return
        self._begin_change()
        client = self._opened()
        step = max(1, _MESSAGE_BYTES // (4 * self.dim + _ROW_BYTES))
        for first in range(0, len(ids), step):
            some = slice(first, first + step)
            rows = [
                {**of_id.get(one, {}), "id": one, "vector": vector}
                for one, vector in zip(ids[some].tolist(), vectors[some], strict=True)
            ]
            client.upsert(self._collection, rows)
        self._ids = np.concatenate([self._ids[~np.isin(self._ids, ids)], ids])

    def remove(self, ids: Ids) -> None:
        """Forget ids."""
        gone = np.isin(self._ids, ids)
        if not gone.any():
            return
        self._begin_change()
        there = self._ids[gone].tolist()
        for first in range(0, len(there), _IDS_AT_ONCE):
            self._opened().delete(self._collection, ids=there[first : first + _IDS_AT_ONCE])
        self._ids = self._ids[~gone]

    def search(self, queries: Vectors, k: int, where: str = "") -> tuple[Ids, Vectors]:
        """The best of the part of the graph that `effort` lets the search visit.

        Args:
            queries: float32 [m, dim].
            k: how many, up to 16,384 at a time.
            where: a filter expression of Milvus, as `width > 800 and path like "cats/%"`. With it
                there may be fewer results than k; then ids are -1 and scores are -inf.

        Raises:
            ValueError: the filter is not understood, or k is too large.
        """
        queries = self._checked(queries)
        k = max(0, min(k, len(self._ids)))
        if k > _MOST_RESULTS:
            raise ValueError(f"Milvus gives {_MOST_RESULTS:,} results at a time, not {k:,}")
        ids = np.full((len(queries), k), -1, dtype=np.int64)
        scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
        for first in range(0, len(queries) if k else 0, _QUERIES_AT_ONCE):
            found = self._found(queries[first : first + _QUERIES_AT_ONCE], k, where)
            for row, hits in enumerate(found, start=first):
                ids[row, : len(hits)] = [hit["id"] for hit in hits]
                scores[row, : len(hits)] = [hit["distance"] for hit in hits]
        return ids, scores

    def save(self, folder: Path) -> None:
        """Copy the local file, or note which collection it is."""
        header: dict[str, Any] = {"dim": self.dim, "effort": self.effort}
        header |= {"collection": self._collection, "uri": self._uri}
        header["has_collection"] = self._is_there
        writers: dict[str, Any] = {".npy": lambda file: np.save(file, self._ids)}
        if self._is_there:
            self._flush()
        if self._is_there and self._local is not None:
            self._close_client()  # the next call opens it again
            writers[".tar"] = self._local.pack
        now, before = self._superseded(folder) if self._uri else (set[str](), set[str]())
        seal(folder, self.backend, {**header, "before": sorted(now)}, writers)
        for collection in before:
            self._client.drop_collection(collection)
        self._is_kept, self._saved_in = True, folder

    @classmethod
    def load(cls, folder: Path, dim: int) -> Self:
        """Take up the collection, or a working copy of the local file.

        Raises:
            ValueError: the collection is missing or holds another number of vectors.
            IndexUnavailableError: the server does not answer.
        """
        header, files = unseal(folder, cls.backend, dim)
        index = cls(dim, header["uri"], header["collection"], header["effort"])
        try:
            index._ids = np.load(files[".npy"])
            if ".tar" in files and index._local is not None:
                index._local.unpack(files[".tar"])
            if header["has_collection"]:
                index._client = index._client or index._connected()
                index._require_collection((folder / _CHANGED).exists())
        except BaseException:
            index._is_kept = True  # it may still be of use to another process
            index.close()
            raise
        index._is_kept, index._saved_in = True, folder
        return index

    def close(self) -> None:
        """End the connection and a local server; what was never saved is dropped."""
        if self._is_there and self._local is None and not self._is_kept:
            self._client.drop_collection(self._collection)
        self._close_client()
        if self._local is not None:
            self._local.remove()

    def ids(self) -> Ids:
        """All ids."""
        return self._ids.copy()

    def __len__(self) -> int:
        return len(self._ids)

    def _found(self, queries: Vectors, k: int, where: str) -> Any:
        pymilvus = _pymilvus()
        try:
            return self._opened().search(
                self._collection,
                queries,
                filter=where,
                limit=k,
                output_fields=["id"],
                search_params={"metric_type": "IP", "params": {"ef": max(self.effort, k)}},
                consistency_level="Strong",
            )
        except pymilvus.MilvusException as error:
            if where:
                raise ValueError(f"the filter {where!r} cannot be used: {error}") from error
            raise

    def _begin_change(self) -> None:
        """A collection on a server is changed in place: what was saved does not describe it."""
        if self._uri and self._saved_in is not None:
            if self._saved_in.is_dir():
                (self._saved_in / _CHANGED).touch()
            self._saved_in = None

    def _opened(self) -> Any:
        """A client, with the collection made and loaded."""
        if self._client is None:
            self._client = self._connected()
            if self._is_there:
                self._client.load_collection(self._collection)
        if not self._is_there:
            if not self._client.has_collection(self._collection):
                self._create()
            self._is_there = True
        return self._client

    def _connected(self) -> Any:
        pymilvus = _pymilvus()
        uri = self._local.uri if self._local is not None else self._uri
        try:
            return pymilvus.MilvusClient(uri, timeout=_TIMEOUT)
        except pymilvus.MilvusException as error:
            raise IndexUnavailableError(
                f"{uri}: no Milvus server answers there ({error.message}); start it, or name "
                f"another in ${URI_VARIABLE}"
            ) from error

    def _create(self) -> None:
        pymilvus = _pymilvus()
        kind = pymilvus.DataType
        schema = pymilvus.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=True)
        schema.add_field("id", kind.INT64, is_primary=True)
        schema.add_field("vector", kind.FLOAT_VECTOR, dim=self.dim)
        schema.add_field("path", kind.VARCHAR, max_length=4096, nullable=True)
        schema.add_field("width", kind.INT64, nullable=True)
        schema.add_field("height", kind.INT64, nullable=True)
        schema.add_field("mtime", kind.DOUBLE, nullable=True)
        index = self._client.prepare_index_params()
        index.add_index("vector", index_type="HNSW", metric_type="IP", params=_GRAPH)
        self._client.create_collection(
            self._collection, schema=schema, index_params=index, consistency_level="Strong"
        )

    def _require_collection(self, was_changed: bool) -> None:
        where = self._uri or "the saved file"
        if not self._client.has_collection(self._collection):
            raise ValueError(f"{where}: the collection {self._collection} is missing")
        self._is_there = True
        self._client.load_collection(self._collection)
        if was_changed:
            self._delete_strangers()
            return
        answer = self._client.query(
            self._collection, output_fields=["count(*)"], consistency_level="Strong"
        )
        count = int(answer[0]["count(*)"])
        if count != len(self._ids):
            raise ValueError(f"{where}: {count} vectors, expected {len(self._ids)}")

    def _delete_strangers(self) -> None:
        """Vectors that came after the save: nobody else would know of them."""
        rows = self._client.query_iterator(
            self._collection, _IDS_AT_ONCE, output_fields=["id"], consistency_level="Strong"
        )
        strangers: list[int] = []
        while batch := rows.next():
            there = np.array([row["id"] for row in batch], dtype=np.int64)
            strangers += there[~np.isin(there, self._ids)].tolist()
        rows.close()
        for first in range(0, len(strangers), _IDS_AT_ONCE):
            self._client.delete(self._collection, ids=strangers[first : first + _IDS_AT_ONCE])

    def _superseded(self, folder: Path) -> tuple[set[str], set[str]]:
        """Collections of this server that indexes saved beside `folder` use, and used before.

        Those in use now may still be searched by another process, until the next save.
        """
        now, before = set[str](), set[str]()
        for file in folder.parent.glob(f"*/{self.backend}.json"):
            try:
                header = json.loads(file.read_text(encoding="utf-8"))
                if header["uri"] == self._uri:
                    now.add(header["collection"])
                    before.update(header["before"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return now - {self._collection}, before - now - {self._collection}

    def _flush(self) -> None:
        try:
            self._opened().flush(self._collection)
        except _pymilvus().MilvusException as error:
            raise OSError(f"{self._uri or 'milvus-lite'} cannot write: {error.message}") from error

    def _close_client(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
        if self._local is not None:
            self._local.stop()
