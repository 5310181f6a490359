"""The addresses of pictures: what is in the library and nothing else."""

import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import streamlit as st
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from engine import SearchEngine
from ui import serving


@pytest.fixture
def client(shared_engine: SearchEngine) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=serving.routes())) as client:
        yield client


def test_a_picture_comes_small_and_large_and_may_be_kept(
    client: TestClient, shared_engine: SearchEngine
) -> None:
    image = shared_engine.images()[0]
    sides = []
    for address in (serving.small(image.digest), serving.large(image.digest)):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/jpeg"
        assert "immutable" in answer.headers["cache-control"]
        sides.append(max(Image.open(BytesIO(answer.content)).size))
    assert sides[0] <= sides[1] <= 1600


def test_a_vanished_original_is_shown_small(
    client: TestClient, shared_engine: SearchEngine, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = shared_engine.images()[0]
    small = client.get(serving.small(image.digest)).content
    monkeypatch.setattr("engine.facade.showing.read_original", _gone)
    assert client.get(serving.large(image.digest)).content == small
    (filled / "thumbnails" / image.digest[:2] / f"{image.digest}.jpg").unlink()
    assert client.get(serving.large(image.digest)).status_code == 404


def _gone(path: str, digest: str) -> bytes:
    from engine import ImageError

    raise ImageError("gone")


@pytest.mark.parametrize(
    "name", ["0" * 64, "..%2F..%2Flibrary.db", "../../library.db", "%00", "'; DROP TABLE images"]
)
def test_what_is_not_in_the_library_is_not_served(client: TestClient, name: str) -> None:
    for size in ("small", "large"):
        assert client.get(f"/pictures/{size}/{name}").status_code == 404


def test_many_ask_at_once(client: TestClient, shared_engine: SearchEngine) -> None:
    found: list[int] = []
    addresses = [serving.small(image.digest) for image in shared_engine.images()]
    threads = [
        threading.Thread(target=lambda a=a: found.append(client.get(a).status_code))
        for a in addresses
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * len(addresses)


def test_the_address_stands_under_the_base_of_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    assert serving.small("abc") == "/pictures/small/abc"
    monkeypatch.setattr(st, "get_option", lambda name: "gallery/")
    assert serving.large("abc") == "/gallery/pictures/large/abc"
