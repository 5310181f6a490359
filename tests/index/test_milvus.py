import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
from vs_vectors import DIM, require, span, unit

from engine.index import IndexUnavailableError
from engine.index.milvus import URI_VARIABLE, MilvusIndex


@pytest.fixture(autouse=True)
def _needs_milvus() -> None:
    require("milvus")


@pytest.fixture
def closed_port() -> int:
    """A port of this machine at which nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def server(closed_port: int, tmp_path: Path) -> Generator[str]:
    """A server in a process of its own, as a cluster is."""
    command = [sys.executable, "-m", "milvus_lite.cmdline", "server"]
    command += ["--data-dir", str(tmp_path / "server"), "--port", str(closed_port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", closed_port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{closed_port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def pictures() -> Generator[MilvusIndex]:
    """Every third is a cat, widths rise with the id."""
    require("milvus")
    index = MilvusIndex(DIM)
    fields = [
        {"path": f"{'cats' if i % 3 == 0 else 'dogs'}/{i}.jpg", "width": i, "album": f"a{i % 2}"}
        for i in range(300)
    ]
    index.add(span(0, 300), unit(300), fields)
    yield index
    index.close()


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ("width >= 250", range(250, 300)),
        ('path like "cats/%"', range(0, 300, 3)),
        ('path like "cats/%" and width < 30', range(0, 30, 3)),
        ('album == "a1" and width < 10', range(1, 10, 2)),
        ("id in [5, 9]", (5, 9)),
        ("width > 1000", ()),
    ],
)
def test_a_filtered_search_finds_the_best_of_those_that_pass(
    pictures: MilvusIndex, where: str, wanted: range
) -> None:
    queries, vectors = unit(3, seed=9), unit(300)
    ids, scores = pictures.search(queries, 5, where)
    assert ids.shape == scores.shape == (3, 5)
    allowed = np.array(wanted, dtype=np.int64)
    for query, row, row_scores in zip(queries, ids, scores, strict=True):
        true = allowed[np.argsort(-(vectors[allowed] @ query))][:5]
        assert row[: len(true)].tolist() == true.tolist()
        assert (row[len(true) :] == -1).all()
        assert row_scores[: len(true)] == pytest.approx(vectors[true] @ query, abs=1e-3)


def test_a_filter_that_is_not_understood_is_quoted(pictures: MilvusIndex) -> None:
    with pytest.raises(ValueError, match=r"the filter 'width >>> 3' cannot be used"):
        pictures.search(unit(1), 3, "width >>> 3")


def test_as_many_fields_as_vectors_are_needed() -> None:
    with pytest.raises(ValueError, match="fields for 1 of 2 vectors"):
        MilvusIndex(DIM).add(span(0, 2), unit(2), [{"width": 1}])


def test_fields_are_kept_by_saving_and_loading(pictures: MilvusIndex, tmp_path: Path) -> None:
    pictures.save(tmp_path)
    loaded = MilvusIndex.load(tmp_path, DIM)
    assert set(loaded.search(unit(1), 300, "width < 4")[0][0].tolist()) == {-1, 0, 1, 2, 3}
    loaded.close()


def test_what_is_saved_can_be_read_while_the_writer_goes_on(tmp_path: Path) -> None:
    """milvus-lite locks its files; a second process reads a copy."""
    writer = MilvusIndex(DIM)
    writer.add(span(0, 20), unit(20))
    writer.save(tmp_path)
    writer.add(span(20, 30), unit(10, seed=2))
    code = (
        "import sys; from pathlib import Path; from engine.index.milvus import MilvusIndex\n"
        f"index = MilvusIndex.load(Path(sys.argv[1]), {DIM}); print(len(index)); index.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["20"]
    assert len(writer) == 30
    writer.close()


def test_a_server_that_does_not_answer_is_named_quickly(
    closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri, started = f"http://127.0.0.1:{closed_port}", time.monotonic()
    with pytest.raises(IndexUnavailableError, match=rf"{uri}: no Milvus server answers"):
        MilvusIndex(DIM, uri)
    monkeypatch.setenv(URI_VARIABLE, uri)
    with pytest.raises(IndexUnavailableError, match=uri):
        MilvusIndex(DIM)
    assert time.monotonic() - started < 20


def test_a_collection_on_a_server_is_kept_changed_and_taken_up_again(
    server: str, tmp_path: Path
) -> None:
    vectors = unit(60)
    index = MilvusIndex(DIM, server)
    index.add(span(0, 50), vectors[:50])
    index.save(tmp_path)
    index.close()
    index = MilvusIndex.load(tmp_path, DIM)
    assert index.search(vectors[:50], 1)[0][:, 0].tolist() == list(range(50))
    index.remove(span(0, 10))
    index.add(span(50, 60), vectors[50:])
    index.save(tmp_path)
    index.close()
    index = MilvusIndex.load(tmp_path, DIM)
    assert sorted(index.search(vectors[:1], 60)[0][0].tolist()) == list(range(10, 60))
    index.close()


def test_a_collection_that_was_never_saved_is_dropped(server: str, tmp_path: Path) -> None:
    from pymilvus import MilvusClient

    client = MilvusClient(server)
    index = MilvusIndex(DIM, server, collection="mine")
    index.add(span(0, 5), unit(5))
    assert client.list_collections() == ["mine"]
    index.close()
    assert client.list_collections() == []
    client.close()


def test_a_collection_that_is_gone_or_was_changed_by_another_is_refused(
    server: str, tmp_path: Path
) -> None:
    from pymilvus import MilvusClient

    index = MilvusIndex(DIM, server, collection="mine")
    index.add(span(0, 5), unit(5))
    index.save(tmp_path)
    index.close()
    client = MilvusClient(server)
    client.delete("mine", ids=[3])
    with pytest.raises(ValueError, match="4 vectors, expected 5"):
        MilvusIndex.load(tmp_path, DIM)
    client.drop_collection("mine")
    with pytest.raises(ValueError, match="the collection mine is missing"):
        MilvusIndex.load(tmp_path, DIM)
    client.close()


def test_vectors_that_came_after_the_save_are_not_taken_up(server: str, tmp_path: Path) -> None:
    """A process was killed: nobody knows any more what it had added."""
    vectors = unit(60)
    index = MilvusIndex(DIM, server)
    index.add(span(0, 50), vectors[:50])
    index.save(tmp_path)
    index.add(span(50, 60), vectors[50:])
    index.remove(span(0, 5))
    index.close()
    index = MilvusIndex.load(tmp_path, DIM)
    assert index.ids().tolist() == list(range(50))
    index.add(span(0, 5), vectors[:5])
    assert sorted(index.search(vectors[:1], 60)[0][0].tolist()) == list(range(50))
    index.close()


def test_a_collection_is_dropped_when_two_newer_ones_were_saved(
    server: str, tmp_path: Path
) -> None:
    from pymilvus import MilvusClient

    for name in ("first", "second", "third"):
        index = MilvusIndex(DIM, server, collection=name)
        index.add(span(0, 5), unit(5))
        index.save(tmp_path / name)
        index.close()
        for older in tmp_path.glob("*/milvus.json"):  # as the library does after a build
            if older.parent.name != name:
                shutil.rmtree(older.parent)
    client = MilvusClient(server)
    assert sorted(client.list_collections()) == ["second", "third"]
    client.close()
