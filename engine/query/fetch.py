"""A picture from an http(s) address, with limits."""

import urllib.error
import urllib.request

from engine.encoder import ImageError

MAX_BYTES = 50 << 20
TIMEOUT_SECONDS = 10.0


def fetch(address: str) -> bytes:
    """The content behind an http(s) address.

    Raises:
        ImageError: not reachable, not found, or too large.
    """
    request = urllib.request.Request(address, headers={"User-Agent": "visual-search"})
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            content = response.read(MAX_BYTES + 1)
    except urllib.error.HTTPError as error:
        raise ImageError(f"{address}: the server answered {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise ImageError(f"{address}: cannot be reached: {error.reason}") from error
    except (OSError, ValueError) as error:
        raise ImageError(f"{address}: cannot be read: {error}") from error
    if len(content) > MAX_BYTES:
        raise ImageError(f"{address}: larger than {MAX_BYTES >> 20} MB")
    return content


def _http_only() -> urllib.request.OpenerDirector:
    """Without the handlers that would follow a redirect to file: or ftp:."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


_opener = _http_only()
