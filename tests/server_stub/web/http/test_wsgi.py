"""A request as WSGI has it: its headers, its address, its source."""

import pytest

from server_stub.web.http.wsgi import Body, environ, header_of


class Headers(list[tuple[str, str]]):
    """Headers with what Granian's can do."""

    def get(self, name: str) -> str | None:
        """Return the first value of a name."""
        return next((value for found, value in self if found == name), None)

    def items(self) -> list[tuple[str, str]]:
        """Return them all."""
        return list(self)

    def __contains__(self, name: object) -> bool:
        return any(found == name for found, _ in self)


class Scope:
    """A request as Granian tells it."""

    method, path, query_string, http_version, scheme = "POST", "/é", "a=1", "1.1", "http"

    authority: str | None = None

    def __init__(self, headers: list[tuple[str, str]], client: str = "192.0.2.1:5"):
        self.headers, self.client, self.server = Headers(headers), client, "127.0.0.1:80"


def test_the_protocol_is_written_as_wsgi_wants_it() -> None:
    scope = Scope([])
    assert environ(scope, Body(b""))["SERVER_PROTOCOL"] == "HTTP/1.1"
    scope.http_version = "1"
    assert environ(scope, Body(b""))["SERVER_PROTOCOL"] == "HTTP/1.0"


def test_a_header_with_an_underscore_passes_for_no_other() -> None:
    scope = Scope([("x_vault_token", "a"), ("x-vault-token", "b"), ("x-vault-token", "c"), ("content-type", "d")])
    request = environ(scope, Body(b""))
    assert request["HTTP_X_VAULT_TOKEN"] == "b,c"
    assert request["CONTENT_TYPE"] == "d"
    assert request["PATH_INFO"].encode("latin-1").decode() == "/é"


def test_a_whole_address_says_the_host_whatever_the_header_says() -> None:
    scope = Scope([("host", "localhost")])
    assert environ(scope, Body(b""))["HTTP_HOST"] == "localhost"
    scope.authority = "evil.test:80"
    assert environ(scope, Body(b""))["HTTP_HOST"] == "evil.test:80"


def test_headers_are_read_back_by_their_names() -> None:
    header = header_of(environ(Scope([("x-vault-token", "a"), ("content-type", "b")]), Body(b"")))
    assert [header(name) for name in ("X-Vault-Token", "Content-Type", "Origin")] == ["a", "b", None]


@pytest.mark.parametrize(("client", "address"), [("192.0.2.1:5", "192.0.2.1"), ("[2001:db8::1]:5", "2001:db8::1")])
def test_the_source_is_the_peer(client: str, address: str) -> None:
    assert environ(Scope([], client), Body(b""))["REMOTE_ADDR"] == address
