import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from engine.encoder import ImageError
from engine.query import fetch as module
from engine.query.fetch import fetch


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/picture":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"content")
        elif self.path == "/to-file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
            self.end_headers()
        elif self.path == "/to-picture":
            self.send_response(302)
            self.send_header("Location", "/picture")
            self.end_headers()
        else:
            self.send_error(404)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_content_also_behind_a_redirect(address: str) -> None:
    assert fetch(f"{address}/picture") == b"content"
    assert fetch(f"{address}/to-picture") == b"content"


def test_a_missing_page_is_named_with_the_answer(address: str) -> None:
    with pytest.raises(ImageError, match="/nothing: the server answered 404"):
        fetch(f"{address}/nothing")


def test_a_redirect_to_a_local_file_is_refused(address: str) -> None:
    with pytest.raises(ImageError, match="to-file"):
        fetch(f"{address}/to-file")


def test_a_dead_server_is_an_image_error() -> None:
    with pytest.raises(ImageError, match="cannot be reached"):
        fetch("http://127.0.0.1:9/picture")


def test_too_much_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 3)
    with pytest.raises(ImageError, match="larger than"):
        fetch(f"{address}/picture")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "2130706433", "0.0.0.0", "[::ffff:127.0.0.1]", "0x7f.1"],
)
def test_this_machine_is_refused_where_addresses_come_from_others(address: str, host: str) -> None:
    port = address.rsplit(":", 1)[1]
    with pytest.raises(ImageError, match=r"private network|cannot be reached"):
        fetch(f"http://{host}:{port}/picture", public_only=True)


@pytest.mark.parametrize(
    ("found", "is_public"),
    [
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:a00:1::", False),
        ("224.0.0.1", False),
        ("1.1.1.1", True),
        ("2606:4700::1111", True),
    ],
)
def test_only_public_addresses_are_public(found: str, is_public: bool) -> None:
    assert module._is_public(found) == is_public


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(0, 0, 0, "", (one, 80)) for one in ("1.1.1.1", "127.0.0.1")]
    monkeypatch.setattr(module.socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(ImageError, match="private network"):
        fetch("http://pictures.example/a.jpg", public_only=True)


def test_a_slow_drip_is_given_up(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", -1.0 / 3)
    with pytest.raises(ImageError, match=r"too long|cannot be"):
        fetch(f"{address}/picture")
