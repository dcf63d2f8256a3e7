"""What may be sent twice: looks, and what carries a key of its own."""

import pytest

from vshell.client import retries


@pytest.mark.parametrize(
    ("method", "path", "repeated"),
    [
        ("GET", "/apitokens/", True),
        ("HEAD", "/apitokens/", True),
        ("post", "/apitokens/", True),
        ("PATCH", "/apitokens/L7k8ljIC/rotate/", True),
        ("PATCH", "/apitokens/L7k8ljIC/", False),
        ("DELETE", "/managers/4/", False),
    ],
)
def test_looks_and_what_is_made_may_be_repeated(method: str, path: str, repeated: bool) -> None:
    assert retries.may_repeat(method, retries.headers_for(method, path)) is repeated


def test_a_key_is_fresh_and_holds_more_than_128_bits() -> None:
    keys = {retries.headers_for("POST", "/apitokens/")[retries.HEADER] for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {2 + 24}, "18 bytes in base64, as a structured string in quotes"
    assert retries.headers_for("GET", "/apitokens/") == {}
