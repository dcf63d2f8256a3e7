"""Manners as data."""

from dataclasses import replace

import pytest

from server_stub.domain.base import errors
from server_stub.domain.base.errors import Refusal
from server_stub.web.http import dialect
from server_stub.web.http.dialect import RequestInput


@pytest.mark.parametrize(
    ("joins", "path", "taken"),
    [(True, "//v1///x//", "/v1/x/"), (False, "//v1///x//", "//v1///x//"), (True, "/x", "/x")],
)
def test_a_door_may_join_slashes(joins: bool, path: str, taken: str) -> None:
    assert replace(dialect.NATIVE_DIALECT, joins_slashes=joins).path(path) == taken


def test_what_is_sent_shows_nothing_of_itself() -> None:
    assert "s3cret" not in repr(RequestInput("token=s3cret", b'{"password": "s3cret"}', "application/json"))


@pytest.mark.parametrize(
    ("refusal", "status", "headers"),
    [
        (errors.Invalid("x"), 400, {}),
        (errors.Invalid("x", code="too_large"), 413, {}),
        (errors.Unauthenticated("x"), 401, {"WWW-Authenticate": dialect.CHALLENGE}),
        (errors.SlowDown("x", retry_after_seconds=3), 429, {"Retry-After": "3"}),
        (errors.QuotaExceeded("x"), 409, {}),
        (Refusal("x"), 500, {}),
    ],
)
def test_a_refusal_has_a_status_a_shape_and_headers(refusal: Refusal, status: int, headers: dict[str, str]) -> None:
    refused = dialect.render_error(refusal)
    assert (refused.status, refused.headers) == (status, headers)
    assert refused.body == {"detail": "x", "code": refusal.code, "hint": None}


@pytest.mark.parametrize(
    ("status", "code"), [(404, "not_found"), (405, "method_not_allowed"), (400, "invalid"), (501, "invalid")]
)
def test_what_is_not_served_has_the_same_shape(status: int, code: str) -> None:
    refused = dialect.render_miss(status, "GET", "/x")
    assert refused.status == status
    assert isinstance(refused.body, dict)
    assert set(refused.body) == {"detail", "code", "hint"}
    assert refused.body["code"] == code


@pytest.mark.parametrize(
    ("names", "about"),
    [
        ({}, ""),
        ({"manager_id": 7}, "7"),
        ({"token_id": "428BFekp"}, "428BFekp"),
        ({"token_id": "428BFekp.AWrRmHXRtbcjUSCANl9KLrxRT6sMqesu"}, "***"),
        ({"token_id": "a-token-of-ones-own"}, "***"),
        ({"node_uuid": "x"}, "x"),
    ],
)
def test_what_a_request_is_about_is_no_token(names: dict[str, object], about: str) -> None:
    assert dialect.describe_target(lambda name: None, names) == about
