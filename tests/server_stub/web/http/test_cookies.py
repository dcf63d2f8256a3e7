"""Cookies: read by name, and set so that neither scripts, nor other sites, nor neighbours come near them."""

from __future__ import annotations

import pytest

from server_stub.operations.context import Header
from server_stub.web.http import cookies


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
    assert cookies.find(sent(text), "a") == found


def test_a_cookie_is_kept_from_scripts_other_sites_and_neighbours() -> None:
    assert cookies.written("a", "1", secure=False) == "a=1; Path=/; HttpOnly; SameSite=Strict"
    assert cookies.written("a", "1", secure=True) == "__Host-a=1; Path=/; HttpOnly; SameSite=Strict; Secure"
    assert cookies.written("a", "", secure=True).endswith("; Secure; Max-Age=0")
    assert cookies.full_name("a", secure=True) == "__Host-a"
