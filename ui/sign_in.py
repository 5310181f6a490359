"""Signing in, where the app is set up for it: Streamlit's own login, by OpenID Connect."""

import json

import streamlit as st
from starlette.requests import HTTPConnection
from streamlit.auth_util import get_cookie_with_chunks, get_signing_secret
from streamlit.errors import StreamlitAuthError
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from ui.text import code


def is_required() -> bool:
    """Whether the secrets have a section `[auth]`: then nobody is let in without signing in."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def is_signed_in() -> bool:
    """Whether this visitor may go on."""
    return not is_required() or bool(st.user.get("is_logged_in", False))


def ask() -> None:
    """The page of somebody who has not signed in yet."""
    with st.container(key="narrow"):
        st.title("Visual search", anchor=False)
        st.markdown("Please sign in to see the pictures.")
        if st.button("Sign in", key="sign_in", type="primary", icon=":material/login:"):
            try:
                st.login()
            except StreamlitAuthError as error:
                st.error(
                    f"Signing in is not set up completely: {code(str(error))}",
                    icon=":material/lock:",
                )


def account() -> None:
    """Who has signed in, and the way out; nothing where nobody has to."""
    if not is_required():
        return
    with st.container(horizontal=True, vertical_alignment="center", key="account"):
        name = st.user.get("name") or st.user.get("email") or ""
        st.markdown(f"Signed in as {code(str(name))}" if name else "Signed in", width="content")
        st.button("Sign out", key="sign_out", icon=":material/logout:", on_click=st.logout)


def may_see(request: HTTPConnection) -> bool:
    """Whether whoever asks the server for a picture has signed in, as Streamlit's cookie says."""
    if not is_required():
        return True
    secret = get_signing_secret()

    def cookie(name: str) -> bytes | None:
        value = request.cookies.get(name)
        return decode_signed_value(secret, name, value.encode("latin-1")) if value else None

    try:
        told = json.loads(get_cookie_with_chunks(cookie, USER_COOKIE_NAME) or b"{}")
    except ValueError:  # not text, or no JSON
        return False
    return isinstance(told, dict) and told.get("is_logged_in") is True
