"""The pages' look, beyond what the theme in `.streamlit/config.toml` sets.

The style sheet is put into the page that the browser loads first. Sent as an element, it would come
after the others, which would be seen to jump to their places.
"""

from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ICON = Path(__file__).with_name("icon.png")
"""The app's picture in the browser's tab; Streamlit would fetch a named icon from the internet."""

_SHEET = Path(__file__).with_name("style.css")
_END = b"</body>"  # after the sheets of Streamlit, which stand in the head: the last one wins
_CONDITIONS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
_STALE = (b"content-length", b"etag", b"last-modified")  # of the page as it was


class Styled:
    """Middleware that adds the style sheet to pages of HTML. Nothing of a user is in it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._style = b"<style>" + _SHEET.read_bytes() + b"</style>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; other answers than pages pass as they are."""
        if scope["type"] != "http" or not _wants_page(scope):
            await self._app(scope, receive, send)
            return
        begin: Message | None = None
        body = b""

        async def change(message: Message) -> None:
            nonlocal begin, body
            if message["type"] == "http.response.start" and _is_page(message):
                begin = message
            elif message["type"] == "http.response.body" and begin is not None:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    body = body.replace(_END, self._style + _END, 1)
                    headers = [h for h in begin["headers"] if h[0].lower() not in _STALE]
                    length = (b"content-length", str(len(body)).encode())
                    await send({**begin, "headers": [*headers, length]})
                    await send({**message, "body": body})
            else:
                await send(message)

        # Whole and as it is: neither packed, nor a part of it, nor that it has not changed.
        plain = [h for h in scope["headers"] if h[0].lower() not in _CONDITIONS]
        await self._app({**scope, "headers": plain}, receive, change)


def _wants_page(scope: Scope) -> bool:
    accepted = dict(scope["headers"]).get(b"accept", b"")
    return scope["method"] == "GET" and b"text/html" in accepted


def _is_page(message: Message) -> bool:
    return dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html")
