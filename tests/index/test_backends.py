import subprocess
import sys

import numpy as np
import pytest
from vs_vectors import DIM

from engine.index import BACKENDS, IndexUnavailableError

PACKAGES = {
    "hnsw": "hnswlib",
    "faiss": "faiss",
    "faiss-ivfpq": "faiss",
    "annoy": "annoy",
    "usearch": "usearch",
    "milvus": "pymilvus",
}


def test_every_backend_is_known_by_its_own_name() -> None:
    assert set(BACKENDS) == {"flat", *PACKAGES}
    assert all(index.backend == name for name, index in BACKENDS.items())


def test_all_but_the_exact_one_can_be_told_how_far_to_look() -> None:
    assert [name for name, index in BACKENDS.items() if not index.EFFORTS] == ["flat"]


@pytest.mark.parametrize(("backend", "package"), PACKAGES.items())
def test_a_missing_package_is_named_with_what_to_do(
    backend: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    if package == "usearch":
        monkeypatch.setitem(sys.modules, "usearch.index", None)
    with pytest.raises(IndexUnavailableError, match=rf"{package}.*install"):
        BACKENDS[backend](DIM)


def test_the_packages_are_not_imported_before_they_are_used() -> None:
    code = "import sys, engine.index; print([p for p in sys.argv[1:] if p in sys.modules])"
    names = [*PACKAGES.values(), "milvus_lite"]
    done = subprocess.run(
        [sys.executable, "-c", code, *names], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_flat_works_without_any_of_them() -> None:
    index = BACKENDS["flat"](2)
    index.add(np.array([7]), np.ones((1, 2), dtype=np.float32))
    assert index.search(np.ones((1, 2), dtype=np.float32), 1)[0].tolist() == [[7]]
