"""A request as WSGI has it (PEP 3333): made of Granian's (RSGI 1.5), and its headers read back.

In Granian's scope the path is decoded, names of headers are lower case, and the version "1" is HTTP/1.0.
"""

import functools
import sys
from typing import TYPE_CHECKING, Any

from server_stub.domain.base.errors import Refusal
from server_stub.operations.context import Header

if TYPE_CHECKING:
    from granian.rsgi import Scope


class Body:
    """What the application reads as its input: the content, or the refusal of it."""

    def __init__(self, content: bytes, refusal: Refusal | None = None):
        self._content = content
        self._refusal = refusal

    def read(self, size: int = -1, /) -> bytes:
        """Return the content, once; raise the refusal."""
        if self._refusal is not None:
            raise self._refusal
        content, self._content = self._content, b""
        return content


@functools.lru_cache(maxsize=256)
def key_of(header: str) -> str:
    """Return where a header stands in a WSGI environment (PEP 3333)."""
    key = header.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


@functools.lru_cache(maxsize=1_024)
def place_of(text: str) -> tuple[str, str]:
    """Return the address and the port of ``address:port``, where an IPv6 one stands in brackets."""
    address, _, port = text.rpartition(":")
    return address.strip("[]"), port


def environ(scope: "Scope", body: Body) -> dict[str, Any]:
    """Write a request as WSGI wants it (PEP 3333)."""
    server, port = place_of(scope.server)
    request: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.0" if scope.http_version == "1" else f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": place_of(scope.client)[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" not in name:  # X_Vault_Token would otherwise pass for X-Vault-Token, whatever a proxy thinks of it
            key = key_of(name)
            request[key] = f"{request[key]},{value}" if key in request else value
    if scope.authority is not None:  # of a whole address in the first line; Host does not count then (RFC 9112, 3.2.2)
        request["HTTP_HOST"] = scope.authority
    return request


def header_of(request: dict[str, Any]) -> Header:
    """Return what gives a request's header by its name."""

    def header(name: str) -> str | None:
        return request.get(key_of(name))

    return header
