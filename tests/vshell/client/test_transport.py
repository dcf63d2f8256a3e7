"""Which way a request goes: plainly on this machine alone, and only without TLS."""

import socket

import pytest

from vshell.client import transport
from vshell.client.loopback import Loopback
from vshell.client.requests_transport import open_session
from vshell.client.transport import seen_fingerprint
from vshell.state.trust import MACHINE


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
    wire = transport.open_transport(url, MACHINE)
    assert isinstance(wire, Loopback) is plain
    wire.close()


def test_a_transport_of_a_test_is_used() -> None:
    from requests.adapters import HTTPAdapter

    wire = transport.open_transport("http://127.0.0.1:1", MACHINE, HTTPAdapter())
    assert isinstance(wire, type(open_session("https://x", MACHINE)))


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="Port"):
        transport.open_transport("http://127.0.0.1:99999", MACHINE)


def test_nobody_shows_a_certificate() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert seen_fingerprint(f"https://127.0.0.1:{port}") is None
