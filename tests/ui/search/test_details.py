import json
from dataclasses import replace

from engine import Hit, SearchEngine, TermShare
from ui.search import details
from ui.text import percent


def test_an_image_tells_where_it_is_and_how_large(filled, open_page, shared_engine: SearchEngine):
    record = shared_engine.image(3)
    said = open_page(view="3").words
    assert f"```text\n{record.path}\n```" in said
    assert f"{record.width:,} x {record.height:,} pixels" in said
    assert "picture 3 of the library" in said
    assert " kB" in said


def test_every_term_tells_its_share(filled, open_page):
    page = open_page(q='"a | b" -laces -hats', like="4", unlike="5", view="4")
    rows = [line.split(" | ") for line in page.words.splitlines() if " | " in line]
    assert [row[0] for row in rows[1:]] == [
        "`a \u00a6 b`",
        "without `laces`",
        "without `hats`",
        "more like `picture 4`",
        "less like `picture 5`",
    ]
    for row in rows[1:]:
        float(row[1])


def test_how_sure_a_match_is_stands_here_alone(open_page, shared_engine: SearchEngine):
    hit = shared_engine.search("boat").results[0]
    sure = percent(hit.score)
    page = open_page(q="boat", view=str(hit.id))
    assert f"**How sure this match is: {sure}**" in page.words
    assert sure not in str(page.hits)


def test_an_image_tells_what_is_known_of_it(tmp_path, filled, open_page, shared_engine):
    table = tmp_path / "t.json"
    record = shared_engine.image(3)
    table.write_text(json.dumps([{"file": record.path, "note": "`x` <b>", "tag": ["a", "b"]}]))
    shared_engine.import_metadata(table)
    said = open_page(view="3").words
    assert "- `colours` `" in said
    assert "- `note` `` `x` <b> ``" in said
    assert "- `tag` `a, b`" not in said  # they stand below, each with a button
    assert "Take off `a`" in [button.label for button in open_page(view="3").app.button]


def test_a_liked_result_says_so(filled, open_page):
    page = open_page(q="boat", view="3")
    assert "your thumb up" not in page.words
    page.press("viewer_up")
    assert "your thumb up" in page.words


def test_what_only_passes_filters_says_so(filled, open_page):
    page = open_page(q="orientation:square")
    page.act("open", page.ids[0])
    assert "It passes the filters" in page.words


def test_a_share_of_next_to_nothing_has_no_sign():
    term = TermShare("laces", "text", -1.0, 0.1, -0.0001)
    hit = Hit(1, "/a.jpg", 0.5, 0.1, (term,), 0, 0.123, 0, "00", 10, 10)
    assert "without `laces` | 0\n" in details.reasons(hit)
    assert "what your thumbs taught | +0.12\n" in details.reasons(hit)
    assert "taught" not in details.reasons(replace(hit, by_thumbs=-0.001))
