"""Headers: cookies by name, set so that neither scripts nor other sites come near them, and the URL of the caller."""

import pytest

from server_stub.operations.context import Header, ReadContext, ServerContext
from server_stub.web.http import headers


def sent(text: str | None) -> Header:
    return {"Cookie": text}.get


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, None),
        ("", None),
        ("a=1", "1"),
        (' b=2 ;  a="1"', "1"),
        ("a=1; a=1", "1"),
        ("a=1; a=2", None),
        ("aa=1; __Host-a=2; A=3", None),
        ("a", ""),
        ("a=b=c", "b=c"),
    ],
)
def test_the_one_cookie_of_a_name_counts(text: str | None, found: str | None) -> None:
    assert headers.find_cookie(sent(text), "a") == found


def test_a_cookie_is_kept_from_scripts_other_sites_and_neighbours() -> None:
    assert headers.write_cookie("a", "1", secure=False) == "a=1; Path=/; HttpOnly; SameSite=Strict"
    assert headers.write_cookie("a", "1", secure=True) == "__Host-a=1; Path=/; HttpOnly; SameSite=Strict; Secure"
    assert headers.write_cookie("a", "", secure=True).endswith("; Secure; Max-Age=0")
    assert headers.cookie_name("a", secure=True) == "__Host-a"


@pytest.mark.parametrize(
    ("url", "host", "told"),
    [
        ("https://tokens.example", "evil.test", "https://tokens.example"),
        ("http://127.0.0.1:8443", "127.0.0.1:8443", "http://127.0.0.1:8443"),
        ("https://127.0.0.1:8443", "tokens.lan:8443", "https://tokens.lan:8443"),
        ("https://[::1]:8443", "[fd00::1]:8443", "https://[fd00::1]:8443"),
        ("https://127.0.0.1:8443", "a/b", "https://127.0.0.1:8443"),
        ("https://127.0.0.1:8443", "a@b", "https://127.0.0.1:8443"),
        ("https://127.0.0.1:8443", None, "https://127.0.0.1:8443"),
        ("", "a", ""),
    ],
)
def test_the_caller_is_told_the_public_url_or_else_the_one_that_they_used(
    url: str, host: str | None, told: str
) -> None:
    site = ServerContext("id", "", bytes, lambda name, password, source: None, url)  # type: ignore[arg-type]  # nobody signs in
    look = ReadContext(None, site, "", "", header=lambda name: host)  # type: ignore[arg-type]  # no database is asked
    assert headers.base_url(look) == told
