"""What Vault says to each refusal."""

import pytest

from server_stub.domain.base import errors as refusals
from server_stub.domain.base.errors import Refusal
from server_stub.web.http.dialect import Route
from server_stub.web.vault import errors
from server_stub.web.vault.dialect import current

ROUTE = Route(
    "GET",
    "/x",
    "x",
    lambda: None,
    current.dialect,
    status_overrides={"not_found": (403, "bad token"), "own": (400, "")},
)


@pytest.mark.parametrize(
    ("refusal", "route", "status", "messages"),
    [
        (refusals.Invalid("it is wrong"), None, 400, ["it is wrong"]),
        (refusals.Invalid("it is wrong", "Do it so."), None, 400, ["it is wrong. Do it so."]),
        (refusals.Invalid("x", code="too_large"), None, 413, ["x"]),
        (refusals.Unauthenticated("x"), None, 403, ["permission denied"]),
        (refusals.Unauthenticated("it has expired", code="password_expired"), None, 403, ["it has expired"]),
        (refusals.Forbidden("x"), None, 403, ["1 error occurred:\n\t* permission denied\n\n"]),
        (refusals.NotFound("x"), None, 404, []),
        (refusals.NotFound("x"), ROUTE, 403, ["bad token"]),
        (refusals.Forbidden("ours", "hint", "own"), ROUTE, 400, ["ours"]),
        (refusals.Conflict("x"), ROUTE, 400, ["x"]),
        (refusals.QuotaExceeded("x"), None, 400, ["x"]),
        (refusals.Unavailable("x"), None, 503, ["x"]),
        (Refusal("x"), None, 500, ["x"]),
        *((Refusal("x", code=code), None, status, [words]) for code, (status, words) in errors.WORDS.items()),
    ],
)
def test_the_words_for_a_refusal(refusal: Refusal, route: Route | None, status: int, messages: list[str]) -> None:
    refused = errors.render_error(refusal, route)
    assert (refused.status, refused.body, refused.headers) == (status, {"errors": messages}, {})


def test_who_has_to_wait_is_told_how_long() -> None:
    refused = errors.render_error(refusals.SlowDown("x", retry_after_seconds=7))
    assert (refused.status, refused.headers) == (429, {"Retry-After": "7"})


def test_what_falcon_refuses_otherwise_has_the_shape_too() -> None:
    assert errors.render_miss(400, "GET", "/v1/x").body == {"errors": ["the request cannot be served"]}
