import pytest
from PIL import Image

from engine import SearchEngine
from ui import serving
from ui.text import code, file_name


def titles(page) -> list[str]:
    """Of the windows that are open."""
    return [block.proto.dialog.title for block in page.app.get("dialog")]


def test_an_address_opens_a_picture(open_page, shared_engine: SearchEngine):
    record = shared_engine.image(3)
    page = open_page(q="boat", view="3")
    assert titles(page) == [code(file_name(record.path))]
    shown = page.gallery("viewer")
    assert shown["src"] == serving.large(record.digest)
    assert (shown["width"], shown["height"]) == (record.width, record.height)
    assert shown["name"] == file_name(record.path)
    assert f"{record.width:,} x {record.height:,} pixels" in page.words
    assert "better than about" in page.words
    assert "viewer_original" in [button.key for button in page.app.get("download_button")]


def test_a_picture_opens_from_the_results_and_closes_again(filled, open_page):
    page = open_page(q="boat")
    assert not page.draws("viewer")
    page.act("open", page.ids[4])
    assert page.params == {"q": "boat", "view": str(page.ids[4])}
    assert page.draws("viewer")
    page.close()
    assert page.params == {"q": "boat"}
    assert not page.draws("viewer")


def test_an_address_alone_opens_a_picture_without_reasons(filled, open_page):
    page = open_page(view="3")
    assert page.draws("viewer")
    assert not page.gallery("viewer")["steps"]
    assert "a match" not in page.words
    assert not page.has("viewer_up")


@pytest.mark.parametrize("view", ["4242", "0"])
def test_an_unknown_picture_is_explained(filled, open_page, view: str):
    page = open_page(q="boat", view=view)
    assert f"Picture {view} is not in this library" in page.app.warning[0].value
    assert titles(page) == []
    assert len(page.ids) == 40


def test_steps_lead_through_the_results_and_around(filled, open_page):
    page = open_page(q="boat")
    ids = page.ids
    page.act("open", ids[0])
    assert page.gallery("viewer")["steps"]
    page.tell("viewer", "step", 1)
    assert page.params["view"] == str(ids[1])
    page.tell("viewer", "step", -1)
    page.tell("viewer", "step", -1)
    assert page.params["view"] == str(ids[-1])
    page.tell("viewer", "step", 1)
    assert page.params["view"] == str(ids[0])


def test_a_part_is_searched_with(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat", view="3")
    page.tell("viewer", "part", [0.1, 0.1, 0.6, 0.6])
    assert set(page.params) == {"example"}
    assert not page.draws("viewer")
    part = shared_engine.example(page.params["example"])
    record = shared_engine.image(3)
    with Image.open(part) as image:
        assert image.width == pytest.approx(0.5 * record.width, abs=2)
        assert image.height == pytest.approx(0.5 * record.height, abs=2)
    assert page.has(f"remove_example_{page.params['example']}")


def test_a_part_takes_the_place_of_its_picture(filled, open_page):
    page = open_page(like=["3", "4"])
    page.press("part_like_3")
    assert page.params["view"] == "3"
    page.tell("viewer", "part", [0, 0, 0.5, 1])
    assert page.params["like"] == "4"
    assert page.has(f"remove_example_{page.params['example']}")


def test_a_part_of_an_example_is_searched_with(open_page, shared_engine: SearchEngine):
    whole = shared_engine.save_example(Image.new("RGB", (200, 100), "red"))
    page = open_page(q="boat", example=whole)
    page.press(f"part_example_{whole}")
    assert titles(page) == ["A part of your picture"]
    assert page.gallery("viewer")["src"].startswith("data:image/png;base64,")
    page.tell("viewer", "part", [0, 0, 0.5, 1])
    assert titles(page) == []
    part = page.params["example"]
    assert part != whole
    with Image.open(shared_engine.example(part)) as image:
        assert image.size == (100, 100)


def test_the_window_of_an_example_closes(open_page, shared_engine: SearchEngine):
    whole = shared_engine.save_example(Image.new("RGB", (200, 100), "red"))
    page = open_page(example=whole)
    page.press(f"part_example_{whole}")
    page.close()
    assert titles(page) == []
    assert page.params == {"example": whole}


@pytest.mark.parametrize("box", [[0.5, 0.5, 0.5, 0.9], [-1, 0, 1, 1], [0.9, 0, 0.1, 1]])
def test_a_part_without_sense_is_told(filled, open_page, box: list[float]):
    page = open_page(q="boat", view="3")
    page.tell("viewer", "part", box)
    assert "region" in page.app.error[0].value
    assert page.params == {"q": "boat", "view": "3"}


def test_more_and_less_like_the_picture(filled, open_page):
    page = open_page(q="boat", view="3")
    page.press("viewer_more")
    assert page.params == {"q": "boat", "like": "3"}
    page.act("open", 4)
    page.press("viewer_less")
    assert page.params == {"q": "boat", "like": "3", "unlike": "4"}


def test_a_thumb_up_is_given_and_taken_back(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat", view="3")
    page.press("viewer_up")
    assert [hit["id"] for hit in page.hits if hit["mark"]] == [3]
    assert page.app.button(key="viewer_up").label == "Liked"
    page.press("viewer_up")
    assert not any(hit["mark"] for hit in page.hits)


def test_neighbours_lead_on(filled, open_page):
    page = open_page(q="boat", view="3")
    neighbours = [hit["id"] for hit in page.gallery("neighbours")["hits"]]
    assert len(neighbours) == 12
    assert 3 not in neighbours
    assert neighbours == [i for i in open_page(like="3").ids if i != 3][:12]
    page.act("open", neighbours[0], key="neighbours")
    assert page.params == {"q": "boat", "view": str(neighbours[0])}
    page.act("less", 3, key="neighbours")
    assert page.params == {"q": "boat", "unlike": "3"}


def test_where_the_words_match_is_shown_large(filled, open_page):
    page = open_page(q="boats", view="3")
    assert "heat" not in page.gallery("viewer")
    page.pick("viewer_where", True)
    assert page.gallery("viewer")["heat"]
    assert "viewer_where" not in [t.key for t in open_page(view="3").app.toggle]


def test_where_nothing_matches_the_darkness_is_explained(filled, open_page):
    nothing = "No part of this picture stands out"
    page = open_page(q="an x-ray of a hand", view="3")
    assert nothing not in page.words
    page.pick("viewer_where", True)
    assert not any(map(any, page.gallery("viewer")["heat"]))
    assert nothing in page.words
