"""A picture from an http(s) address, with limits."""

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from functools import partial
from typing import Any

from engine.encoder import ImageError

MAX_BYTES = 50 << 20
TIMEOUT_SECONDS = 10.0
"""For every wait; the whole picture may take three times as long."""

_PIECE = 1 << 16


def fetch(address: str, public_only: bool = False) -> bytes:
    """The content behind an http(s) address.

    Args:
        address: of the picture.
        public_only: refuse machines of the local network, and this one: for addresses that come
            from others, who could otherwise look around behind the firewall. Redirections and
            names that lead there are refused, too; a proxy is not used then.

    Raises:
        ImageError: not reachable, not found, not allowed, too large, or too slow.
    """
    request = urllib.request.Request(address, headers={"User-Agent": "visual-search"})
    opener = _public if public_only else _any
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            content = _read(response, address)
    except urllib.error.HTTPError as error:
        raise ImageError(f"{address}: the server answered {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise ImageError(f"{address}: cannot be reached: {error.reason}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ImageError(f"{address}: cannot be read: {error}") from error
    return content


def _read(response: Any, address: str) -> bytes:
    content, until = bytearray(), time.monotonic() + 3 * TIMEOUT_SECONDS
    while piece := response.read1(_PIECE):
        content += piece
        if len(content) > MAX_BYTES:
            raise ImageError(f"{address}: larger than {MAX_BYTES >> 20} MB")
        if time.monotonic() > until:
            raise ImageError(f"{address}: takes too long")
    return bytes(content)


def _connect_to_public(
    address: tuple[str, int], timeout: float | None = None, source_address: Any = None
) -> socket.socket:
    """As `socket.create_connection`, to the very address that was looked at."""
    host, port = address
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not found or not all(_is_public(str(entry[4][0])) for entry in found):
        raise OSError("it is on a private network, from where pictures are not fetched")
    checked = str(found[0][4][0])
    return socket.create_connection((checked, port), timeout, source_address)


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return (inner or found).is_global and not found.is_multicast


class _PublicHTTP(http.client.HTTPConnection):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._create_connection = _connect_to_public


class _PublicHTTPS(http.client.HTTPSConnection):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._create_connection = _connect_to_public


class _PublicHTTPHandler(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_PublicHTTP), req)


class _PublicHTTPSHandler(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_PublicHTTPS), req)


def _opener(*handlers: type[urllib.request.BaseHandler]) -> urllib.request.OpenerDirector:
    """Without the handlers that would follow a redirect to file: or ftp:."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        *handlers,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


_any = _opener(urllib.request.ProxyHandler, urllib.request.HTTPHandler, urllib.request.HTTPSHandler)
_public = _opener(_PublicHTTPHandler, _PublicHTTPSHandler)
