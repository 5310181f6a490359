import json
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from engine import Query
from ui import evaluate_page

THUMBS, DATA = "The thumbs of this library", "A data set on this machine"


def script() -> None:
    from ui import evaluate_page, resources

    evaluate_page.show(resources.open_engine())


@pytest.fixture
def page(shared_engine) -> AppTest:
    return AppTest.from_function(script, default_timeout=60).run()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two colours, three pictures each, and one that is gone."""
    lines = []
    for colour in ("red", "blue"):
        for number in range(3):
            name = f"{colour}{number}.png"
            Image.new("RGB", (60 + number, 60), colour).save(tmp_path / name)
            lines.append({"file": name, "captions": [f"{colour} {number}"], "colour": colour})
    lines.append({"file": "gone.png", "captions": ["<script>alert(1)</script>"], "colour": "red"})
    path = tmp_path / "manifest.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def judge(page: AppTest, data: str = "", label: str = "") -> None:
    if data:
        page.radio(key="judge_by").set_value(DATA).run()
        page.text_input(key="judge_data").set_value(data)
        page.text_input(key="judge_label").set_value(label)
    page.button[0].click().run()
    assert not page.exception


def report(page: AppTest) -> str:
    return str(page.session_state["evaluation_report"])


def test_a_data_set_is_judged_and_its_report_is_shown(page, data):
    judge(page, str(data), "colour")
    assert not page.error
    shown = report(page)
    for words in ("keywords", "chance", "default", "2 topics", "no such image"):
        assert words in shown
    assert "<script" not in shown
    assert page.get("download_button")
    assert page.get("iframe")


def test_thumbs_are_judged(page, shared_engine):
    first = shared_engine.search("a house", limit=1).results[0].id
    shared_engine.mark(Query.text("a house"), first, 1)
    page.run()
    judge(page)
    assert not page.error
    assert "a house" in report(page)


def test_without_a_thumb_up_nothing_can_be_judged(page, shared_engine):
    first = shared_engine.search("a house", limit=1).results[0].id
    shared_engine.mark(Query.text("a house"), first, -1)
    page.run()
    assert page.button[0].disabled
    assert "No search in words has a thumb up yet" in page.info[0].value
    page.radio(key="judge_by").set_value(DATA).run()
    assert not page.button[0].disabled
    assert not page.info
    shared_engine.mark(Query.text("a house"), first, 1)
    page.radio(key="judge_by").set_value(THUMBS).run()
    assert not page.button[0].disabled


def test_in_read_only_mode_nobody_is_asked_for_thumbs(page, monkeypatch):
    monkeypatch.setenv("VISUAL_SEARCH_READ_ONLY", "1")
    page.run()
    assert page.button[0].disabled
    assert "press" not in page.info[0].value


@pytest.mark.parametrize(
    ("typed", "said"),
    [("/no/such/file.jsonl", "file.jsonl"), ("/no/such/folder", "expected a folder")],
)
def test_what_cannot_be_judged_is_explained(page, typed, said):
    judge(page, typed)
    assert said in page.error[0].value


def test_a_data_set_has_to_be_named(page):
    page.radio(key="judge_by").set_value(DATA).run()
    page.button[0].click().run()
    assert page.error[0].value == "Say where the data set is."


def test_two_do_not_judge_at_once(page, data):
    with evaluate_page._busy:
        judge(page, str(data), "colour")
    assert "Somebody else is judging" in page.warning[0].value
    judge(page, str(data), "colour")
    assert not page.warning


def test_a_data_set_outside_of_the_roots_is_not_read(page: AppTest, data: Path, monkeypatch):
    monkeypatch.setenv("VISUAL_SEARCH_ROOTS", str(data.parent / "inside"))
    judge(page, str(data))
    assert "Only what lies in the folders" in page.error[0].value
    assert "evaluation_report" not in page.session_state


def test_in_read_only_mode_no_data_set_is_read(page: AppTest, monkeypatch):
    monkeypatch.setenv("VISUAL_SEARCH_READ_ONLY", "1")
    page.run()
    assert page.radio(key="judge_by").options == ["The thumbs of this library"]
