import threading
from pathlib import Path

import pytest
from vs_powers import files_no_larger_than

from engine.library import LibraryError
from engine.library.visitors.saved_searches import MOST, SavedSearches


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "saved_searches.jsonl"


def names(file: Path) -> list[str]:
    return [saved.name for saved in SavedSearches(file).all()]


def test_searches_come_back_the_latest_first(file: Path) -> None:
    store = SavedSearches(file)
    assert store.all() == []
    store.add("  My \n shoes ", "q=shoes")
    second = store.add('caf\u00e9 \u2615 <b> "x" \udcff', "q=caf%C3%A9")
    assert names(file) == ['caf\u00e9 \u2615 <b> "x" \udcff', "My shoes"]
    assert SavedSearches(file).all()[0] == second


def test_the_same_is_not_saved_twice(file: Path) -> None:
    store = SavedSearches(file)
    assert store.add("shoes", "q=a") == store.add("shoes", "q=a")
    store.add("shoes", "q=b")
    assert names(file) == ["shoes", "shoes"]


def test_renamed_removed_and_put_back_in_its_place(file: Path) -> None:
    store = SavedSearches(file)
    first, second = store.add("one", "q=1"), store.add("two", "q=2")
    store.rename(first.id, "first")
    store.remove(second.id)
    store.remove(second.id)
    store.rename(second.id, "gone")
    assert names(file) == ["first"]
    store.put(second)
    assert names(file) == ["two", "first"]


@pytest.mark.parametrize("name", ["", " \n ", "x" * 101])
def test_a_name_is_needed_and_short(file: Path, name: str) -> None:
    store = SavedSearches(file)
    saved = store.add("one", "q=1")
    for work in (lambda: store.add(name, "q=2"), lambda: store.rename(saved.id, name)):
        with pytest.raises(LibraryError, match="1 to 100 characters"):
            work()
    assert names(file) == ["one"]


def test_there_is_an_end_to_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.library.visitors.saved_searches.MOST", 2)
    store = SavedSearches(file)
    store.add("one", "q=1")
    store.add("two", "q=2")
    with pytest.raises(LibraryError, match="remove one"):
        store.add("three", "q=3")
    with pytest.raises(LibraryError, match="characters"):
        store.add("long", "q=" + "x" * 5_000)
    assert MOST > 2


def test_damaged_lines_are_passed_over(file: Path) -> None:
    store = SavedSearches(file)
    store.add("one", "q=1")
    good = file.read_bytes()
    bad = b'{"id": 1, "name": "x", "search": "y", "at": 0}\n[1]\nnull\n{"id": "a"}\n\xff\xfe\n{"i'
    odd = b'{"id": "a", "name": "x", "search": "y", "at": NaN}\n'
    file.write_bytes(odd + good + bad)
    assert names(file) == ["one"]
    store.add("two", "q=2")
    assert names(file) == ["two", "one"]


def test_two_writers_lose_nothing(file: Path) -> None:
    def write(who: str) -> None:
        store = SavedSearches(file)
        for number in range(20):
            store.add(f"{who}{number}", f"q={who}{number}")

    writers = [threading.Thread(target=write, args=(who,)) for who in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(names(file)) == sorted(f"{who}{n}" for who in "ab" for n in range(20))


def test_a_full_disk_is_told_and_nothing_is_lost(file: Path) -> None:
    store = SavedSearches(file)
    store.add("one", "q=1")
    with files_no_larger_than(10), pytest.raises(LibraryError, match=r"saved_searches\.jsonl"):
        store.add("two", "q=2")
    assert names(file) == ["one"]


def test_what_cannot_be_read_is_not_written_over(file: Path) -> None:
    file.mkdir()
    assert SavedSearches(file).all() == []
    with pytest.raises(LibraryError, match="cannot be written"):
        SavedSearches(file).add("one", "q=1")
