"""Token roles: their names, who writes them, which policies they let through."""

import pytest

from server_stub.domain.accounts.permissions import ALL_PERMISSIONS, Actor, local_admin
from server_stub.domain.base.errors import Forbidden, Invalid
from server_stub.domain.tokens import expiry, vault_roles
from server_stub.domain.tokens.vault_roles import TokenRole


@pytest.mark.parametrize("name", ["r", "a-b.c_d", "9", "R2", "x" * 128])
def test_names(name: str) -> None:
    assert vault_roles.check(TokenRole(name)).name == name


@pytest.mark.parametrize("name", ["", "-a", "a-", "a/b", "a b", "x" * 129, "é", "a\n"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(Invalid):
        vault_roles.check(TokenRole(name))


@pytest.mark.parametrize("suffix", ["/a", "a/", "a//b", "..", "a b", "x" * 129])
def test_suffixes_that_cannot_be(suffix: str) -> None:
    with pytest.raises(Invalid):
        vault_roles.check(TokenRole("r", path_suffix=suffix))


@pytest.mark.parametrize(
    ("permissions", "scopes", "may"),
    [
        (ALL_PERMISSIONS, (), True),
        (ALL_PERMISSIONS - {"view_events"}, (), False),
        (ALL_PERMISSIONS, ("node:x:r",), False),
    ],
)
def test_writing_takes_every_right(permissions: frozenset[str], scopes: tuple[str, ...], may: bool) -> None:
    actor = Actor(1, "ann", "manager", "t", "token", "::1", permissions, scopes=scopes)
    if may:
        vault_roles.require_writer(actor)
        vault_roles.require_writer(local_admin("::1"))
    else:
        with pytest.raises(Forbidden):
            vault_roles.require_writer(actor)


ALLOWING = TokenRole("r", allowed_policies=("a", "b"), allowed_policies_glob=("web-*",), disallowed_policies=("web-x",))


@pytest.mark.parametrize(
    ("role", "asked", "given"),
    [
        (TokenRole("r"), ("x",), ("x",)),
        (TokenRole("r"), (), ()),
        (ALLOWING, (), ("a", "b")),
        (ALLOWING, ("a",), ("a",)),
        (ALLOWING, ("default", "web-1"), ("default", "web-1")),
        (ALLOWING, ("c",), None),
        (ALLOWING, ("web-x",), None),
        (TokenRole("r", disallowed_policies_glob=("adm*",)), ("administrators",), None),
        (TokenRole("r", disallowed_policies_glob=("adm*",)), ("web",), ("web",)),
    ],
)
def test_policies(role: TokenRole, asked: tuple[str, ...], given: tuple[str, ...] | None) -> None:
    if given is None:
        with pytest.raises(Forbidden) as refused:
            vault_roles.policies_for(role, asked)
        assert refused.value.code == "role_policy"
    else:
        assert vault_roles.policies_for(role, asked) == given


def test_the_shortest_length_counts() -> None:
    assert expiry.earliest(None, 5, 3) == 3
    assert expiry.earliest(None, None) is None
