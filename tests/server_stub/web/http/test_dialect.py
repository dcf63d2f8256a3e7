"""Manners as data."""

from dataclasses import replace

import pytest

from server_stub.web.http import default_dialect
from server_stub.web.http.dialect import RequestInput


@pytest.mark.parametrize(
    ("joins", "path", "taken"),
    [(True, "//v1///x//", "/v1/x/"), (False, "//v1///x//", "//v1///x//"), (True, "/x", "/x")],
)
def test_a_door_may_join_slashes(joins: bool, path: str, taken: str) -> None:
    assert replace(default_dialect.DIALECT, joins_slashes=joins).path(path) == taken


def test_what_is_sent_shows_nothing_of_itself() -> None:
    assert "s3cret" not in repr(RequestInput("token=s3cret", b'{"password": "s3cret"}', "application/json"))
