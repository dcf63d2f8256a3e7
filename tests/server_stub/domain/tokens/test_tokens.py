import dataclasses
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.accounts.permissions import Actor, local_admin
from server_stub.domain.base.errors import Forbidden, Invalid
from server_stub.domain.base.timestamps import MINUTE, SECOND
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


ONE = "6f1ed002-ab59-5a8e-9a1f-0d3b1c2d4e5f"
TWO = "11111111-2222-3333-4444-555555555555"
PATHS = {ONE: "/projects/x", TWO: "/"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"node:{ONE}:r", f"node:{ONE}:r"),
        (f"node:{ONE}:w", f"node:{ONE}:w"),
        (f"node:{ONE}:wr", f"node:{ONE}:rw"),
        (f"NODE:{ONE.upper()}:RW", f"node:{ONE}:rw"),
    ],
)
def test_a_scope_has_one_form(text: str, written: str) -> None:
    assert str(tokens.parse_scope(text)) == written


@pytest.mark.parametrize(
    "text",
    ["", "node", f"node:{ONE}", f"node:{ONE}:", f"node:{ONE}:x", f"node:{ONE}:rr", f"file:{ONE}:r", f"node:{ONE}:r:w",
     f"node:{ONE[:-1]}:r", f" node:{ONE}:r", f"node:{ONE}:r\n"],
)  # fmt: skip
def test_a_malformed_scope_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is not a scope"):
        tokens.check_scopes([text], PATHS)


def test_a_scope_on_no_node_is_refused() -> None:
    with pytest.raises(Invalid, match="there is no node"):
        tokens.check_scopes([f"node:{ONE}:r"], {})
    with pytest.raises(Invalid, match="at most 64"):
        tokens.check_scopes([f"node:{number:08d}{ONE[8:]}:r" for number in range(65)], PATHS)


@pytest.mark.parametrize(
    ("path", "reached"),
    [
        ("/projects/x", True),
        ("/projects/x/deep/er", True),
        ("/projects/xy", False),
        ("/projects/X", False),
        ("/projects", False),
        ("/", False),
    ],
)
def test_a_scope_covers_its_subtree_and_no_more(path: str, reached: bool) -> None:
    assert tokens.scopes_cover([f"node:{ONE}:r"], PATHS, path, "read") is reached
    assert tokens.scopes_cover([f"node:{ONE}:r"], PATHS, path, "write") is False
    assert tokens.scopes_cover([f"node:{TWO}:w"], PATHS, path, "write") is True
    assert tokens.scopes_cover([f"node:{ONE}:rw"], {}, path, "read") is False


@pytest.mark.parametrize(
    ("sent", "held", "narrower"),
    [
        ([f"node:{ONE}:r"], [f"node:{TWO}:rw"], True),
        ([f"node:{TWO}:r"], [f"node:{ONE}:rw"], False),
        ([f"node:{ONE}:rw"], [f"node:{TWO}:r"], False),
        ([f"node:{ONE}:rw"], [f"node:{TWO}:r", f"node:{ONE}:w"], True),
        ([], [f"node:{ONE}:r"], True),
    ],
)
def test_narrower_means_that_every_access_is_held(sent: list[str], held: list[str], narrower: bool) -> None:
    assert tokens.is_narrower(sent, held, PATHS) is narrower


@pytest.mark.parametrize(("typed", "kept"), [("/", "/"), ("/a", "/a"), ("/a/b/", "/a/b"), ("/a b/ü", "/a b/ü")])
def test_a_path_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert tokens.check_path(typed) == kept


@pytest.mark.parametrize("typed", ["", "a", "a/b", "/a//b", "/a/./b", "/a/../b", "/..", "/a\nb", "/" + "a" * 1024])
def test_a_path_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        tokens.check_path(typed)


@pytest.mark.parametrize(
    ("raw", "path"),
    [("/a/b?x=1", "/a/b"), ("/a%20b", "/a b"), ("/a/b/", "/a/b"), ("/", "/"), ("/100%25", "/100%")],
)
def test_a_plain_request_means_its_path(raw: str, path: str) -> None:
    assert tokens.requested_path(raw) == path


@pytest.mark.parametrize(
    "raw",
    ["/a/../b", "/a/%2e%2e/b", "/a/%2E./b", "/a//b", "/a/%2f/b", "/a%5c..%5cb", "/a/%252e%252e/b", "/a/. /b", "/a/\x00",
     "/a%2Fb", "/a#/../b", "/a%zz", "/a%", "/a%2", "/\u00e4", "/a/..;x/b", "/a/.;/b", "http://host/a",
     "/%c0%ae%c0%ae/b", "/a%00", "/a%0a", "b", "", "//evil", "/a/%ff", "/a/..;/b%2e%2e/../c", "/a/.%20/b"],
)  # fmt: skip
def test_a_request_that_could_mean_two_paths_is_refused(raw: str) -> None:
    with pytest.raises(Invalid, match="not a plain path"):
        tokens.requested_path(raw)


@given(st.text(max_size=30))
def test_no_request_leaves_a_subtree(rest: str) -> None:
    try:
        path = tokens.requested_path("/projects/x/" + rest)
    except Invalid:
        return
    assert path.startswith("/")
    assert not any(name in ("", ".", "..") for name in path.split("/")[1:]) or path == "/"
    assert tokens.is_within(path, "/projects/x")


def test_a_use_presses_when_little_of_the_window_is_left() -> None:
    kept = replace(TOKEN, expires_at=10 * MINUTE, sliding_window=10 * MINUTE)
    assert not tokens.is_pressing(kept, 0)
    assert not tokens.is_pressing(kept, 10 * MINUTE - 2 * SECOND)
    assert tokens.is_pressing(kept, 10 * MINUTE - 2 * SECOND + 1)
    short = replace(TOKEN, expires_at=SECOND, sliding_window=SECOND)
    assert not tokens.is_pressing(short, 0)
    assert tokens.is_pressing(short, 1)
    assert not tokens.is_pressing(replace(TOKEN, expires_at=SECOND), 0)
