"""The URL that a caller is told: the public one, or the one that they used."""

import pytest

from server_stub.operations.context import ReadContext, ServerContext
from server_stub.web.http import urls


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
    assert urls.base_url(look) == told
