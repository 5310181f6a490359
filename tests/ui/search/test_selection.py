import csv
import json
import os
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

from engine import SearchEngine
from ui.search import selection
from ui.tables import as_csv


def rows(told: list[dict[str, object]]) -> list[dict[str, str]]:
    content = as_csv(*selection.table(told)).decode("utf-8", "surrogateescape")
    return list(csv.DictReader(StringIO(content)))


def test_nothing_is_offered_before_something_is_chosen(filled, open_page):
    page = open_page(q="boat")
    assert not page.has("like_these")
    page.choose(*page.ids[:3])
    assert "**3 pictures chosen**" in page.words
    downloads = [button.key for button in page.app.get("download_button")]
    assert downloads == ["take_csv", "take_json", "take_zip"]
    page.press("choose_none")
    assert not page.has("like_these")
    assert page.gallery()["round"] == 1


def test_the_chosen_are_searched_with(filled, open_page):
    page = open_page(q="boat", unlike="5")
    first, second = [image_id for image_id in page.ids if image_id != 5][:2]
    page.choose(first, second)
    page.press("like_these")
    assert page.params == {"q": "boat", "like": f"{first},{second}", "unlike": "5"}
    assert page.has(f"remove_like_{first}")


def test_what_is_not_among_the_results_cannot_be_chosen(filled, open_page):
    page = open_page(q="boat")
    page.choose(4242, -1)
    assert not page.has("like_these")


def test_a_choice_ends_with_the_results_it_was_made_of(filled, open_page):
    page = open_page(q="boat")
    hidden = page.ids[0]
    page.choose(hidden)
    page.act("down", hidden)
    assert not page.has("like_these")


def test_a_tag_is_added_and_found(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat")
    chosen = page.ids[:3]
    page.choose(*chosen)
    page.app.text_input(key="new_tag").set_value(" summer   2024 ")
    page.press("FormSubmitter:tag_form-Add to the chosen ones")
    assert not page.has("like_these")
    assert set(open_page(q='tag:"summer 2024"').ids) == set(chosen)
    known = shared_engine.known(chosen)
    assert all(known[image_id].attributes["tag"] == ("summer 2024",) for image_id in chosen)


def test_a_second_tag_stays_beside_the_first(open_page, shared_engine: SearchEngine):
    for ids, tag in (([3, 4], "one"), ([4, 5], "two"), ([4], "one")):
        shared_engine.tag(ids, tag)
    assert set(open_page(q="tag:one").ids) == {3, 4}
    assert set(open_page(q="tag:two").ids) == {4, 5}


def test_an_empty_tag_is_refused(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat")
    page.choose(page.ids[0])
    page.app.text_input(key="new_tag").set_value("  ")
    page.press("FormSubmitter:tag_form-Add to the chosen ones")
    assert "Type a tag first." in page.app.error[0].value
    assert shared_engine.columns().get("tag", 0) == 0
    assert page.has("like_these")


def test_who_may_only_look_takes_along_but_does_not_tag(filled, open_page, monkeypatch):
    monkeypatch.setenv("VISUAL_SEARCH_READ_ONLY", "1")
    page = open_page(q="boat")
    page.choose(page.ids[0])
    assert page.has("like_these")
    assert "take_csv" in [b.key for b in page.app.get("download_button")]
    assert "new_tag" not in [box.key for box in page.app.text_input]


def test_rows_tell_what_is_known(shared_engine: SearchEngine, open_page):
    shared_engine.tag([3], "one")
    shared_engine.tag([3], "two")
    hits = [hit for hit in shared_engine.search("boat", 40).results if hit.id in (3, 4)]
    told = selection.described(shared_engine, hits)
    assert json.loads(json.dumps(told)) == told
    by_id = {row["id"]: row for row in rows(told)}
    assert by_id["3"]["tag"] == "one; two"
    assert by_id["4"]["tag"] == ""
    assert by_id["3"]["path"] == shared_engine.image(3).path


def test_lists_survive_any_text_and_run_no_formulas():
    told = [
        {"id": 1, "score": -0.5, "path": '=HYPERLINK("http:x")'},
        {"id": 2, "score": 0.5, "path": 'a,"b"\nc\udce9', "+note": "@SUM(A1)"},
        {"id": 3, "score": 0.0, "path": "-1+1"},
    ]
    found = rows(told)
    assert [row["path"] for row in found] == [
        '\'=HYPERLINK("http:x")',
        'a,"b"\nc\udce9',
        "'-1+1",
    ]
    assert [row["score"] for row in found] == ["-0.5", "0.5", "0.0"]
    assert found[1]["'+note"] == "'@SUM(A1)"


def test_no_rows_are_no_error():
    assert rows([]) == []


def test_an_archive_keeps_all_originals_apart(tmp_path: Path):
    files = []
    for folder, name in (("a", "x.jpg"), ("b", "x.jpg"), ("c", "X.JPG"), ("d", "x-2.jpg")):
        (tmp_path / folder).mkdir()
        files.append(tmp_path / folder / name)
        files[-1].write_bytes(folder.encode())
    with zipfile.ZipFile(BytesIO(selection.as_zip(files))) as archive:
        names = archive.namelist()
        content = [archive.read(name) for name in names]
    assert names[0] == "x.jpg"
    assert len({name.casefold() for name in names}) == 4
    assert not any("/" in name for name in names)
    assert content == [b"a", b"b", b"c", b"d"]


def test_an_archive_leaves_out_what_cannot_be_read(tmp_path: Path):
    (tmp_path / "a.jpg").write_bytes(b"a")
    (tmp_path / "folder.jpg").mkdir()
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jpg"))
    odd.write_bytes(b"odd")
    files = [tmp_path / "a.jpg", tmp_path / "gone.jpg", tmp_path / "folder.jpg", odd]
    with zipfile.ZipFile(BytesIO(selection.as_zip(files))) as archive:
        assert archive.namelist() == ["a.jpg", r"caf\udce9.jpg"]


def test_missing_originals_are_counted(open_page, shared_engine, few_pictures, monkeypatch):
    page = open_page(q="boat")
    gone = {shared_engine.image(image_id).path for image_id in page.ids[:2]}
    there = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda path: str(path) not in gone and there(path))
    page.choose(*page.ids[:2])
    assert "2 originals missing" in page.words
    assert [b.key for b in page.app.get("download_button")] == ["take_csv", "take_json"]
    page.choose(*page.ids[:3])
    assert "2 originals missing" in page.words
    assert "take_zip" in [b.key for b in page.app.get("download_button")]


def test_too_large_an_archive_is_not_offered(filled, open_page, monkeypatch):
    monkeypatch.setattr(selection, "MOST_BYTES", 1000)
    page = open_page(q="boat")
    page.choose(*page.ids)
    assert "The originals are larger than" in page.words
    assert "take_zip" not in [b.key for b in page.app.get("download_button")]
