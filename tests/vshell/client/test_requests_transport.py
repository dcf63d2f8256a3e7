"""What the requests session is told: pins hold on every way, and what an exception means."""

from __future__ import annotations

import pytest
from requests import exceptions
from urllib3.exceptions import ProtocolError

from vshell.client.requests_transport import PinnedAdapter, RequestsTransport, translate_error
from vshell.state.identity import Trust

PIN = "ab" * 32


def test_a_pin_holds_directly_and_through_a_proxy() -> None:
    adapter = PinnedAdapter(PIN)
    assert adapter.poolmanager.connection_pool_kw["assert_fingerprint"] == PIN
    assert adapter.proxy_manager_for("http://127.0.0.1:1").connection_pool_kw["assert_fingerprint"] == PIN


def test_without_a_pin_the_certificate_is_checked() -> None:
    assert RequestsTransport("https://vms.example", Trust(ca_file="/x.pem")).session.verify == "/x.pem"
    assert RequestsTransport("https://vms.example", Trust()).session.verify


def test_proxies_are_looked_up_but_not_for_this_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert RequestsTransport("https://vms.example", Trust()).session.proxies["https"] == "http://proxy.example:3128"
    assert "https" not in RequestsTransport("https://127.0.0.1:8443", Trust()).session.proxies


@pytest.mark.parametrize(
    ("error", "is_dropped"),
    [
        (exceptions.ConnectionError(ProtocolError("aborted")), True),
        (exceptions.ChunkedEncodingError(), True),
        (exceptions.ConnectionError("refused"), False),
        (exceptions.SSLError("no"), False),
        (exceptions.ReadTimeout(), False),
        (OSError(), False),
    ],
)
def test_only_an_established_connection_can_drop(error: Exception, is_dropped: bool) -> None:
    assert (translate_error(error).kind == "dropped") is is_dropped
