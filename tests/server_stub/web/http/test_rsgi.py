"""Bodies over a real socket: whole or not at all, in time, within bounds, and nobody waits for a slow one."""

import asyncio
import json
import socket
import threading
import time
import urllib.parse
from collections.abc import AsyncIterator, Iterator
from typing import Any

import falcon
import pytest

from server_stub.store import database
from server_stub.web.http import rsgi
from server_stub.web.http.rsgi import Body, Gateway, environ
from tests.processes import Server
from tests.wire import raw


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


def request(server: Server, method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    """Write a request by local-admin."""
    lines = [f"{method} /api{path} HTTP/1.1", "Host: x", f"Authorization: Bearer {server.local_admin}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.fixture
def token_id(shared_server: Server) -> Iterator[str]:
    """A token of the built-in manager support."""
    issued = shared_server.create(owner="support")
    yield issued["id"]
    shared_server.call("PATCH", f"/apitokens/{issued['id']}/revoke/")


def name_of(server: Server, token_id: str) -> str:
    """Return the name that a token has now."""
    return str(server.call("GET", f"/apitokens/{token_id}/").json()["name"])


CHUNKED = "Transfer-Encoding: chunked"
RENAMED = b'{"name":"renamed"}'


def test_an_empty_chunked_body_is_no_body(shared_server: Server, token_id: str) -> None:
    sent = request(shared_server, "PATCH", f"/apitokens/{token_id}/revoke/", CHUNKED, body=b"0\r\n\r\n")
    answer = raw(shared_server.url, sent)
    assert (answer.status, answer.json) == (200, "apitoken revoked")


def test_a_body_in_many_chunks_is_read_whole(shared_server: Server, token_id: str) -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in RENAMED) + b"0\r\n\r\n"
    assert (
        raw(shared_server.url, request(shared_server, "PATCH", f"/apitokens/{token_id}/", CHUNKED, body=chunks)).status
        == 200
    )
    assert name_of(shared_server, token_id) == "renamed"


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("Content-Length: 50", RENAMED),
        (CHUNKED, b"12\r\n" + RENAMED + b"\r\n"),
        (CHUNKED, b"12\r\n" + RENAMED + b"\r\nzz\r\n"),
        (CHUNKED, b"ffff\r\n" + RENAMED),
    ],
)
def test_half_a_request_changes_nothing(shared_server: Server, token_id: str, header: str, body: bytes) -> None:
    answer = raw(
        shared_server.url, request(shared_server, "PATCH", f"/apitokens/{token_id}/", header, body=body), end=True
    )
    assert answer.status in (0, 400)
    assert name_of(shared_server, token_id) == "support_api_token"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_refused(shared_server: Server, chunked: bool) -> None:
    big = b'{"name":"' + b"x" * (1 << 20) + b'"}'
    header = CHUNKED if chunked else f"Content-Length: {len(big)}"
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(big), big) if chunked else big
    answer = raw(shared_server.url, request(shared_server, "POST", "/apitokens/", header, body=body))
    assert (answer.status, answer.json["code"]) == (413, "too_large")


def test_a_length_that_nobody_would_send_is_refused_before_the_body(shared_server: Server) -> None:
    answer = raw(shared_server.url, request(shared_server, "POST", "/apitokens/", "Content-Length: 99999999999999999"))
    assert answer.status == 413


@pytest.mark.parametrize("headers", [("Content-Length: 5", "Content-Length: 6"), ("Content-Length: -5",), ("a : b",)])
def test_a_request_of_two_minds_is_refused(shared_server: Server, headers: tuple[str, ...]) -> None:
    assert raw(shared_server.url, request(shared_server, "POST", "/apitokens/", *headers, body=b"xxxxxx")).status == 400


def test_who_sends_slowly_keeps_nobody_waiting(shared_server: Server) -> None:
    address = urllib.parse.urlsplit(shared_server.url)
    slow = []
    for _ in range(4 * rsgi.THREADS):
        connection = socket.create_connection((address.hostname or "", address.port or 80))
        connection.sendall(request(shared_server, "POST", "/apitokens/", "Content-Length: 20", body=b"{"))
        slow.append(connection)
    began = time.monotonic()
    assert shared_server.call("GET", "/apitokens/").status_code == 200
    assert time.monotonic() - began < 2
    for connection in slow:
        connection.close()


