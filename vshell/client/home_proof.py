"""The proof of which named server issued a token, so that the token goes to its own server.

- One that this shell made or stored is known by its id (``token_origins``).
- Of any other, the named servers are asked for a proof, all at once; the token is shown to none of them. They are sent
  its public id and a nonce, without a credential. The one that issued it has its SHA-256 digest, as we do, and
  answers with a salt and ``HMAC-SHA256(digest, "vshell home\\n" ORIGIN "\\n" ID "\\n" NONCE SALT)``; nobody else can.
- ORIGIN is the address by which we know the server: one that passed the question on to the token's home would get a
  proof for that address. So a server that is reached by another address than its own (``--public-url``) proves nothing.
- What was proved is remembered by the id. Where fewer than two servers are named there is nothing to ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from vshell.errors import ShellError
from vshell.formats.text import id_of
from vshell.state import servers, token_origins
from vshell.state.servers import Server

NONCE_BYTES = 32
WAIT_SECONDS = 3.0
MOST_ASKED = 16


def find_home(token: str, environment: Mapping[str, str]) -> str | None:
    """Return the origin of the server that a token is of, None where that is neither known nor proved."""
    token = token.strip()
    known = token_origins.find_origin(token, environment)
    token_id = id_of(token)
    if known is not None or token_id is None:
        return known
    named = list({server.url: server for server in servers.list_servers(environment).values()}.values())[:MOST_ASKED]
    if len(named) < 2:
        return None
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(named)) as askers:
        proved = list(askers.map(lambda server: _is_home(server, token, token_id), named))
    home = next((server.url for server, is_home in zip(named, proved, strict=True) if is_home), None)
    if home is not None:
        token_origins.learn_origins({token_id: home}, environment)
    return home


def _is_home(server: Server, token: str, token_id: str) -> bool:
    """Return whether a server proves that it issued the token."""
    import hmac
    from hashlib import sha256
    from secrets import token_bytes

    from vshell.client.client import HttpClient

    nonce = token_bytes(NONCE_BYTES)
    try:
        with closing(HttpClient.at(server.url, trust=server.trust, timeout=WAIT_SECONDS)) as api:
            path, query = f"/apitokens/{token_id}/home/", {"nonce": nonce.hex()}
            answer: Any = api.request("GET", path, query=query, signed=False)
        salt, proof = (bytes.fromhex(answer[name]) for name in ("salt", "proof"))
    except (ShellError, KeyError, TypeError, ValueError):
        return False  # It does not answer, or is of a version that proves nothing.
    message = f"vshell home\n{server.url}\n{token_id}\n".encode() + nonce + salt
    return hmac.compare_digest(hmac.digest(sha256(token.encode()).digest(), message, "sha256"), proof)
