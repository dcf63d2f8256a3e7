"""Policies: Vault's word for roles. Which names a new token gets, and which a token is said to have.

- ``root`` is no role: it is said of a token that holds every right and is narrowed by nothing, and only such a token
  may give it.
- ``default`` is no role either, and gives no right of the owner's. Vault's default policy lets a token look itself up,
  renew and revoke itself, and ask what it may do: here every token may, so the name is kept and inherited as Vault
  does, and nothing depends on it.
- A name that no role bears is kept with a warning when the maker holds every right, and gives nothing.
"""

from collections.abc import Collection

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base.errors import Forbidden, Invalid
from server_stub.domain.tokens.issuance_rules import DEFAULT_POLICY, Maker
from server_stub.domain.tokens.tokens import Token
from server_stub.store import Reads
from server_stub.store import roles as role_store

ROOT = "root"
LONGEST = 128


def names_of(tx: Reads, token: Token) -> list[str]:
    """Return the policies that a token is said to have."""
    if token.policies is not None:
        return sorted(token.policies)
    grants = role_store.grants_of(tx, token.owner_id)
    held = role_store.permissions_in(tx, grants)
    if not token.scopes and permissions.is_administrator(held, role_store.custom_realms(tx, held)):
        return [ROOT]
    return sorted({DEFAULT_POLICY, *role_store.names_in(grants)})


def clean_names(names: Collection[str] | None) -> tuple[str, ...]:
    """Return names as Vault keeps them: trimmed, in lower case, each once, in order; raise Invalid."""
    found = sorted({name.strip().lower() for name in names or () if name.strip()})
    for name in found:
        if name == "response-wrapping":
            raise Invalid('cannot assign policy "response-wrapping"')
        if len(name) > LONGEST or not name.isprintable() or '"' in name:
            raise Invalid(f"a policy's name has at most {LONGEST} characters that can be printed")
    return tuple(found)


def choose_policies(names: tuple[str, ...], maker: Maker, actor: Actor, no_default: bool) -> tuple[str, ...] | None:
    """Return the policies of a new token, None for all that its maker has; raise Forbidden for ``root``."""
    if ROOT in names:
        if not maker.has_every_right:
            raise Forbidden("only a token with every right may give root", code="policy_beyond")
        if actor.is_narrowed:
            raise Invalid("root tokens may not be created without parent token being root")
        return None
    held = maker.token.policies if maker.token is not None else None
    if not names:  # a maker that is not narrowed has no list to take ``default`` from
        return tuple(name for name in held if name != DEFAULT_POLICY) if no_default and held is not None else None
    inherits = maker.has_every_right or held is None or DEFAULT_POLICY in held
    return names if no_default or not inherits else tuple(sorted({*names, DEFAULT_POLICY}))


def list_missing(tx: Reads, names: Collection[str] | None) -> list[str]:
    """Return which of some names no role bears."""
    roles = [name for name in names or () if name not in (ROOT, DEFAULT_POLICY)]
    return [name for name in roles if role_store.ROLES.find_by_name(tx, name) is None]
