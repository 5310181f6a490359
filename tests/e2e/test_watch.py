"""`python -m engine watch`, as a user runs it, beside an engine that searches."""

import json
import queue
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import vs_powers
from vs_command import PROJECT, Argument, engine_command
from vs_drawing import draw, encode, write, write_many

from engine import Encoder, Query, SearchEngine
from engine.library import Library

SOON = 120.0  # seconds; it takes about two, but the machine may be busy


class Watch:
    """A process that watches, and what it has said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: queue.Queue[str] = queue.Queue()
        self.all_said: list[str] = []
        for stream in (process.stdout, process.stderr):
            threading.Thread(target=self._listen, args=(stream,), daemon=True).start()

    def _listen(self, stream: Iterator[str]) -> None:
        for line in stream:
            self.all_said.append(line)
            self.said.put(line)

    def wait_for(self, pattern: str) -> str:
        """The next line that matches."""
        deadline = time.monotonic() + SOON
        while True:
            try:
                line = self.said.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"{pattern!r} was not said, but:\n{''.join(self.all_said)}")
            if re.search(pattern, line):
                return line

    def end(self, how: signal.Signals) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=SOON)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six pictures in two folders."""
    write_many(tmp_path / "pictures" / "old", 3)
    write_many(tmp_path / "pictures" / "new", 3, first_seed=10)
    return tmp_path / "pictures"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@contextmanager
