"""What a request to a file service behind a gateway asks for, and who may have it."""

import pytest

from server_stub.domain.access import file_gate
from server_stub.domain.access.file_gate import Step
from server_stub.domain.accounts.permissions import ALL_PERMISSIONS, Actor, local_admin
from server_stub.domain.base.errors import Forbidden, Invalid

NODE = "0d6b2f0e-0000-4000-8000-000000000001"
OTHER = "0d6b2f0e-0000-4000-8000-000000000002"
PATHS = {NODE: "/dav/projects/x", OTHER: "/dav/drop"}


def bob(*types: str, scopes: tuple[str, ...] = ()) -> Actor:
    """Return a manager with permissions of these types on nodes."""
    permissions = frozenset(f"{kind}_logical" for kind in types)
    return Actor(2, "bob", "manager", "L7k8ljIC", "token", "127.0.0.1", permissions, scopes=scopes)


@pytest.mark.parametrize(
    ("method", "needs"),
    [
        ("GET", ["read view"]),
        ("HEAD", ["read view"]),
        ("OPTIONS", ["read view"]),
        ("PROPFIND", ["read view"]),
        ("PUT", ["write create edit"]),
        ("POST", ["write create edit"]),
        ("PATCH", ["write edit"]),
        ("PROPPATCH", ["write edit"]),
        ("LOCK", ["write create edit"]),
        ("UNLOCK", ["write edit"]),
        ("MKCOL", ["write create"]),
        ("DELETE", ["write delete"]),
        ("COPY", ["read view", "write create edit delete"]),
        ("MOVE", ["read view", "write delete", "write create edit delete"]),
    ],
)
def test_each_method_needs_its_rights(method: str, needs: list[str]) -> None:
    found = file_gate.steps(method, "/a%20b?x=1", "http://files.example/c")
    assert [" ".join((step.access, *step.types)) for step in found] == needs
    assert [step.path for step in found] == ["/a b"] * (len(needs) - (method in file_gate.TWO_ENDED)) + ["/c"] * (
        method in file_gate.TWO_ENDED
    )


@pytest.mark.parametrize("method", ["", "get", "TRACE", "CONNECT", "BREW", "GET,PUT", "GET "])
def test_a_method_that_is_not_known_is_refused(method: str) -> None:
    with pytest.raises(Invalid, match="does not know the method"):
        file_gate.steps(method, "/a")


@pytest.mark.parametrize(
    "destination",
    [
        None,
        "",
        "b",
        "http://files.example",
        "ftp://files.example/b",
        "http://user@files.example/b",
        "http://files.example/a,http://files.example/secret",
        "/a, /secret",
        "//files.example/b",
        "http://files.example//b",
        "/b/../c",
        "/b%2fc",
        "/b#c",
    ],
)
@pytest.mark.parametrize("method", file_gate.TWO_ENDED)
def test_an_unclear_destination_is_refused(method: str, destination: str | None) -> None:
    with pytest.raises(Invalid):
        file_gate.steps(method, "/a", destination)


@pytest.mark.parametrize("destination", ["/b/c", "HTTPS://files.example:8080/b/c/", "/b%2Fc".replace("%2F", "/")])
def test_a_destination_is_an_address_or_a_path(destination: str) -> None:
    assert file_gate.steps("COPY", "/a", destination)[-1] == Step("/b/c", "write", ("create", "edit", "delete"))


@pytest.mark.parametrize("method", file_gate.TWO_ENDED)
def test_what_replaces_nothing_takes_no_right_to_delete_where_it_goes(method: str) -> None:
    """RFC 4918, 9.8.4: with Overwrite: T, or without that header, the server deletes what stands there."""
    assert file_gate.steps(method, "/a", "/b", "F")[-1] == Step("/b", "write", ("create", "edit"))
    for overwrite in (None, "", "T", "f", "T, F", "F, T"):
        assert file_gate.steps(method, "/a", "/b", overwrite)[-1].types == ("create", "edit", "delete")


