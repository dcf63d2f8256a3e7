"""Addresses, loopback and fingerprints."""

from __future__ import annotations

import pytest

from vshell.errors import Mistake
from vshell.state.trust import find_authorities, is_loopback, may_carry_secrets, parse_fingerprint, parse_origin


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://VMS.Example:8443/", "https://vms.example:8443"),
        ("vms.example", "https://vms.example"),
        ("vms.example:8443", "https://vms.example:8443"),
        ("https://vms.example:443", "https://vms.example"),
        ("http://vms.example:80", "http://vms.example"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        (" https://vms.example ", "https://vms.example"),
    ],
)
def test_an_address_means_an_origin(typed: str, meant: str) -> None:
    assert parse_origin(typed) == meant
    assert parse_origin(meant) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ftp://vms.example",
        "https://",
        "https://vms.example:port",
        "https://vms.example:99999",
        "https://bob:secret@vms.example",
        "https://vms.example/api",
        "https://vms.example?x=1",
        "https://vms.example#x",
        "https://[::1",
        "https://a b",
    ],
)
def test_what_is_no_address_is_a_mistake(typed: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse_origin(typed)
    assert "secret" not in caught.value.sentence + (caught.value.hint or "")


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]", True),
        ("http://localhost:8443", True),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1.example", False),
        ("http://localhost.example", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, here: bool) -> None:
    assert is_loopback(url) is here
    assert may_carry_secrets(url) is here
    assert may_carry_secrets(url.replace("http:", "https:"))


@pytest.mark.parametrize("typed", ["ab" * 32, "AB:" * 31 + "AB", "SHA256:" + "ab" * 32, "sha256:" + "AB:" * 31 + "ab"])
def test_a_fingerprint_in_any_spelling(typed: str) -> None:
    assert parse_fingerprint(typed) == "ab" * 32


@pytest.mark.parametrize("typed", ["", "ab", "ab" * 33, "xy" * 32])
def test_what_is_no_fingerprint(typed: str) -> None:
    with pytest.raises(Mistake):
        parse_fingerprint(typed)


def test_the_environment_may_name_authorities() -> None:
    assert find_authorities({}) is True
    assert find_authorities({"SSL_CERT_FILE": "/a"}) == "/a"
    assert find_authorities({"SSL_CERT_FILE": "/a", "REQUESTS_CA_BUNDLE": "/b"}) == "/b"
