import json
from dataclasses import replace

from engine import Hit, SearchEngine, TermShare
from ui import details


def explanation(page, image_id: int) -> str:
    """What the popover of a result says."""
    by_id = dict(zip(page.ids, page.app.get("popover"), strict=True))
    return "\n".join(str(markdown.value) for markdown in by_id[image_id].markdown)


def test_a_result_tells_where_it_is_and_how_large(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat")
    record = shared_engine.image(page.ids[0])
    said = explanation(page, record.id)
    assert f"```text\n{record.path}\n```" in said
    assert f"{record.width:,} x {record.height:,} pixels" in said
    assert f"image {record.id}" in said
    assert " kB" in said


def test_every_term_tells_its_share(filled, open_page):
    page = open_page(q="a | b", without="laces, hats", like="4")
    said = explanation(page, page.ids[0])
    rows = [line.split(" | ") for line in said.splitlines() if " | " in line]
    assert [row[0] for row in rows[1:]] == [
        "`a \u00a6 b`",
        "more like `image 4`",
        "without `laces`",
        "without `hats`",
    ]
    for row in rows[1:]:
        float(row[1])


def test_a_result_tells_what_is_known_of_it(tmp_path, filled, open_page, shared_engine):
    page = open_page(q="boat")
    first = page.ids[0]
    table = tmp_path / "t.json"
    record = shared_engine.image(first)
    table.write_text(json.dumps([{"file": record.path, "note": "`x` <b>", "tag": ["a", "b"]}]))
    shared_engine.import_metadata(table)
    try:
        said = explanation(open_page(q="boat"), first)
    finally:
        shared_engine.forget_column("note")
        shared_engine.forget_column("tag")
    assert "- `colours` `" in said
    assert "- `note` `` `x` <b> ``" in said
    assert "- `tag` `a, b`" in said


def test_a_liked_result_says_so(filled, open_page):
    page = open_page(q="boat")
    liked = page.ids[0]
    assert "your thumb up" not in explanation(page, liked)
    page.press(f"up_{liked}")
    assert "your thumb up" in explanation(page, liked)


def test_a_share_of_next_to_nothing_has_no_sign():
    term = TermShare("laces", "text", -1.0, 0.1, -0.0001)
    hit = Hit(1, "/a.jpg", 0.5, 0.1, (term,), 0, 0.123, 0, "00", 10, 10)
    assert "without `laces` | 0\n" in details.reasons(hit)
    assert "what your thumbs taught | +0.12\n" in details.reasons(hit)
    assert "taught" not in details.reasons(replace(hit, by_thumbs=-0.001))