@pytest.mark.parametrize("method", file_gate.FAR_REACHING)
def test_what_names_paths_in_its_body_reaches_the_whole_tree(method: str) -> None:
    assert [step.path for step in file_gate.steps(method, "/dav/projects/x")] == ["/dav/projects/x", "/"]
    assert allowed(bob("view"), method, "/dav/projects/x")
    assert not allowed(bob("view", scopes=(f"node:{NODE}:rw",)), method, "/dav/projects/x")


def test_headers_that_differ_are_refused() -> None:
    assert file_gate.require_agreement("method", "PUT", None) == "PUT"
    assert file_gate.require_agreement("method", None, "PUT") == "PUT"
    assert file_gate.require_agreement("method", "PUT", "PUT") == "PUT"
    with pytest.raises(Invalid, match="two headers differ in the method"):
        file_gate.require_agreement("method", "PUT", "GET")
    with pytest.raises(Invalid, match="does not tell the method"):
        file_gate.require_agreement("method", None, None)


def allowed(actor: Actor, method: str, target: str, destination: str | None = None) -> bool:
    try:
        file_gate.require(actor, file_gate.steps(method, target, destination), PATHS)
    except Forbidden:
        return False
    return True


def test_without_scopes_the_permissions_decide() -> None:
    assert allowed(bob("view"), "GET", "/anything")
    assert not allowed(bob("view"), "PUT", "/anything")
    assert not allowed(bob("view", "create"), "PUT", "/anything")
    assert allowed(bob("create", "edit"), "PUT", "/anything")
    assert not allowed(bob("view", "create", "edit"), "MOVE", "/a", "/b")
    assert not allowed(bob(), "OPTIONS", "/")
    assert allowed(local_admin("127.0.0.1"), "DELETE", "/")


@pytest.mark.parametrize(
    ("letters", "method", "target", "good"),
    [
        ("r", "GET", "/dav/projects/x", True),
        ("r", "PROPFIND", "/dav/projects/x/", True),
        ("r", "GET", "/dav/projects/x/y/z.txt", True),
        ("r", "GET", "/dav/projects/xy", False),
        ("r", "GET", "/dav/projects", False),
        ("r", "GET", "/DAV/PROJECTS/X", False),
        ("r", "PUT", "/dav/projects/x/y", False),
        ("w", "PUT", "/dav/projects/x/y", True),
        ("w", "GET", "/dav/projects/x/y", False),
        ("rw", "DELETE", "/dav/projects/x/y", True),
    ],
)
def test_scopes_narrow_to_a_subtree(letters: str, method: str, target: str, good: bool) -> None:
    actor = bob("view", "create", "edit", "delete", scopes=(f"node:{NODE}:{letters}",))
    assert allowed(actor, method, target) is good


def test_a_scope_adds_no_right() -> None:
    assert not allowed(bob("view", scopes=(f"node:{NODE}:rw",)), "PUT", "/dav/projects/x/y")


def test_both_ends_of_a_move_count() -> None:
    everything = ("view", "create", "edit", "delete")
    reader = bob(*everything, scopes=(f"node:{NODE}:r", f"node:{OTHER}:rw"))
    assert allowed(reader, "COPY", "/dav/projects/x/a", "/dav/drop/a")
    assert not allowed(reader, "MOVE", "/dav/projects/x/a", "/dav/drop/a")
    assert not allowed(reader, "COPY", "/dav/drop/a", "/dav/projects/x/a")
    assert not allowed(reader, "COPY", "/dav/projects/x/a", "/elsewhere")
    writer = bob(*everything, scopes=(f"node:{NODE}:w", f"node:{OTHER}:rw"))
    assert not allowed(writer, "MOVE", "/dav/projects/x/a", "/dav/drop/a"), "what is moved could then be read"


def test_a_scope_of_a_node_that_is_gone_reaches_nothing() -> None:
    actor = bob(*["view", "create", "edit", "delete"], scopes=("node:0d6b2f0e-0000-4000-8000-000000000009:rw",))
    assert not allowed(actor, "GET", "/")


def test_every_right_of_the_table_is_one() -> None:
    for needs in file_gate.METHODS.values():
        assert {f"{kind}_logical" for _, types in needs for kind in types} <= ALL_PERMISSIONS
