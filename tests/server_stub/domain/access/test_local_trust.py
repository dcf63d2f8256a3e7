"""Trust by address: who is trusted, and each reason why a request from there is not, in a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.access import local_trust
from server_stub.domain.base.errors import Invalid, Unauthenticated

HERE = {"HOST": "127.0.0.1:8443", "USER-AGENT": "vshell/1", "ACCEPT": "application/json"}
BOTH = frozenset({"loopback", "docker"})


@pytest.mark.parametrize(
    ("trusted", "source", "name"),
    [
        ("loopback", "127.0.0.1", "loopback"),
        ("loopback", "::1", "loopback"),
        ("loopback", "::ffff:127.0.0.1", "loopback"),
        ("loopback docker", "172.17.0.1", "docker"),
        ("loopback docker", "127.0.0.1", "loopback"),
        ("docker", "172.16.0.0", "docker"),
        ("docker", "172.31.255.255", "docker"),
        ("docker", "::ffff:172.17.0.1", "docker"),
        ("docker", "127.0.0.1", None),
        ("loopback", "172.17.0.1", None),
        ("loopback docker", "127.0.0.2", None),
        ("loopback docker", "172.32.0.0", None),
        ("loopback docker", "172.15.255.255", None),
        ("loopback docker", "10.0.0.1", None),
        ("loopback docker", "192.168.0.1", None),
        ("loopback docker", "169.254.0.1", None),
        ("loopback docker", "::", None),
        ("loopback docker", "fe80::1%eth0", None),
        ("loopback docker", "2001:db8::1", None),
        ("loopback docker", "localhost", None),
        ("loopback docker", "", None),
        ("", "127.0.0.1", None),
    ],
)
def test_only_the_named_addresses_are_trusted(trusted: str, source: str, name: str | None) -> None:
    assert local_trust.find(local_trust.check(trusted.split()), source, HERE) == name


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("AUTHORIZATION", "judged by that"),
        ("X-VAULT-TOKEN", "judged by that"),
        ("COOKIE", "judged by that"),
        ("PROXY-AUTHORIZATION", "judged by that"),
        ("FORWARDED", "Forwarded says that it came through a proxy"),
        ("X-FORWARDED", "X-Forwarded says that it came through a proxy"),
        ("X-FORWARDED-FOR", "X-Forwarded-For says that it came through a proxy"),
        ("X-FORWARDED-HOST", "a proxy"),
        ("X-FORWARDED-ANYTHING", "a proxy"),
        ("x-forwarded-proto", "a proxy"),
        ("X-REAL-IP", "X-Real-Ip says that it came through a proxy"),
        ("VIA", "a proxy"),
        ("ORIGIN", "Origin says that it came through a browser"),
        ("SEC-FETCH-SITE", "Sec-Fetch-Site says that it came through a browser"),
        ("SEC-FETCH-ANYTHING", "a browser"),
    ],
)
@pytest.mark.parametrize("value", ["", "x", "same-origin", "127.0.0.1"])
def test_a_header_that_speaks_against_it(header: str, why: str, value: str) -> None:
    with pytest.raises(Unauthenticated, match="the address is trusted, but") as refused:
        local_trust.find(BOTH, "127.0.0.1", {**HERE, header: value})
    assert why in refused.value.sentence
    assert local_trust.find(BOTH, "192.0.2.1", {**HERE, header: value}) is None


@pytest.mark.parametrize(
    "host",
    ["localhost", "LocalHost", "localhost:1", "127.0.0.1", "127.0.0.1:65535", "127.1.2.3", "[::1]", "[::1]:8443"],
)
def test_a_host_that_leads_here(host: str) -> None:
    assert local_trust.find(BOTH, "::1", {**HERE, "HOST": host}) == "loopback"


FOREIGN = [
    "",
    "evil.test",
    "evil.test:8443",
    "localhost.evil.test",
    "127.0.0.1.evil.test",
    "evil.test#localhost",
    "localhost@evil.test",
    "evil@localhost",
    "localhost.",
    "127.0.0.1.",
    "sub.localhost",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "0.0.0.0",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "::1",
    "[::1",
    "[::1%lo]",
    "172.17.0.1",
    "192.168.0.1",
    "localhost,evil.test",
    "localhost,localhost",
    "localhost localhost",
    " localhost",
    "localhost\n",
    "localhost:",
    "localhost:x",
    "localhost:80:80",
    "localhost:123456",
    "localhost/",
    "http://localhost",
    "lo\u0441alhost",
    "localhos\u0442",
    "\uff11\uff12\uff17.0.0.1",
]


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_host(host: str) -> None:
    with pytest.raises(Unauthenticated, match="is not a loopback name or address"):
        local_trust.find(BOTH, "127.0.0.1", {**HERE, "HOST": host})


def test_what_proxies_speak() -> None:
    """nginx adds no header by itself, and names a loopback Host; HTTP/1.0 tells it."""
    with pytest.raises(Unauthenticated, match=r"HTTP/1\.0 is what a proxy speaks"):
        local_trust.find(BOTH, "127.0.0.1", HERE, "HTTP/1.0")
    assert local_trust.find(BOTH, "192.0.2.1", HERE, "HTTP/1.0") is None


def test_no_host_at_all() -> None:
    with pytest.raises(Unauthenticated, match="Host"):
        local_trust.find(BOTH, "127.0.0.1", {})


@given(st.text(max_size=40))
def test_any_text_as_host_is_judged(host: str) -> None:
    try:
        assert local_trust.find(BOTH, "127.0.0.1", {"HOST": host}) == "loopback"
    except Unauthenticated:
        return
    assert host.lower().startswith(("localhost", "127.", "[::1", "[0"))


@given(st.text(max_size=40))
def test_any_text_as_source_is_judged(source: str) -> None:
    assert local_trust.find(BOTH, source, HERE) in (None, "loopback", "docker")


@pytest.mark.parametrize(
    ("names", "found"), [([], set()), (["none"], set()), (["loopback"], {"loopback"}), (["docker"] * 2, {"docker"})]
)
def test_names_of_trust(names: list[str], found: set[str]) -> None:
    assert local_trust.check(names) == found


@pytest.mark.parametrize("names", [["all"], ["loopback", "127.0.0.1"], ["none", "loopback"], [""]])
def test_what_is_no_trust(names: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        local_trust.check(names)
    assert refused.value.hint


def test_the_start_says_what_is_trusted() -> None:
    assert local_trust.describe(frozenset()) == []
    loopback, docker = local_trust.describe(BOTH)
    assert "127.0.0.1 and ::1 (--trust loopback)" in loopback
    assert "172.16.0.0/12 (--trust docker)" in docker
