"""Which way a request goes: plainly on this machine alone, and only without TLS."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.vshell.web import Reply, Web, serving
from vshell.client import client
from vshell.client.requests_transport import RequestsTransport
from vshell.client.transport import Answer, LoopbackTransport, TransportError, read_fingerprint
from vshell.state.identity import MACHINE


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://127.0.0.1:8443", True),
        ("http://localhost", True),
        ("http://[::1]:1", True),
        ("https://127.0.0.1:8443", False),
        ("http://192.0.2.7", False),
        ("http://localhost.example", False),
    ],
)
def test_only_plain_http_on_this_machine_goes_without_requests(url: str, plain: bool) -> None:
    wire = client.open_transport(url, MACHINE)
    assert isinstance(wire, LoopbackTransport) is plain
    wire.close()


def test_a_transport_of_a_test_is_used() -> None:
    from requests.adapters import HTTPAdapter

    wire = client.open_transport("http://127.0.0.1:1", MACHINE, HTTPAdapter())
    assert isinstance(wire, RequestsTransport)


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(TransportError, match="Port"):
        client.open_transport("http://127.0.0.1:99999", MACHINE)


def test_nobody_shows_a_certificate() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert read_fingerprint(f"https://127.0.0.1:{port}") is None


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(lambda asked: Reply(raw=b"yes", headers={"X-Seen": "once"})) as running:
        yield running


def wire_to(url: str) -> LoopbackTransport:
    return LoopbackTransport(url)


def ask(wire: LoopbackTransport, address: str, method: str = "GET", seconds: float = 10) -> Answer:
    return wire.request(method, address, None, {}, (seconds, seconds))


def test_an_answer_has_its_status_headers_and_content(web: Web) -> None:
    with closing(wire_to(web.url)) as wire:
        answer = ask(wire, f"{web.url}/x")
    assert (answer.status_code, answer.content, answer.headers["x-seen"]) == (200, b"yes", "once")
    assert web.asked[0].headers["Accept"] == "application/json"
    assert web.asked[0].headers["User-Agent"].startswith("vshell/")


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/a b/\u00e9?x=1 2&y=%26#end", "/a%20b/%C3%A9?x=1%202&y=%26"),
        ("/a%2Fb?y=%26", "/a%2Fb?y=%26"),
        ("/[1]?q=a+b&y=%26", "/%5B1%5D?q=a+b&y=%26"),
    ],
)
def test_an_address_goes_as_requests_sends_it(web: Web, path: str, sent: str) -> None:
    with closing(wire_to(web.url)) as wire, closing(RequestsTransport(web.url, MACHINE)) as over_requests:
        ask(wire, web.url + path)
        over_requests.session.get(web.url + path)
    assert [asked.path for asked in web.asked] == [sent, sent]


def test_one_connection_is_used_again(web: Web) -> None:
    with closing(wire_to(web.url)) as wire:
        ask(wire, web.url)
        kept = wire._connection.sock
        ask(wire, web.url)
        assert wire._connection.sock is kept


def test_an_answer_that_ctrl_c_left_behind_is_not_taken_for_the_next(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> object:
        raise KeyboardInterrupt

    with closing(wire_to(web.url)) as wire:
        with monkeypatch.context() as context:
            context.setattr(wire._connection, "getresponse", stop)
            with pytest.raises(KeyboardInterrupt):
                ask(wire, f"{web.url}/first")
        web.answer = lambda asked: Reply(raw=asked.path.encode())
        assert ask(wire, f"{web.url}/second").content == b"/second"


def test_what_the_server_has_closed_meanwhile_costs_no_write() -> None:
    closed = threading.Semaphore(0)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"

        def answer_each_once() -> None:
            for _ in range(2):
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65_536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                closed.release()

        thread = threading.Thread(target=answer_each_once)
        thread.start()
        with closing(wire_to(url)) as wire:
            for _ in range(2):
                assert ask(wire, url, "POST").status_code == 200
                assert closed.acquire(timeout=10)
        thread.join()


def test_each_trouble_has_a_kind() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with closing(wire_to(url)) as wire, pytest.raises(TransportError) as slow:
            ask(wire, url, seconds=0.01)
        with closing(wire_to(url)) as wire, pytest.raises(TransportError) as wrong:
            wire.request("GET", url, None, {"X": "a\nb"}, (1, 1))
    with closing(wire_to(url)) as wire, pytest.raises(TransportError) as away:
        ask(wire, url)
    assert [caught.value.kind for caught in (slow, wrong, away)] == ["read timeout", "unsendable", "no server"]


def test_an_answer_that_is_none_is_a_broken_connection(web: Web) -> None:
    web.answer = lambda asked: Reply(drop=True)
    with closing(wire_to(web.url)) as wire, pytest.raises(TransportError) as caught:
        ask(wire, web.url)
    assert caught.value.kind == "dropped"
