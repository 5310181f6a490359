from pathlib import Path

import pytest
from vs_powers import files_no_larger_than

from engine.library.visitors import asked
from engine.library.visitors.asked import AskedTexts


def test_texts_come_back_latest_first_and_once(tmp_path: Path) -> None:
    texts = AskedTexts(tmp_path / "asked.jsonl")
    assert texts.latest() == []
    for text in ("a dog", "caf\u00e9 \u2615", "a  dog ", "line\nbreak", "", "   "):
        texts.add(text)
    AskedTexts(tmp_path / "asked.jsonl").add("a dog")
    assert texts.latest() == ["a dog", "line break", "caf\u00e9 \u2615"]
    assert texts.latest(1) == ["a dog"]


def test_damaged_lines_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "asked.jsonl"
    file.write_bytes(b'"first"\n\xff\xfe\n{"no": 1}\n"cut of\n"last"\n"half')
    assert AskedTexts(file).latest() == ["last", "first"]


def test_the_file_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "_TOO_LARGE", 2_000)
    monkeypatch.setattr(asked, "KEPT", 20)
    file = tmp_path / "asked.jsonl"
    texts = AskedTexts(file)
    for number in range(500):
        texts.add(f"query number {number}")
    assert file.stat().st_size < 4_000
    assert texts.latest(3) == ["query number 499", "query number 498", "query number 497"]


def test_essays_are_not_kept(tmp_path: Path) -> None:
    texts = AskedTexts(tmp_path / "asked.jsonl")
    texts.add("word " * 100)
    assert texts.latest() == []


def test_a_full_disk_is_no_failure(tmp_path: Path) -> None:
    texts = AskedTexts(tmp_path / "asked.jsonl")
    with files_no_larger_than(0):
        texts.add("a dog")
    texts.add("a cat")
    assert texts.latest()[0] == "a cat"


def test_a_folder_that_is_gone_is_no_failure(tmp_path: Path) -> None:
    AskedTexts(tmp_path / "gone" / "asked.jsonl").add("a dog")