def watching(
    *arguments: Argument, before: tuple[str, ...] = (), file_permissions_count: bool = False
) -> Iterator[Watch]:
    """The command in a process of its own, run by another one if there is one `before`."""
    command = engine_command("watch", *arguments)
    if file_permissions_count:
        command[1:2] = [vs_powers.__file__]
    with subprocess.Popen(
        [*before, *command],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Watch(process)
        finally:
            process.kill()


@pytest.fixture
def watch(folder: Path, library: Path) -> Iterator[Watch]:
    """A watch that has taken in all there is."""
    with watching(folder, "--library", library) as watch:
        watch.wait_for("6 added")
        yield watch
        assert watch.process.poll() is None, "it has ended by itself"


@pytest.fixture
def searching(watch: Watch, library: Path, encoder: Encoder) -> Iterator[SearchEngine]:
    """An engine in another process than the watch."""
    with SearchEngine.with_encoder(encoder, library) as engine:
        yield engine


def ids(engine: SearchEngine) -> dict[str, int]:
    """What a search finds: the folder and name of each picture, and its id."""
    found = engine.search("anything", limit=1000).results
    return {"/".join(Path(hit.path).parts[-2:]): hit.id for hit in found}


def until(engine: SearchEngine, is_so: Callable[[dict[str, int]], bool]) -> dict[str, int]:
    deadline = time.monotonic() + SOON
    while not is_so(found := ids(engine)):
        assert time.monotonic() < deadline, f"only {found}"
        time.sleep(0.05)
    return found


def test_pictures_that_come_move_and_go_are_seen_by_a_search(
    searching: SearchEngine, watch: Watch, folder: Path
) -> None:
    before = ids(searching)
    write(folder / "old" / "added.png", 50)
    until(searching, lambda found: "old/added.png" in found)
    (folder / "old" / "000.png").rename(folder / "new" / "moved.png")
    after = until(searching, lambda found: "new/moved.png" in found)
    assert after["new/moved.png"] == before["old/000.png"]
    assert "1 moved" in watch.wait_for("moved")
    (folder / "old" / "001.png").unlink()
    until(searching, lambda found: "old/001.png" not in found)
    assert watch.wait_for("removed").split("  ")[1] == "1 removed\n"


def test_a_picture_that_changes_keeps_its_id_and_is_found_by_its_new_content(
    searching: SearchEngine, watch: Watch, folder: Path
) -> None:
    before = ids(searching)
    path = write(folder / "old" / "000.png", 77)
    watch.wait_for("1 updated")
    (best, *_) = searching.search(Query.image(path), limit=1).results
    assert (best.id, best.path) == (before["old/000.png"], str(path))
    assert best.similarity > 0.99


def test_a_folder_that_is_renamed_keeps_all_ids(
    searching: SearchEngine, watch: Watch, folder: Path
) -> None:
    before = ids(searching)
    (folder / "old").rename(folder / "renamed")
    after = until(searching, lambda found: "renamed/000.png" in found)
    assert after == {name.replace("old/", "renamed/"): row for name, row in before.items()}
    write(folder / "renamed" / "later.png", 51)
    until(searching, lambda found: "renamed/later.png" in found)


def test_a_folder_that_is_deleted_takes_its_images_along(
    searching: SearchEngine, watch: Watch, folder: Path
) -> None:
    shutil.rmtree(folder / "old")
    assert len(until(searching, lambda found: "old/000.png" not in found)) == 3


def test_a_drive_that_is_unplugged_loses_nothing_and_is_followed_again(
    searching: SearchEngine, watch: Watch, folder: Path
) -> None:
    unplugged = folder.with_name("unplugged")
    folder.rename(unplugged)
    assert "6 images of it are kept" in watch.wait_for("note:.*no such file or folder")
    write(unplugged / "old" / "meanwhile.png", 52)
    unplugged.rename(folder)
    until(searching, lambda found: "old/meanwhile.png" in found)
    write(folder / "old" / "afterwards.png", 53)
    assert len(until(searching, lambda found: "old/afterwards.png" in found)) == 8
    assert not any("removed" in line for line in watch.all_said)


def test_a_file_that_is_still_being_written_is_tried_again(
    searching: SearchEngine, watch: Watch, folder: Path
) -> None:
    content = encode(draw(54))
    path = folder / "old" / "slow.png"
    path.write_bytes(content[: len(content) // 2])
    watch.wait_for(f"skipped {path}")
    path.write_bytes(content)
    until(searching, lambda found: "old/slow.png" in found)


def test_a_burst_of_pictures_comes_in_whole(
    searching: SearchEngine, watch: Watch, folder: Path
) -> None:
    content = [encode(draw(number, (32, 32))) for number in range(60, 68)]
    for number in range(100):
        (folder / f"{number}").mkdir()
        for name, picture in enumerate(content):
            (folder / f"{number}" / f"{name}.png").write_bytes(picture)
    until(searching, lambda found: len(found) == 806)


def test_while_another_process_indexes_it_waits(
    searching: SearchEngine, watch: Watch, folder: Path, library: Path, encoder: Encoder
) -> None:
    other = Library(library, encoder.manifest)
    with other.writing():
        write(folder / "old" / "added.png", 50)
        watch.wait_for("another process is indexing.*trying again")
        time.sleep(3)
    other.close()
    until(searching, lambda found: "old/added.png" in found)
    assert sum("another process" in line for line in watch.all_said) == 1


def test_its_own_files_and_other_kinds_of_files_are_no_reason_to_look(
    folder: Path, encoder: Encoder
) -> None:
    with watching(folder, "--library", folder / "library", "--json") as watch:
        watch.wait_for('"added": 6')
        (folder / "notes.txt").write_text("notes")
        (folder / "notes.txt").unlink()
        (folder / ".hidden.png").write_bytes(encode(draw(1)))
        time.sleep(3)
        write(folder / "new" / "added.png", 50)
        line = watch.wait_for('"added"')
        assert json.loads(line)["folders"] == [str(folder / "new")]
    with SearchEngine.with_encoder(encoder, folder / "library") as engine:
        assert engine.info().folders == (str(folder),)


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_ends_when_asked_to(
    how: signal.Signals, code: int, folder: Path, library: Path, encoder: Encoder
) -> None:
    with watching(folder, "--library", library) as watch:
        watch.wait_for("6 added")
        assert watch.end(how) == code
        assert not any("Traceback" in line for line in watch.all_said)
    with SearchEngine.with_encoder(encoder, library) as engine:
        assert engine.doctor().findings == {}


@pytest.mark.parametrize(
    ("how", "code"),
    [(signal.SIGTERM, 0), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)],
)
def test_it_ends_in_the_middle_of_a_run(
    how: signal.Signals, code: int, folder: Path, library: Path, encoder: Encoder
) -> None:
    write_many(folder / "many", 200, first_seed=100)
    with watching(folder, "--library", library) as watch:
        deadline = time.monotonic() + SOON
        while not list(library.glob("thumbnails/*/*.jpg")):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert watch.end(how) == code
        assert not any("added" in line or "Traceback" in line for line in watch.all_said)
    with SearchEngine.with_encoder(encoder, library) as engine:
        assert engine.index([folder]).added > 0
        assert engine.doctor().findings == {}


def test_a_drive_that_tells_of_nothing_is_looked_at_each_second(
    folder: Path, library: Path, encoder: Encoder
) -> None:
    with watching(folder, "--library", library, "--poll", "1") as watch:
        watch.wait_for("6 added")
        (folder / "old" / "000.png").rename(folder / "new" / "moved.png")
        watch.wait_for("1 moved")


@pytest.mark.slow
def test_where_the_system_follows_no_more_folders_it_says_so_and_looks_itself(
    folder: Path, library: Path
) -> None:
    few = ("unshare", "--user", "--map-root-user", "sh", "-c")
    limit = "echo 2 > /proc/sys/user/max_inotify_watches"
    if subprocess.run([*few, limit], capture_output=True, check=False).returncode:
        pytest.skip("limits cannot be set here")
    limited = (*few, f'{limit} && exec "$@"', "sh")
    with watching(folder, "--library", library, before=limited) as watch:
        watch.wait_for("max_user_watches.*looking at every file each")
        watch.wait_for("6 added")
        write(folder / "old" / "added.png", 50)
        watch.wait_for("1 added")


@pytest.mark.slow
def test_a_folder_that_cannot_be_read_does_not_keep_it_from_the_others(
    folder: Path, library: Path
) -> None:
    write(folder / "closed" / "closed.png", 55).parent.chmod(0)
    with watching(folder, "--library", library, file_permissions_count=True) as watch:
        watch.wait_for("Permission denied.*looking at every file each")
        watch.wait_for("6 added")
        write(folder / "old" / "added.png", 50)
        watch.wait_for("1 added")
    (folder / "closed").chmod(0o700)


def test_without_any_folder_it_says_what_to_do(library: Path) -> None:
    done = subprocess.run(
        engine_command("watch", "--library", library),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "name a folder" in done.stderr
