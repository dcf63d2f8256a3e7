"""Addresses: one form for each, and the network that a caller is counted by."""

from ipaddress import ip_network

import pytest

from server_stub.domain.base import addresses


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:0DB8:0001:0002::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("local", "local"),
        ("", ""),
        ("x" * 100, "x" * 64),
    ],
)
def test_sources(address: str, counted: str) -> None:
    assert addresses.network(address) == counted


def test_what_is_no_address_is_none() -> None:
    for text in ("", "local", "1.2.3", "127.0.0.1:80", "[::1]"):
        assert addresses.parse(text) is None
    assert str(addresses.parse("::ffff:127.0.0.1")) == "127.0.0.1"


def test_a_single_address_is_written_without_its_length() -> None:
    assert list(map(addresses.describe, addresses_of("127.0.0.1/32", "::1/128", "10.0.0.0/8"))) == [
        "127.0.0.1",
        "::1",
        "10.0.0.0/8",
    ]


def addresses_of(*texts: str) -> list[addresses.Network]:
    """Read networks."""
    return [ip_network(text) for text in texts]
