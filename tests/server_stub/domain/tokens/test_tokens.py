import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.accounts.permissions import Actor, local_admin
from server_stub.domain.base.errors import Forbidden, Invalid
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import (
    COUNTED_KINDS,
    LONGEST_NAME,
    Token,
    check_name,
    default_name,
    owner_wanted,
    state,
)

TOKEN = Token("4Lq4Wakb", b"\x5e" * 32, "api", 2, "bob", "bob_api_token", 1000)


BOB = Actor(2, "bob", "manager", None, "password", "127.0.0.1")


@pytest.mark.parametrize(
    ("expires_at", "revoked_at", "now", "expected"),
    [
        (None, None, 1000, "live"),
        (None, None, 10**18, "live"),
        (2000, None, 1999, "live"),
        (2000, None, 2000, "expired"),
        (2000, None, 2001, "expired"),
        (None, 1500, 1499, "revoked"),
        (2000, 1500, 1600, "revoked"),
        (2000, 1500, 2500, "revoked"),
        (0, None, 0, "expired"),
        (None, 0, 1000, "revoked"),
    ],
)
def test_state(expires_at: int | None, revoked_at: int | None, now: int, expected: str) -> None:
    token = dataclasses.replace(TOKEN, expires_at=expires_at, revoked_at=revoked_at)
    assert state(token, now) == expected


@given(st.integers(), st.integers(), st.integers(min_value=0))
def test_what_has_ended_stays_ended(expires_at: int, now: int, later: int) -> None:
    token = dataclasses.replace(TOKEN, expires_at=expires_at)
    if state(token, now) == "expired":
        assert state(token, now + later) == "expired"


def test_only_api_and_device_tokens_count() -> None:
    assert COUNTED_KINDS == ("api", "device")


def test_the_default_name_is_vclis_and_a_good_name() -> None:
    assert check_name(default_name("a" * 64)) == "a" * 64 + "_api_token"
    assert default_name("admin") == "admin_api_token"


@pytest.mark.parametrize("name", ["AWS_TOKEN", "x", "with space", "ключ", "x" * LONGEST_NAME, "👍", "-"])
def test_names(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "x" * (LONGEST_NAME + 1),
        " x",
        "x ",
        "a\nb",
        "a\x1b[2J",
        "a\tb",
        "a\x00",
        "a\x9b",
        "a\u202eb",
        "a\u200db",
        "a\u2028b",
        "a\xa0b",
        "\ud800",
        None,
        5,
        True,
        ["x"],
    ],
)
def test_no_names(name: object) -> None:
    with pytest.raises(Invalid):
        check_name(name)


def test_no_repr_shows_the_digest() -> None:
    assert repr(TOKEN.digest) not in repr(TOKEN)


@pytest.mark.parametrize(("sent", "owner"), [(None, "bob"), ("bob", "bob"), ("eve", "eve")])
def test_a_token_is_for_oneself_or_for_the_one_named(sent: str | None, owner: str) -> None:
    assert owner_wanted(BOB, sent) == owner


@pytest.mark.parametrize("sent", [None, "", "local-admin", "localhost", "LocalHost"])
def test_the_local_admin_has_to_name_a_manager(sent: str | None) -> None:
    with pytest.raises(Invalid, match=r"^token owner must be a real web user$") as caught:
        owner_wanted(local_admin("local"), sent)
    assert caught.value.hint == "Name one: apitoken create --owner NAME, or auth create-token --user NAME"


def test_the_local_admin_names_a_manager() -> None:
    assert owner_wanted(local_admin("local"), "bob") == "bob"


@pytest.mark.parametrize(
    ("header", "name"), [(None, None), ("", None), (" ", None), ("shop", "shop"), (" a.b_c-1 ", "a.b_c-1")]
)
def test_a_header_names_a_project_or_none(header: str | None, name: str | None) -> None:
    assert tokens.parse_project_header(header) == name


@pytest.mark.parametrize("text", [".shop", "a b", "x" * 65, "ü", "a/b", "-a"])
def test_what_names_none(text: str) -> None:
    with pytest.raises(Invalid, match="cannot name a project"):
        tokens.parse_project_header(text)


@pytest.mark.parametrize(
    ("limit", "project", "fits"),
    [(None, None, True), (None, "shop", True), ("shop", None, False), ("shop", "shop", True), ("shop", "blog", False)],
)
def test_a_token_for_one_project_is_refused_wherever_that_is_not_named(
    limit: str | None, project: str | None, fits: bool
) -> None:
    if fits:
        tokens.require_project(limit, project)
    else:
        with pytest.raises(Forbidden, match="is for the project"):
            tokens.require_project(limit, project)
