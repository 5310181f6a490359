"""Pictures of the library for the browser, each at an address of its own that it may keep.

An address names the content of a picture, by its digest: it can neither be guessed nor led to a
file that is not in the library, and what it names never changes.
"""

import logging

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from engine import IndexUnavailableError, LibraryError, ModelError
from ui import resources, sign_in

# The server's threads ask for the engine, too; Streamlit would warn that they draw no page.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel("ERROR")

_SMALL, _LARGE = "/pictures/small/{digest}", "/pictures/large/{digest}"
_KEEP = {"Cache-Control": "private, max-age=31536000, immutable"}


def routes() -> list[Route]:
    """What the server answers besides the app's own pages."""
    return [Route(_SMALL, _small), Route(_LARGE, _large)]


def small(digest: str) -> str:
    """The address of a picture's thumbnail."""
    return _address(_SMALL, digest)


def large(digest: str) -> str:
    """The address of a picture as large as a screen."""
    return _address(_LARGE, digest)


def _address(route: str, digest: str) -> str:
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return (f"/{base}" if base else "") + route.format(digest=digest)


# Not `async`: the server runs these in threads, so that nobody waits for a picture of another.
def _small(request: Request) -> Response:
    if not sign_in.may_see(request):
        return _closed()
    try:
        file = resources.open_engine().small_picture(request.path_params["digest"])
    except (LibraryError, ModelError, IndexUnavailableError):
        file = None
    return FileResponse(file, media_type="image/jpeg", headers=_KEEP) if file else _missing()


def _large(request: Request) -> Response:
    if not sign_in.may_see(request):
        return _closed()
    try:
        content = resources.open_engine().large_picture(request.path_params["digest"])
    except (LibraryError, ModelError, IndexUnavailableError):
        content = None
    return Response(content, media_type="image/jpeg", headers=_KEEP) if content else _missing()


def _missing() -> Response:
    return Response("no such picture", status_code=404, media_type="text/plain")


def _closed() -> Response:
    return Response("sign in first", status_code=403, media_type="text/plain")
