"""An OpenID Connect provider on this machine, as small as the standard allows.

It follows OpenID Connect Core 1.0, section 3.1 (the authorization code flow).
"""

import base64
import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "visual-search", "a secret of the provider's"
ALGORITHM = "RS256"


@dataclass
class Provider:
    """What it says of whoever signs in, and what it has promised so far.

    Attributes:
        claims: name and the like.
        address: where it is reached; known once it runs.
        nonces: by code: what each sign-in has to answer with.
    """

    claims: dict[str, str]
    address: str = ""
    nonces: dict[str, str] = field(default_factory=dict)
    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "one"})
    )

    @property
    def metadata_url(self) -> str:
        """What an app has to know of it."""
        return f"{self.address}/.well-known/openid-configuration"

    def metadata(self) -> dict[str, object]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
        }

    def question(self, asked: dict[str, str]) -> str:
        """The page that asks whether to sign in."""
        code = secrets.token_urlsafe()
        self.nonces[code] = asked["nonce"]
        answers = {"Allow": {"code": code}, "Refuse": {"error": "access_denied"}}
        return "<!doctype html><title>Provider</title><h1>Sign in to the provider</h1>" + "".join(
            f'<p><a href="{html.escape(asked["redirect_uri"])}?'
            f'{html.escape(urlencode({**answer, "state": asked["state"]}))}">{name}</a>'
            for name, answer in answers.items()
        )

    def token(self, code: str) -> dict[str, object]:
        """Who has signed in, signed; KeyError if the code was never given, or twice asked for."""
        now = int(time.time())
        told = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonces.pop(code),
            **self.claims,
        }
        signed = jwt.encode({"alg": ALGORITHM, "kid": "one"}, told, self.key)
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": signed}


@contextmanager
def running_provider(**claims: str) -> Iterator[Provider]:
    """A provider that knows one person, until it is left."""
    provider = Provider(claims)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place = urlsplit(self.path)
            if place.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(place.query).items()}
                self.answer("text/html", provider.question(asked))
            elif place.path == "/keys":
                keys = {"keys": [provider.key.as_dict(private=False)]}
                self.answer("application/json", json.dumps(keys))
            else:
                self.answer("application/json", json.dumps(provider.metadata()))

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            own = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
            if self.headers["Authorization"] != f"Basic {own}":
                self.send_error(401)
                return
            self.answer("application/json", json.dumps(provider.token(form["code"][0])))

        def answer(self, kind: str, text: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.address = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()
