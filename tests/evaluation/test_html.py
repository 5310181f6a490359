import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from engine.encoder import Encoder
from engine.evaluation import Setting, evaluate, write_html
from engine.evaluation.html import as_html

EVIL = '<script>alert("x")</script> & "quoted"'


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = []
    for name, colour in (("<b>red</b>.png", "red"), ("green.png", "green"), ("blue.png", "blue")):
        file = tmp_path / "pictures" / name.replace("/", "")
        file.parent.mkdir(exist_ok=True)
        Image.new("RGB", (300, 200), colour).save(file)
        captions = [f"{colour} {EVIL}", f"all {colour}"]
        lines.append({"file": file.name, "captions": captions, "kind": "plain"})
    lines.append({"file": "gone.png", "captions": ["x"]})
    content = "\n".join(map(json.dumps, lines))
    (tmp_path / "pictures" / "manifest.jsonl").write_text(content)
    return tmp_path / "pictures"


def test_the_page_holds_all_that_it_shows(folder: Path, encoder: Encoder, tmp_path: Path) -> None:
    found = evaluate(folder, {"default": encoder}, Setting(known_captions=0))
    write_html(found, tmp_path / "deep" / "report.html")
    content = (tmp_path / "deep" / "report.html").read_text(encoding="utf-8")
    page = Page(content)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "iframe", "object"}
    pictures = [values for tag, values in page.tags if tag == "img"]
    assert pictures
    assert all((values["src"] or "").startswith("data:image/jpeg;base64,") for values in pictures)
    assert all(values["alt"] for values in pictures)
    assert "://" not in content
    assert f"red {EVIL}" in page.text
    assert "<b>red<b>.png" in page.text
    for said in ("default + keywords", "nDCG@10", "Answered worst", "gone.png: no such image"):
        assert said in page.text
    mean = found.runs[0].scores.means["mAP"]
    assert f"{mean:.3f}" in page.text


def test_pictures_that_ask_are_shown(folder: Path, encoder: Encoder) -> None:
    found = evaluate(folder, {"default": encoder}, Setting("image-image", label="kind"))
    page = Page(as_html(found))
    asked = [values for tag, values in page.tags if tag == "img" and values["alt"] == "green.png"]
    assert asked
    assert "precision@5" in page.text
    assert found.collection.name.endswith("pictures/manifest.jsonl")
    assert page.text.strip().startswith("pictures/manifest.jsonl: evaluation")


def test_texts_that_are_searched_are_shown_as_text(folder: Path, encoder: Encoder) -> None:
    found = evaluate(folder, {"default": encoder}, Setting("image-text"))
    page = Page(as_html(found))
    assert f"blue {EVIL}" in page.text
    assert "6 texts searched" in page.text


def test_a_picture_that_is_gone_by_now_leaves_its_name(folder: Path, encoder: Encoder) -> None:
    found = evaluate(folder, {"default": encoder})
    (folder / "green.png").unlink()
    assert "green.png" in Page(as_html(found)).text
