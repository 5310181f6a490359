"""What the hub answers, by a hub on this machine."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from export.checkpoints.checkpoint import model_type
from export.errors import ExportError


@pytest.fixture
def hub(torch, monkeypatch, tmp_path):
    """Its answer to every request: a status and headers."""
    from huggingface_hub.utils import reset_sessions

    answer = {}

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(answer["status"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", place)
    monkeypatch.setattr(
        "huggingface_hub.file_download.HUGGINGFACE_CO_URL_TEMPLATE",
        place + "/{repo_id}/resolve/{revision}/{filename}",
    )
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    # A connection that another test made offline would be taken again.
    reset_sessions()
    yield answer
    reset_sessions()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (403, "GatedRepo", "its owner asks for consent"),
        (401, "RepoNotFound", "no such id at the hub, or a private one"),
        (404, "EntryNotFound", "cannot be downloaded: config.json, preprocessor_config.json"),
    ],
)
def test_each_refusal_says_what_to_do(hub, status, code, said):
    hub.update(status=status, headers={"X-Error-Code": code, "X-Repo-Commit": "0" * 40})
    with pytest.raises(ExportError, match=said) as caught:
        model_type("somebody/tiny-clip")
    assert str(caught.value).startswith("somebody/tiny-clip: ")
