"""Scopes and paths: what is malformed is refused, what is not covered is not reached, and nothing leaves a subtree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.base.errors import Invalid
from server_stub.domain.tokens import scopes

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
    assert str(scopes.parse(text)) == written


@pytest.mark.parametrize(
    "text",
    ["", "node", f"node:{ONE}", f"node:{ONE}:", f"node:{ONE}:x", f"node:{ONE}:rr", f"file:{ONE}:r", f"node:{ONE}:r:w",
     f"node:{ONE[:-1]}:r", f" node:{ONE}:r", f"node:{ONE}:r\n"],
)  # fmt: skip
def test_a_malformed_scope_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is not a scope"):
        scopes.check([text], PATHS)


def test_a_scope_on_no_node_is_refused() -> None:
    with pytest.raises(Invalid, match="there is no node"):
        scopes.check([f"node:{ONE}:r"], {})
    with pytest.raises(Invalid, match="at most 64"):
        scopes.check([f"node:{number:08d}{ONE[8:]}:r" for number in range(65)], PATHS)


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
    assert scopes.covers([f"node:{ONE}:r"], PATHS, path, "read") is reached
    assert scopes.covers([f"node:{ONE}:r"], PATHS, path, "write") is False
    assert scopes.covers([f"node:{TWO}:w"], PATHS, path, "write") is True
    assert scopes.covers([f"node:{ONE}:rw"], {}, path, "read") is False


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
    assert scopes.is_narrower(sent, held, PATHS) is narrower


@pytest.mark.parametrize(("typed", "kept"), [("/", "/"), ("/a", "/a"), ("/a/b/", "/a/b"), ("/a b/ü", "/a b/ü")])
def test_a_path_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert scopes.check_path(typed) == kept


@pytest.mark.parametrize("typed", ["", "a", "a/b", "/a//b", "/a/./b", "/a/../b", "/..", "/a\nb", "/" + "a" * 1024])
def test_a_path_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        scopes.check_path(typed)


@pytest.mark.parametrize(
    ("raw", "path"),
    [("/a/b?x=1", "/a/b"), ("/a%20b", "/a b"), ("/a/b/", "/a/b"), ("/", "/"), ("/100%25", "/100%")],
)
def test_a_plain_request_means_its_path(raw: str, path: str) -> None:
    assert scopes.requested_path(raw) == path


@pytest.mark.parametrize(
    "raw",
    ["/a/../b", "/a/%2e%2e/b", "/a/%2E./b", "/a//b", "/a/%2f/b", "/a%5c..%5cb", "/a/%252e%252e/b", "/a/. /b", "/a/\x00",
     "/a%2Fb", "/a#/../b", "/a%zz", "/a%", "/a%2", "/\u00e4", "/a/..;x/b", "/a/.;/b", "http://host/a",
     "/%c0%ae%c0%ae/b", "/a%00", "/a%0a", "b", "", "//evil", "/a/%ff", "/a/..;/b%2e%2e/../c", "/a/.%20/b"],
)  # fmt: skip
def test_a_request_that_could_mean_two_paths_is_refused(raw: str) -> None:
    with pytest.raises(Invalid, match="not a plain path"):
        scopes.requested_path(raw)


@given(st.text(max_size=30))
def test_no_request_leaves_a_subtree(rest: str) -> None:
    try:
        path = scopes.requested_path("/projects/x/" + rest)
    except Invalid:
        return
    assert path.startswith("/")
    assert not any(name in ("", ".", "..") for name in path.split("/")[1:]) or path == "/"
    assert scopes.is_within(path, "/projects/x")
