"""The style sheet is in the page before anything else is drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from ui.style import Styled

PAGE = "<!doctype html><title>x</title><body><p>caf\u00e9 </body> " + "x" * 2_000
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding": "gzip"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "data.json").write_text('{"a": "</body>"}')
    app = Starlette(
        routes=[
            Route("/page", lambda _: HTMLResponse(PAGE)),
            Route("/told", lambda _: JSONResponse({"a": "</body>"})),
            Route("/file", lambda _: FileResponse(tmp_path / "data.json")),
            Mount("/", StaticFiles(directory=tmp_path, html=True)),
        ],
        middleware=[Middleware(Styled), Middleware(GZipMiddleware, minimum_size=10)],
    )
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("address", ["/page", "/"])
def test_a_page_has_the_sheet_at_its_end(client: TestClient, address: str, project: Path):
    answer = client.get(address, headers=BROWSER)
    sheet = (project / "ui" / "style.css").read_text(encoding="utf-8")
    assert answer.text == PAGE.replace("</body>", f"<style>{sheet}</style></body>", 1)
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_a_page_is_never_said_to_be_the_one_of_another_version(client: TestClient):
    answer = client.get("/", headers=BROWSER)
    assert "ETag" not in answer.headers
    assert "Last-Modified" not in answer.headers
    again = {**BROWSER, "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT", "Range": "bytes=0-9"}
    assert client.get("/", headers=again).content == answer.content


@pytest.mark.parametrize("address", ["/told", "/file"])
def test_other_answers_pass_as_they_are(client: TestClient, address: str):
    for accept in ("*/*", BROWSER["Accept"]):
        answer = client.get(address, headers={"Accept": accept})
        assert answer.json() == {"a": "</body>"}


def test_what_is_no_page_for_a_browser_is_left_alone(client: TestClient):
    assert client.get("/page", headers={"Accept": "application/json"}).text == PAGE
    assert client.head("/page", headers=BROWSER).content == b""
