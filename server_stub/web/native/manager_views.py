"""How managers are shown: at /api/managers/ and, the caller, at /api/login/ (vcli.md section 3.4)."""

from collections.abc import Sequence

import msgspec

from server_stub.domain.accounts import passwords
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.accounts.roles import Role
from server_stub.domain.base.timestamps import rfc3339
from server_stub.store import Reads
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store
from server_stub.store import settings as setting_store

WIDEST_GAP = 50
"""Ids so near each other are read by one statement."""


class ManagerView(msgspec.Struct, frozen=True):
    """A manager as they are shown, never their password; `id` is null only for local-admin at /login/."""

    id: int | None
    username: str
    first_name: str
    last_name: str
    full_name: str
    is_active: bool
    is_default: bool
    roles: list[str]
    permissions: list[str]
    permissions_list: list[str]
    max_api_tokens: int | None
    has_password: bool
    is_temporary_password: bool
    password_expiration: str | None
    password_expiration_disabled: bool
    failed_logins: int
    last_login: str | None
    home_dc: str | None


def view_managers(tx: Reads, shown: Sequence[Manager]) -> list[ManagerView]:
    """Show managers, in any order."""
    if not shown:
        return []
    held: dict[int, list[Role]] = {}
    failures: dict[int, int] = {}
    for first, last in _group_ids(sorted(each.id for each in shown)):
        held |= role_store.roles_by_manager(tx, first, last)
        failures |= manager_store.failures(tx, first, last)
    settings = setting_store.load(tx).passwords
    return [_view_manager(each, held.get(each.id, []), failures.get(each.id, 0), settings) for each in shown]


def _group_ids(ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last id of each run of ids that lie together: those between two runs are not read."""
    runs: list[tuple[int, int]] = []
    for number in ids:
        if runs and number - runs[-1][1] <= WIDEST_GAP:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs


def _view_manager(
    manager: Manager, held: list[Role], failures: int, settings: passwords.PasswordSettings
) -> ManagerView:
    ends_at = passwords.ends_at(settings, manager)
    return ManagerView(
        id=manager.id,
        username=manager.username,
        first_name=manager.first_name,
        last_name=manager.last_name,
        full_name=f"{manager.first_name} {manager.last_name}".strip(),
        is_active=manager.enabled,
        is_default=manager.built_in,
        roles=[role.name for role in held],
        permissions=sorted(manager.permissions.union(*(role.permissions for role in held))),
        permissions_list=sorted(manager.permissions),
        max_api_tokens=manager.max_api_tokens,
        has_password=manager.password_hash is not None,
        is_temporary_password=manager.password_temporary,
        password_expiration=None if ends_at is None else rfc3339(ends_at),
        password_expiration_disabled=manager.password_expiration_disabled,
        failed_logins=failures,
        last_login=None if manager.last_login_at is None else rfc3339(manager.last_login_at),
        home_dc=manager.home_dc,
    )