class Transport:
    """What Granian would be: pieces of a body, and the answer."""

    def __init__(self, pieces: list[bytes], pause: float = 0):
        self.pieces, self.pause = pieces, pause
        self.answer: tuple[int, Any] = (0, None)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await asyncio.sleep(self.pause)
            yield piece

    def response_bytes(self, status: int, headers: rsgi.Headers, body: bytes) -> None:
        """Keep the answer."""
        self.answer = (status, json.loads(body))


def echo(request: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer what arrived, or the refusal of it."""
    try:
        said = request["wsgi.input"].read().decode()
    except rsgi.Refusal as refusal:
        said = refusal.code
    start_response("200 OK", [])
    return [json.dumps(said).encode()]


def serve(pieces: list[bytes], length: int | None = None, pause: float = 0, seconds: float = 5) -> Any:
    """Pass one request through a gateway and return what the application saw."""
    served = Gateway(echo, lambda: None, seconds=seconds)
    header = ("transfer-encoding", "chunked") if length is None else ("content-length", str(length))
    transport = Transport(pieces, pause)
    asyncio.run(served.__rsgi__(Scope([header]), transport))
    assert served._held == 0
    served._threads.shutdown()
    return transport.answer[1]


def test_a_body_has_its_time_and_no_more() -> None:
    assert serve([b"a", b"b", b""], 2, pause=0.01) == "ab"
    assert serve([b"a", b"b", b""], 2, pause=0.2, seconds=0.1) == "too_slow"


def test_all_bodies_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rsgi, "BODIES_BYTES", 3)
    assert serve([b"abc", b""], 3) == "abc"
    assert serve([b"abcd", b""], 4) == "unavailable"


def test_at_the_end_the_requests_finish_before_what_they_stand_on() -> None:
    order: list[str] = []

    def slow(request: dict[str, Any], start_response: Any) -> list[bytes]:
        time.sleep(0.2)
        order.append("answered")
        start_response("200 OK", [])
        return [b"1"]

    async def run() -> None:
        served = Gateway(slow, lambda: order.append("closed"))
        task = asyncio.create_task(served.__rsgi__(Scope([]), Transport([])))
        await asyncio.sleep(0.05)
        served.__rsgi_del__(asyncio.get_running_loop())
        await task

    asyncio.run(run())
    assert order == ["answered", "closed"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "at_once"),
    [
        ("GET", "/quick", [], True),
        ("GET", "/quick", [("content-length", "0")], True),
        ("GET", "/quick", [("content-length", "2")], False),
        ("GET", "/slow", [], False),
        ("POST", "/quick", [], False),
    ],
)
def test_a_quick_look_needs_no_thread(method: str, path: str, headers: list[tuple[str, str]], at_once: bool) -> None:
    assert threads_of(method, path, headers, must_wait=False) == [at_once]


def test_a_quick_look_that_must_wait_is_done_again_in_a_thread() -> None:
    assert threads_of("GET", "/quick", [], must_wait=True) == [True, False]


def threads_of(method: str, path: str, headers: list[tuple[str, str]], must_wait: bool) -> list[bool]:
    """Serve a request and tell, for each time that it was begun, whether it was on the loop's own thread."""
    begun: list[bool] = []
    ended: list[str] = []

    def application(request: dict[str, Any], start_response: Any) -> list[bytes]:
        begun.append(threading.current_thread() is threading.main_thread())
        if must_wait:
            database.about_to_block()
        ended.append(path)
        start_response("200 OK", [])
        return [b"1"]

    async def run() -> None:
        scope = Scope(headers)
        scope.method, scope.path = method, path
        served = Gateway(application, lambda: None, ["/quick"])
        await served.__rsgi__(scope, Transport([b"ab", b""]))
        served.__rsgi_del__(asyncio.get_running_loop())

    asyncio.run(run())
    assert ended == [path]
    return begun


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
    header = falcon.Request(environ(Scope([("x-vault-token", "a"), ("content-type", "b")]), Body(b""))).get_header
    assert [header(name) for name in ("X-Vault-Token", "Content-Type", "Origin")] == ["a", "b", None]


@pytest.mark.parametrize(("client", "address"), [("192.0.2.1:5", "192.0.2.1"), ("[2001:db8::1]:5", "2001:db8::1")])
def test_the_source_is_the_peer(client: str, address: str) -> None:
    assert environ(Scope([], client), Body(b""))["REMOTE_ADDR"] == address
