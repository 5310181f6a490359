"""Signing in at a provider, and out again: the whole way, in a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from vs_browser import go_to
from vs_provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider

from engine import SearchEngine
from engine.encoder import Encoder

pytestmark = pytest.mark.browser

SECRET = "a secret of this test alone, long enough"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider(name="Ada <b>", email="ada@example.org") as provider:
        yield provider


@pytest.fixture
def guarded(indexed: Path, tmp_path: Path, run_app, provider: Provider) -> str:
    """The address of an app that lets in whoever the provider lets in."""
    shutil.copytree(indexed, tmp_path / "library")
    secrets = tmp_path / "secrets.toml"
    app = run_app(tmp_path / "library", STREAMLIT_SECRETS_FILES=str(secrets))
    secrets.write_text(
        f'[auth]\nredirect_uri = "{app}oauth2callback"\ncookie_secret = "{SECRET}"\n'
        f'client_id = "{CLIENT_ID}"\nclient_secret = "{CLIENT_SECRET}"\n'
        f'server_metadata_url = "{provider.metadata_url}"\n'
    )
    return app


@pytest.fixture
def picture(indexed: Path, encoder: Encoder, guarded: str) -> str:
    """The address of a small picture."""
    with SearchEngine.with_encoder(encoder, indexed) as engine:
        return f"{guarded}pictures/small/{engine.images()[0].digest}"


def sign_in(page: Page, answer: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=answer).click()


def test_who_has_not_signed_in_sees_neither_pages_nor_pictures(guarded, picture, open_page):
    page = open_page(guarded)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("link", name="Library")).to_have_count(0)
    assert page.request.get(picture).status == 403


def test_signing_in_and_out(guarded, picture, open_page):
    page = open_page(guarded)
    sign_in(page, "Allow")
    go_to(page, "Settings")
    expect(page.get_by_text("Signed in as Ada <b>")).to_be_visible()
    assert page.request.get(picture).status == 200
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(guarded)  # the way out has been gone, which takes the cookie away
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.request.get(picture).status == 403


def test_whom_the_provider_refuses_stays_outside(guarded, picture, open_page):
    page = open_page(guarded)
    sign_in(page, "Refuse")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.request.get(picture).status == 403
