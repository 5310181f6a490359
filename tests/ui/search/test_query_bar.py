from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from engine import ImageError, SearchEngine
from ui.state import MOST_PICTURES


@pytest.fixture
def pictures(few_pictures: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(few_pictures.rglob("*.jpg"))]


@pytest.fixture
def picture(pictures: list[bytes]) -> bytes:
    return pictures[0]


def has_slider(page) -> bool:
    return "w" in [slider.key for slider in page.app.slider]


def test_words_are_searched_and_go_to_the_address(filled, open_page):
    page = open_page()
    page.enter("q", "  red   shoes ")
    assert page.params == {"q": "red shoes"}
    assert len(page.ids) == 40
    assert "40 pictures searched in" in page.words


def test_an_address_fills_in_the_box(filled, open_page):
    assert open_page(q="boat -sunset").app.text_input(key="q").value == "boat -sunset"


def test_a_minus_pushes_away(open_page, shared_engine: SearchEngine):
    page = open_page(q="picture")
    first = shared_engine.image(page.ids[0])
    words = Path(first.path).stem.split("-", 1)[1].replace("-", " ")
    page.enter("q", f'picture -"{words}"')
    assert page.ids[0] != first.id


def test_clearing_the_words_ends_the_search(filled, open_page):
    page = open_page(q="boat")
    page.enter("q", "")
    assert page.params == {}
    assert page.ids == []


def test_new_words_keep_the_pictures_and_close_the_window(filled, open_page):
    page = open_page(q="boat", like="3", unlike="4", view="3", w="0.3")
    page.enter("q", "house")
    assert page.params == {"q": "house", "like": "3", "unlike": "4", "w": "0.3"}


def test_an_uploaded_picture_finds_itself_and_can_be_bookmarked(filled, open_page, picture: bytes):
    page = open_page()
    page.upload("shoe.jpg", picture)
    best = page.ids[0]
    assert list(page.params) == ["example"]
    assert page.has(f"remove_example_{page.params['example']}")
    assert open_page(**page.params).ids[0] == best


def test_several_pictures_are_searched_with_together(filled, open_page, pictures: list[bytes]):
    page = open_page()
    page.upload_all({"a.jpg": pictures[0], "b.jpg": pictures[20]})
    first, second = page.app.query_params["example"]
    assert page.has(f"remove_example_{first}")
    assert page.has(f"remove_example_{second}")
    best = {open_page(example=name).ids[0] for name in (first, second)}
    assert set(page.ids[:2]) == best


def test_a_picture_more_is_added_to_those_before(filled, open_page, pictures: list[bytes]):
    page = open_page(like="3")
    page.upload("a.jpg", pictures[0])
    page.upload("b.jpg", pictures[1])
    assert page.params["like"] == "3"
    assert len(page.app.query_params["example"]) == 2


def test_too_many_pictures_are_told(filled, open_page, pictures: list[bytes]):
    page = open_page()
    page.upload_all({f"{n}.jpg": pictures[n] for n in range(MOST_PICTURES + 2)})
    assert len(page.app.query_params["example"]) == MOST_PICTURES
    assert f"only {MOST_PICTURES} can be searched with" in page.app.error[0].value


def test_the_slider_is_there_only_for_words_and_wanted_picture(filled, open_page, picture: bytes):
    page = open_page(q="boat")
    assert not has_slider(page)
    page.upload("shoe.jpg", picture)
    assert has_slider(page)
    page.enter("q", "")
    assert not has_slider(page)
    assert not has_slider(open_page(like="1"))
    assert not has_slider(open_page(q="boat", unlike="1"))


def test_the_slider_moves_the_results_from_words_to_picture(filled, open_page, picture: bytes):
    page = open_page(q="boat")
    words_only = page.ids
    page.upload("shoe.jpg", picture)
    page.pick("w", 95)
    assert page.params["w"] == "0.95"
    mostly_picture = page.ids
    page.pick("w", 5)
    mostly_words = page.ids
    same = [len(set(words_only[:12]) & set(ids[:12])) for ids in (mostly_words, mostly_picture)]
    assert same[0] > same[1]


def test_an_unreadable_upload_is_named_with_the_reason(filled, open_page):
    page = open_page(q="boat")
    before = page.ids
    page.upload("holiday *2*.jpg", b"this is a letter")
    assert "`holiday *2*.jpg: " in page.app.error[0].value
    assert "the content is text" in page.app.error[0].value
    assert page.ids == before
    assert page.params == {"q": "boat"}
    page.enter("q", "house")
    assert not page.app.error


def test_of_several_the_readable_are_searched_with(filled, open_page, picture: bytes):
    page = open_page()
    page.upload_all({"letter.jpg": b"this is a letter", "shoe.jpg": picture, "none.jpg": b""})
    assert [error.value.split("`")[1].split(":")[0] for error in page.app.error] == [
        "letter.jpg",
        "none.jpg",
    ]
    assert list(page.params) == ["example"]
    assert page.ids


def test_a_full_disk_is_told(filled, open_page, picture: bytes, monkeypatch):
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SearchEngine, "save_example", full)
    page = open_page()
    page.upload("shoe.jpg", picture)
    assert "No space left on device" in page.app.error[0].value


def test_an_example_that_is_damaged_later_is_told(filled, open_page, picture: bytes, monkeypatch):
    page = open_page()
    page.upload("shoe.jpg", picture)

    def damaged(*_: object, **__: object) -> None:
        raise ImageError("damaged: <b>broken</b>")

    monkeypatch.setattr(SearchEngine, "search", damaged)
    page.enter("q", "boat")
    assert "`damaged: <b>broken</b>`" in page.app.error[0].value


def test_a_picture_of_the_private_network_is_not_fetched(filled, open_page, picture: bytes):
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # named by the base class
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(picture)

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = open_page(q="boat")
        before = page.ids
        for host in ("127.0.0.1", "localhost"):
            page.enter("q", f"http://{host}:{server.server_port}/shoe.jpg")
            assert "private network" in page.app.error[0].value
            assert page.params == {"q": "boat"}
            assert page.ids == before
        server.shutdown()
    assert asked == []


def test_the_picture_behind_an_address_is_searched_with(
    filled, open_page, picture: bytes, monkeypatch
):
    monkeypatch.setattr(
        SearchEngine, "fetch_example", lambda engine, address: engine.save_example(picture)
    )
    page = open_page(q="boat")
    page.enter("q", "HTTPS://example.com/shoe.jpg?large=1")
    assert page.params["q"] == "boat"
    assert page.app.text_input(key="q").value == "boat"
    assert page.has(f"remove_example_{page.params['example']}")


def test_words_around_an_address_are_words(filled, open_page):
    page = open_page()
    page.enter("q", "boats https://example.com/a.jpg")
    assert page.params == {"q": "boats https://example.com/a.jpg"}
