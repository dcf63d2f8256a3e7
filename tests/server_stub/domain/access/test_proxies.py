"""Where a request comes from: a named proxy is believed, and nothing that a client writes."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.access import proxies
from server_stub.domain.base.errors import Invalid

NAMED = proxies.check_proxies(["127.0.0.1", "10.1.0.0/16", "2001:db8:1::/48"])
CLIENT = "198.51.100.9"


@pytest.mark.parametrize(
    ("peer", "header", "source"),
    [
        ("127.0.0.1", CLIENT, CLIENT),
        ("::ffff:127.0.0.1", CLIENT, CLIENT),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.2", CLIENT, "127.0.0.2"),
        ("192.0.2.1", CLIENT, "192.0.2.1"),
        ("127.0.0.1", f"203.0.113.1, {CLIENT}", CLIENT),
        ("127.0.0.1", f"127.0.0.1, {CLIENT}", CLIENT),
        ("127.0.0.1", f"{CLIENT}, 10.1.2.3", CLIENT),
        ("127.0.0.1", f"203.0.113.1,{CLIENT} , 10.1.2.3,10.1.2.4", CLIENT),
        ("10.1.255.1", "10.1.0.1, 10.1.0.2", "10.1.0.1"),
        ("127.0.0.1", f"{CLIENT}:4711", CLIENT),
        ("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("127.0.0.1", "2001:DB8:0::7", "2001:db8::7"),
        ("2001:db8:1::5", "2001:db8:1::9, 2001:db8:2::1", "2001:db8:2::1"),
        ("127.0.0.1", f"::ffff:{CLIENT}", CLIENT),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", f"{CLIENT}, unknown, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "fe80::1%evil", "127.0.0.1"),
        ("127.0.0.1", "1" * 100_000, "127.0.0.1"),
        ("127.0.0.1", f"{CLIENT}{', 10.1.2.3' * 40}", "10.1.2.3"),
        ("", CLIENT, ""),
        ("a name", CLIENT, "a name"),
    ],
)
def test_where_a_request_comes_from(peer: str, header: str | None, source: str) -> None:
    assert proxies.find_source(NAMED, peer, header) == source


@given(peer=st.ip_addresses().map(str), header=st.text(max_size=200))
def test_without_a_named_proxy_no_header_counts(peer: str, header: str) -> None:
    assert proxies.find_source(frozenset(), peer, header) == peer
    if not proxies.is_proxy(NAMED, peer):
        assert proxies.find_source(NAMED, peer, header) == peer


@given(written=st.text(max_size=200), client=st.ip_addresses())
def test_what_a_client_writes_never_goes_before_what_the_proxy_saw(
    written: str, client: ipaddress.IPv4Address | ipaddress.IPv6Address
) -> None:
    """nginx appends the address that it was asked from, whatever stands in the header already."""
    found = proxies.find_source(NAMED, "127.0.0.1", f"{written}, {client}")
    if not proxies.is_proxy(NAMED, str(client)):
        mapped = getattr(client, "ipv4_mapped", None)
        assert found == str(mapped or client)


def test_who_is_a_named_proxy() -> None:
    assert proxies.is_proxy(NAMED, "10.1.9.9")
    assert not proxies.is_proxy(NAMED, "10.2.0.1")
    assert not proxies.is_proxy(frozenset(), "127.0.0.1")
    assert not proxies.is_proxy(NAMED, "")


@pytest.mark.parametrize("text", ["", "proxy", "10.1.0.1/16", "0.0.0.0/0", "::/0", "127.0.0.1:80", "10.0.0.0/33"])
def test_what_names_no_proxy(text: str) -> None:
    with pytest.raises(Invalid):
        proxies.check_proxies([text])


def test_the_start_says_whose_word_counts() -> None:
    assert proxies.describe_proxies(frozenset()) == []
    (sentence,) = proxies.describe_proxies(NAMED)
    assert (
        sentence == "X-Forwarded-For is believed when it comes from 10.1.0.0/16, 127.0.0.1, 2001:db8:1::/48 (--proxy)"
    )
