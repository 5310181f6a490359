import json

import pytest

from engine import Hit, SearchEngine, TermShare, Verdict
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
    assert rows[0] == ["asked for", "how this picture fits", "share"]
    assert [row[0] for row in rows[1:]] == [
        "`a \u00a6 b`",
        "without `laces`",
        "without `hats`",
        "more like `picture 4`",
        "less like `picture 5`",
    ]
    shares = [abs(int(row[2].removesuffix(" %"))) for row in rows[1:]]
    assert sum(shares) == pytest.approx(100, abs=3)


def test_how_sure_a_match_is_stands_here_alone(open_page, shared_engine: SearchEngine):
    hit = shared_engine.search("boat").results[0]
    sure = percent(hit.score)
    page = open_page(q="boat", view=str(hit.id))
    assert f"a match** ({sure})" in page.words
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
    assert "a thumb up" not in page.words
    page.press("viewer_up")
    assert "a thumb up" in page.words


def test_what_only_passes_filters_says_so(filled, open_page):
    page = open_page(q="orientation:square")
    page.act("open", page.ids[0])
    assert "It passes the filters" in page.words


def a_hit(*terms: TermShare, score: float = 0.5, by_thumbs: float = 0.0) -> Hit:
    return Hit(1, "/a.jpg", score, 0.1, terms, 0, by_thumbs, 0, "00", 10, 10)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "better than about 50 of 100 others"),
        (-2.0, "better than about 2 of 100 others"),
        (2.0, "better than about 98 of 100 others"),
        (2.6, "better than about 995 of 1,000 others"),
        (4.0, "better than nearly all others"),
    ],
)
def test_a_fit_is_said_beside_the_other_pictures(share: float, words: str):
    said = details.reasons(a_hit(TermShare("red shoes", "text", 0.5, 0.1, share)), "strong")
    assert said.endswith(f"\n---|---\n`red shoes` | {words}")


def test_several_terms_have_their_parts_of_the_whole():
    terms = (
        TermShare("shoes", "text", 3.0, 0.1, 1.5),  # three quarters of a fit of 2
        TermShare("/b.jpg", "image", 1.0, 0.1, 0.5),
        TermShare("laces", "text", -1.0, 0.1, -1.0),
        TermShare("socks", "text", -1.0, 0.1, 0.0),
    )
    lines = details.reasons(a_hit(*terms, by_thumbs=1.0), "strong").splitlines()
    better = "better than about 98 of 100 others"
    assert lines[-6:] == [
        "---|---|---:",
        f"`shoes` | {better} | +38 %",
        f"example picture | {better} | +12 %",
        "without `laces` | has some of it | -25 %",
        "without `socks` | has nothing of it that stands out | 0 %",
        "your thumbs | like what you liked | +25 %",
    ]
    lines = details.reasons(a_hit(*terms, by_thumbs=-1.0), "strong").splitlines()
    assert lines[-1] == "your thumbs | like what you hid | -25 %"
    assert "your thumbs" not in details.reasons(a_hit(*terms, by_thumbs=-0.001), "strong")


@pytest.mark.parametrize(
    ("verdict", "words"), [("strong", "Likely"), ("weak", "Perhaps"), ("none", "Hardly")]
)
def test_a_match_is_likely_or_not(verdict: Verdict, words: str):
    said = details.reasons(a_hit(TermShare("a", "text", 1.0, 0.1, 1.0), score=0.42), verdict)
    assert said.startswith(f"**{words} a match** (42 %)")
