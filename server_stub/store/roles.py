"""Roles and realms in the database, and what a manager may do by them now."""

import functools
from collections.abc import Collection, Iterable, Sequence
from string import ascii_lowercase

import msgspec

from server_stub.domain.accounts.permissions import ACTIONS, ALL_PERMISSIONS, PREDEFINED_REALMS, Realms
from server_stub.domain.accounts.roles import Realm, Role
from server_stub.store import Reads, Row, Rows
from server_stub.store.named_rows import NamedTable

ROLES = NamedTable(Role, "roles")
REALMS = NamedTable(Realm, "realms")

_PLACES = tuple(f"name_{first}{second}" for first in ascii_lowercase for second in ascii_lowercase)
_DECODER = msgspec.json.Decoder(list[str])


def grants_of(tx: Reads, manager_id: int) -> Sequence[Row]:
    """Return what a manager may do and by which role, as it is kept; their own permissions come by the role ''."""
    return tx.run_cached(_grants_of, manager_id)


def _grants_of(tx: Rows, manager_id: int) -> Sequence[Row]:
    return tx.rows(
        "SELECT '', permissions FROM managers WHERE id = :id UNION ALL "
        "SELECT roles.name, roles.permissions FROM manager_roles JOIN roles ON roles.id = manager_roles.role_id "
        "WHERE manager_roles.manager_id = :id",
        {"id": manager_id},
    )


def permissions_in(tx: Reads, grants: Sequence[Row], policies: Collection[str] | None = None) -> frozenset[str]:
    """Return all permissions of what `grants_of` gave; with ``policies``, those of these roles alone.

    Whoever holds every permission may be narrowed to any role there is, held or not: none of them holds more.
    """
    everything = _together(tuple(text for _, text in grants))
    if policies is None:
        return everything
    if everything >= ALL_PERMISSIONS:
        grants = _select_named(tx, policies)
    return _together(tuple(text for name, text in grants if name in policies))


def permissions_of(tx: Reads, manager_id: int, policies: Collection[str] | None = None) -> frozenset[str]:
    """Return a manager's own permissions and their roles', narrowed to ``policies`` (see `permissions_in`)."""
    return permissions_in(tx, grants_of(tx, manager_id), policies)


def _select_named(tx: Reads, names: Collection[str]) -> list[Row]:
    """Return the names and permissions of the roles with these names, of which a token has 64 at most."""
    values: dict[str, object] = dict(zip(_PLACES, names, strict=False))
    if not values:
        return []
    return tx.rows(f"SELECT name, permissions FROM roles WHERE name IN (:{', :'.join(values)})", values)


def names_for(tx: Reads, manager_id: int, among: Collection[str]) -> list[str]:
    """Return which of some roles a manager's tokens may be narrowed to: those held, or all there are (see above)."""
    grants = grants_of(tx, manager_id)
    everything = permissions_in(tx, grants) >= ALL_PERMISSIONS
    return sorted({*names_in(grants), *(name for name, _ in (_select_named(tx, among) if everything else ()))})


def names_in(grants: Sequence[Row]) -> list[str]:
    """Return the names of the roles in what `grants_of` gave, in order."""
    return sorted(name for name, _ in grants if name)


@functools.lru_cache(maxsize=1_024)
def _together(texts: tuple[str, ...]) -> frozenset[str]:
    """Read columns of permissions as one set; the same texts always mean the same, so this may be cached."""
    return frozenset(permission for text in texts for permission in _DECODER.decode(text))


def roles_by_manager(tx: Reads, first: int, last: int) -> dict[int, list[Role]]:
    """Return the roles of the managers with the ids ``first`` to ``last``, in the order of their names."""
    rows = tx.rows(
        f"SELECT {ROLES.mapping.columns}, manager_roles.manager_id FROM manager_roles "
        "JOIN roles ON roles.id = manager_roles.role_id "
        "WHERE manager_roles.manager_id >= :first AND manager_roles.manager_id <= :last ORDER BY roles.name",
        {"first": first, "last": last},
    )
    found: dict[int, list[Role]] = {}
    for row in rows:
        found.setdefault(row[-1], []).append(ROLES.mapping.load(row))
    return found


def managers_by_role(tx: Reads, first: str, last: str) -> dict[int, list[str]]:
    """Return the managers who hold the roles with the names ``first`` to ``last``, eldest first, by role id."""
    rows = tx.rows(
        "SELECT manager_roles.role_id, managers.username FROM manager_roles "
        "JOIN roles ON roles.id = manager_roles.role_id JOIN managers ON managers.id = manager_roles.manager_id "
        "WHERE roles.name >= :first AND roles.name <= :last ORDER BY managers.id",
        {"first": first, "last": last},
    )
    found: dict[int, list[str]] = {}
    for role_id, username in rows:
        found.setdefault(role_id, []).append(username)
    return found


def custom_realms(tx: Reads, permissions: Iterable[str]) -> Realms:
    """Return the custom realms and their object types, as far as these permissions name any."""
    named = _custom_names(frozenset(permissions))
    if not named:
        return {}
    rows = tx.rows("SELECT name, object_types FROM realms WHERE built_in = 0")
    return {name: frozenset(_DECODER.decode(types)) for name, types in rows if name in named}


@functools.lru_cache(maxsize=1_024)
def _custom_names(permissions: frozenset[str]) -> frozenset[str]:
    """Return the names of realms in permissions that are not predefined ones."""
    return frozenset(permission.partition("_")[2] for permission in permissions) - PREDEFINED_REALMS.keys()


def is_realm_in_use(tx: Reads, name: str) -> bool:
    """Tell whether a role or a manager holds a permission in a realm."""
    wanted = {f"{kind}_{name}" for kind in ACTIONS}
    rows = tx.rows("SELECT permissions FROM roles UNION ALL SELECT permissions FROM managers WHERE permissions <> '[]'")
    return any(wanted.intersection(_DECODER.decode(row[0])) for row in rows)
