"""Changing the model of a library while others search it, and runs that are killed on the way."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import vs_takeover_killer
from vs_command import PROJECT, run_engine
from vs_drawing import write, write_many
from vs_models import variant
from vs_tiny import tiny_model

import engine
from engine import ModelChangedError, Query, SearchEngine
from engine.library import Library, compact
from engine.library.health import compaction
from engine.library.takeover.reindex import BATCH

COUNT = 2 * BATCH + 3
READER = """
import sys, time
from engine import ModelChangedError, SearchEngine
engine, found = SearchEngine.open(sys.argv[1]), set()
print("ready", flush=True)
while True:
    try:
        page = engine.search("red dog", limit=1000)
    except ModelChangedError:
        engine.close()
        engine = SearchEngine.open(sys.argv[1])
        continue
    said = f"{page.model} {len(page.results)} {page.total}"
    if said not in found:
        found.add(said)
        print(said, flush=True)
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "other"
    return tiny_model(folder, name="other", pixels={"mean": [0, 0, 0]})


@pytest.fixture(scope="module")
def indexed(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("indexed")
    write_many(folder / "pictures", COUNT)
    with SearchEngine.open(folder / "library", tiny) as made:
        made.index([folder / "pictures"])
    return folder


@pytest.fixture
def library(indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("VISUAL_SEARCH_MODEL", raising=False)
    return Path(shutil.copytree(indexed / "library", tmp_path / "library"))


@pytest.fixture
def pictures(indexed: Path) -> Path:
    return indexed / "pictures"


def results(library: Path, model: Path | None = None) -> list[tuple[int, float]]:
    with SearchEngine.open(library, model) as opened:
        found = []
        for query in (Query.text("red dog"), Query.text("a beach"), Query.like(4)):
            found += [(hit.id, hit.score) for hit in opened.search(query, limit=1000).results]
        return found


def kill(work: str, point: str, number: int, library: Path, model: Path | str = "") -> None:
    """Work in a process that ends itself there."""
    script = [sys.executable, vs_takeover_killer.__file__]
    command = [*script, work, point, str(number), str(library), str(model)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@contextmanager
def searching(library: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that searches without a pause, and prints what is new to it."""
    command = [sys.executable, "-c", READER, str(library)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], line: str) -> list[str]:
    assert process.stdout is not None
    seen = []
    while line not in seen:
        said = process.stdout.readline().strip()
        assert said, "the searching process has ended"
        seen.append(said)
    return seen


# -- killed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("point", "number", "kept"),
    [
        ("before the vectors", 1, 0),
        ("after the vectors", 2, BATCH),
        ("after the note of a batch", 3, 2 * BATCH),  # the first likewise
        ("after the last vector", 2, COUNT),  # the first is that of the start
        ("before the switch", 1, COUNT),
    ],
)
def test_a_killed_reindex_leaves_the_old_model_and_is_gone_on_with(
    point: str, number: int, kept: int, library: Path, pictures: Path, other: Path, tmp_path: Path
) -> None:
    before = results(library)
    kill("reindex", point, number, library, other)
    assert results(library) == before
    report = engine.reindex(other, library)
    assert (report.kept, report.encoded) == (kept, COUNT - kept)
    with SearchEngine.open(tmp_path / "fresh", other) as fresh:
        fresh.index([pictures])
    assert results(library) == results(tmp_path / "fresh")


def test_a_reindex_killed_after_the_switch_is_done(library: Path, tiny: Path, other: Path) -> None:
    before = results(library)
    kill("reindex", "after the switch", 1, library, other)
    assert engine.reindex(other, library).changed is False
    assert results(library, other) != before
    engine.rollback(library)
    assert results(library) == before


@pytest.mark.parametrize(
    ("point", "number"),
    [("before the vectors", 1), ("after the vectors", 1), ("before the switch", 1)],
)
def test_a_killed_way_back_leaves_the_new_model_and_is_gone_on_with(
    point: str, number: int, library: Path, tiny: Path, other: Path, tmp_path: Path
) -> None:
    engine.reindex(other, library)
    new = write_many(tmp_path / "new", 3, first_seed=500)
    with SearchEngine.open(library) as opened:
        assert opened.index([tmp_path / "new"]).added == 3
    before = results(library)
    kill("rollback", point, number, library)
    assert results(library) == before
    assert engine.rollback(library).model == "tiny"
    with SearchEngine.open(library) as opened:
        assert opened.search(Query.image(new[0]), limit=1).results[0].path == str(new[0])


@pytest.mark.parametrize(
    ("point", "number"),
    [
        ("before a copy", 1),
        ("after a copy", 1),
        ("after a copy", 2),
        ("after the rows moved", 1),
        ("before the new generation", 1),
        ("after the new generation", 1),
        ("before old files go", 1),
        ("between old files", 1),
        ("between old files", 2),
    ],
)
def test_a_killed_compaction_changes_no_result(
    point: str,
    number: int,
    library: Path,
    tiny: Path,
    other: Path,
    pictures: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compaction, "LEAST", 1)
    engine.reindex(other, library)
    drop_every_second(library)
    before = results(library)
    kill("compact", point, number, library)
    assert results(library) == before
    compact(Library(library))
    assert results(library) == before
    with Library(library).writing():  # the next run of any kind clears what was left
        pass
    assert len(list((library / "vectors").glob("*.f16"))) == 2
    assert len(Library(library).vectors) == COUNT // 2
    engine.rollback(library)
    stored = Library(library)
    images = stored.changes.changes()
    with SearchEngine.open(library) as opened:
        for image_id, vector in zip(images.ids, stored.vectors.read(images.rows), strict=True):
            record = opened.image(int(image_id))
            assert record is not None
            assert opened.encoder.encode_images([record.path])[0] @ vector > 0.95


def drop_every_second(library: Path) -> None:
    opened = Library(library)
    opened.catalogue.apply(removed=opened.changes.changes().ids[::2].tolist())
    opened.close()


# -- others that search meanwhile -----------------------------------------------------------------


def test_searches_of_another_process_go_on_through_everything(
    library: Path, tiny: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over there, forward, compaction, and back: never an error, never a part of the images."""
    monkeypatch.setattr(compaction, "LEAST", 1)
    left = COUNT // 2
    with searching(library) as reader:
        seen = read_until(reader, f"tiny {COUNT} {COUNT}")
        engine.reindex(other, library)
        seen += read_until(reader, f"other {COUNT} {COUNT}")
        drop_every_second(library)
        seen += read_until(reader, f"other {left} {left}")
        done = compact(Library(library))
        assert done is not None
        assert done.note == ""
        engine.rollback(library)
        seen += read_until(reader, f"tiny {left} {left}")
        assert reader.poll() is None
    assert len(seen) == 4


def test_a_search_that_is_open_says_that_the_model_has_changed(
    library: Path, tiny: Path, other: Path
) -> None:
    with SearchEngine.open(library) as opened:
        opened.search("red")
        assert not opened.is_outdated()
        engine.reindex(other, library)
        assert opened.is_outdated()
        with pytest.raises(ModelChangedError, match="open it again"):
            opened.search("red")
        with pytest.raises(ModelChangedError):
            opened.index()


def test_indexes_of_both_models_are_there_at_the_change(
    library: Path, tiny: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("hnswlib")
    monkeypatch.setattr("engine.index.mirror.EXACT_BELOW", 10)
    with SearchEngine.open(library) as opened:
        opened.upkeep()
    engine.reindex(other, library)
    folders = sorted((library / "index").iterdir())
    assert len(folders) == 2
    assert all((folder / "current.json").exists() for folder in folders)
    with SearchEngine.open(library) as opened:
        opened.search("red")
        assert (opened.info().index_backend, opened.info().index_pending) == ("hnsw", 0)
    engine.forget_previous(library)
    assert len(list((library / "index").iterdir())) == 1


# -- the command -----------------------------------------------------------------------------


def command(*arguments: str | Path) -> tuple[int, str, str]:
    done = run_engine("reindex", *arguments)
    return done.returncode, done.stdout, done.stderr


def test_the_command_goes_there_and_back(library: Path, tiny: Path, other: Path) -> None:
    before = results(library)
    code, out, _ = command("--model", other, "--library", library, "--json")
    assert code == 0
    assert json.loads(out)["encoded"] == COUNT
    code, out, _ = command("--model", other, "--library", library)
    assert (code, out) == (0, "other is the model in use: nothing to do\n")
    code, out, error = command("--rollback", "--library", library)
    assert (code, error.splitlines()[-1]) == (
        0,
        "the way back: python -m engine reindex --rollback",
    )
    assert out.startswith(f"other -> tiny: 0 contents encoded, {COUNT} had been before")
    assert results(library) == before
    code, out, _ = command("--forget-previous", "--library", library)
    assert "freed" in out
    code, _, error = command("--rollback", "--library", library)
    assert code == 1
    assert "no way back" in error


def test_a_search_without_a_model_named_uses_that_of_the_library(
    library: Path, other: Path
) -> None:
    engine.reindex(other, library)
    done = run_engine("search", "red", "--library", library, "--json")
    assert json.loads(done.stdout)["model"] == "other"


@pytest.mark.parametrize("trouble", ["gone", "another one"])
def test_a_previous_model_that_is_not_there_any_more_is_named(
    trouble: str, library: Path, tiny: Path, other: Path, project: Path, tmp_path: Path
) -> None:
    mine = Path(shutil.copytree(tiny, tmp_path / "mine"))
    results(library, mine)  # the library remembers where its model was last
    engine.reindex(other, library)
    mine.rename(tmp_path / "moved")
    if trouble == "another one":
        variant(project, mine)
    code, _, error = command("--rollback", "--library", library)
    assert code == 1
    assert str(mine) in error
    assert "the previous model 'tiny'" in error
    assert "--model DIR" in error
    code, _, _ = command("--rollback", "--library", library, "--model", tmp_path / "moved")
    assert code == 0


def test_a_library_whose_model_is_gone_can_still_be_taken_over(
    library: Path, tiny: Path, other: Path, tmp_path: Path
) -> None:
    mine = Path(shutil.copytree(tiny, tmp_path / "mine"))
    results(library, mine)
    shutil.rmtree(mine)
    assert command("--model", other, "--library", library)[0] == 0
    assert len(results(library)) == 3 * COUNT


def test_originals_that_are_gone_are_said(library: Path, other: Path, tmp_path: Path) -> None:
    with SearchEngine.open(library) as opened:
        write(tmp_path / "more" / "a.png", 800)
        write(tmp_path / "more" / "b.png", 801)
        opened.index([tmp_path / "more"])
        (hit,) = opened.search(Query.image(tmp_path / "more" / "a.png"), limit=1).results
        thumbnail = opened.thumbnail(hit.digest, hit.path)
    assert thumbnail is not None
    thumbnail.unlink()
    shutil.rmtree(tmp_path / "more")
    code, out, error = command("--model", other, "--library", library)
    assert code == 0
    assert f"no vector {tmp_path / 'more' / 'a.png'}: no such file" in error
    assert "1 originals were not there" in error
    assert "1 images without a vector" in out


@pytest.mark.parametrize(
    "arguments", [[], ["--rollback", "--forget-previous"], ["--forget-previous", "--model", "x"]]
)
def test_wrong_usage(arguments: list[str], library: Path) -> None:
    assert command(*arguments, "--library", library)[0] == 2


def test_a_folder_without_a_library_is_refused(tmp_path: Path, other: Path) -> None:
    for arguments in (["--model", other], ["--rollback"], ["--forget-previous"]):
        code, _, error = command(*arguments, "--library", tmp_path / "none")
        assert code == 1
        assert "no library here" in error
    assert not (tmp_path / "none").exists()


def test_vectors_of_the_new_model_are_those_of_a_fresh_library(
    library: Path, other: Path, pictures: Path, tmp_path: Path
) -> None:
    engine.reindex(other, library)
    with SearchEngine.open(tmp_path / "fresh", other) as fresh:
        fresh.index([pictures])

    def stored(folder: Path) -> dict[str, np.ndarray]:
        opened = Library(folder)
        records = opened.catalogue.records()
        rows = opened.vectors.read(np.array([record.vector_row for record in records]))
        return {record.path: row for record, row in zip(records, rows, strict=True)}

    one, two = stored(library), stored(tmp_path / "fresh")
    assert one.keys() == two.keys()
    assert all(one[path] == pytest.approx(two[path], abs=2e-3) for path in one)
