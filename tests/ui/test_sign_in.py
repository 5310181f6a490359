"""Signing in: who has not sees neither pages nor pictures."""

import json
from collections.abc import Iterator

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from engine import SearchEngine
from ui import serving, sign_in

SECRET = "a secret of this test alone, long enough"
AUTH = {"cookie_secret": SECRET, "redirect_uri": "http://127.0.0.1:8501/oauth2callback"}


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "is_required", lambda: True)
    monkeypatch.setattr(sign_in, "get_signing_secret", lambda: SECRET)


@pytest.fixture
def client(shared_engine: SearchEngine, required) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=serving.routes())) as client:
        yield client


def cookie(told: object, secret: str = SECRET) -> str:
    return create_signed_value(secret, USER_COOKIE_NAME, json.dumps(told)).decode()


def visit(app: AppTest, is_logged_in: bool) -> AppTest:
    app.secrets["auth"] = AUTH
    app.user = {"is_logged_in": is_logged_in, "name": "*Ada* <b>"}
    return app.run()


def test_pages_are_shown_after_signing_in_only(filled, open_page, project):
    app = AppTest.from_file(str(project / "ui" / "app.py"), default_timeout=60)
    visit(app, is_logged_in=False)
    assert not app.exception
    assert [button.key for button in app.button] == ["sign_in"]
    assert "Please sign in" in app.markdown[0].value
    visit(app, is_logged_in=True)
    assert not app.exception
    assert not any(button.key == "sign_in" for button in app.button)


def test_an_incomplete_set_up_is_explained(filled, open_page, project):
    app = AppTest.from_file(str(project / "ui" / "app.py"), default_timeout=60)
    app.secrets["auth"] = {"cookie_secret": SECRET}
    app.user = {"is_logged_in": False}
    app.run()
    app.button(key="sign_in").click().run()
    assert not app.exception
    assert "not set up completely" in app.error[0].value


def test_without_such_a_section_everybody_is_let_in(filled, open_page):
    page = open_page("settings")
    assert not page.has("sign_out")
    assert not sign_in.is_required()


def test_the_account_stands_among_the_settings(filled, open_page, monkeypatch):
    monkeypatch.setattr(sign_in, "is_required", lambda: True)
    monkeypatch.setattr(st, "user", {"is_logged_in": True, "name": "*Ada* <b>"})
    page = open_page("settings")
    assert "Signed in as `*Ada* <b>`" in page.words
    assert page.has("sign_out")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, 403),
        ("rubbish", 403),
        (cookie({"is_logged_in": False}), 403),
        (cookie(["is_logged_in"]), 403),
        (cookie({"is_logged_in": True}, "another secret, as long as that"), 403),
        (cookie({"is_logged_in": True, "name": "Ada"}), 200),
    ],
    ids=["none", "rubbish", "signed out", "a list", "forged", "signed in"],
)
def test_pictures_are_shown_after_signing_in_only(
    client: TestClient, shared_engine: SearchEngine, given: str | None, status: int
):
    digest = shared_engine.images()[0].digest
    if given is not None:
        client.cookies.set(USER_COOKIE_NAME, given)
    for address in (serving.small(digest), serving.large(digest)):
        assert client.get(address).status_code == status
