"""/api/managers/: the people and robots who sign in and own tokens (vcli.md section 3.4).

`permissions_list` holds what a manager was given directly, `permissions` what they hold by their roles too.
Roles are shown by name and named by id or by name. Giving anything (a role, a permission, a password, a name,
being enabled) takes every right that the manager has afterwards and the giver would need; a quota of their own
takes edit on Settings.

Changing one's own password takes the present one, shown with the request or at the sign-in: whoever finds an API
token cannot take the account over. Setting another's takes edit on managers and every right that they hold.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from server_stub.domain.accounts import managers, permissions, roles
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.accounts.roles import Role
from server_stub.domain.base.errors import Conflict, Forbidden, Invalid, NotFound, quote
from server_stub.domain.base.timestamps import rfc3339
from server_stub.domain.tokens import issuance_rules
from server_stub.operations import grants, passwords
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.operations.passwords import NewPassword
from server_stub.store import Reads
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.web.http import paging
from server_stub.web.http.decoding import Body, Number, list_sent, require_number
from server_stub.web.http.routing import Routes

routes = Routes("/api/managers")

RoleNames = Annotated[tuple[Number | str, ...], msgspec.Meta(max_length=256)]
"""Roles by id or name; each is looked up while every other writer waits, so they are not endless."""

WIDEST_GAP = 50
"""Ids so near each other are read by one statement."""


class NewManager(Body, frozen=True):
    """What a new manager is to be; without a password they can only be given tokens."""

    username: str
    password: str | None = None
    is_temporary_password: bool = False
    password_expiration_disabled: bool = False
    first_name: str = ""
    last_name: str = ""
    is_active: bool = True
    roles: RoleNames = ()
    permissions_list: tuple[str, ...] = ()
    max_api_tokens: int | None = None


class ManagerChange(Body, frozen=True):
    """What is to change; what is left out stays. Null: `max_api_tokens` as for all, `home_dc` (or empty) here."""

    username: str | UnsetType = UNSET
    password: str | UnsetType = UNSET
    is_temporary_password: bool | UnsetType = UNSET
    password_expiration_disabled: bool | UnsetType = UNSET
    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    roles: RoleNames | UnsetType = UNSET
    permissions_list: tuple[str, ...] | UnsetType = UNSET
    max_api_tokens: int | UnsetType | None = UNSET
    home_dc: str | UnsetType | None = UNSET


class ManagerQuery(paging.Searched, frozen=True):
    """Which managers to list."""

    username: str | None = None


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
    return [view_manager(each, held.get(each.id, []), failures.get(each.id, 0), settings) for each in shown]


def _group_ids(ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last id of each run of ids that lie together: those between two runs are not read."""
    runs: list[tuple[int, int]] = []
    for number in ids:
        if runs and number - runs[-1][1] <= WIDEST_GAP:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs


def view_manager(manager: Manager, held: list[Role], failures: int, settings: managers.PasswordSettings) -> ManagerView:
    """Show a manager with the roles that they hold and their failed sign-ins."""
    ends_at = managers.password_ends_at(settings, manager)
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


@routes.get("/", action="manager.list", query=ManagerQuery)
def list_managers(context: ReadContext, query: ManagerQuery) -> Any:
    """List managers: oneself, and the others with view on the Security realm; by a prefix in the order of names."""
    manager_id = None if permissions.is_allowed(context.actor, "view", "manager") else context.actor.id or 0
    if query.username is not None:
        named = manager_store.find_by_name(context.tx, query.username)
        manager_id = named.id if named is not None and manager_id in (None, named.id) else 0

    def fetch(size: int, after: str, skip: int) -> list[ManagerView]:
        if query.prefix is not None:
            return view_managers(context.tx, manager_store.named_so(context.tx, manager_id, query.prefix, size, after))
        return view_managers(context.tx, manager_store.page(context.tx, manager_id, size, paging.number(after), skip))

    return paging.list_page(query, "/api/managers/", lambda: manager_store.count(context.tx, manager_id), fetch)


@routes.get("/{manager_id:int}/", action="manager.show")
def show_manager(context: ReadContext, manager_id: int) -> ManagerView:
    """Show one manager."""
    return view_managers(context.tx, [find_manager(context, manager_id, "view")])[0]


def find_manager(context: ReadContext, manager_id: int, action: permissions.Action) -> Manager:
    """Find a manager and make sure that the actor may do this to them."""
    permissions.require_manager(context.actor, action, require_number(manager_id))
    manager = manager_store.find(context.tx, manager_id)
    if manager is None:
        raise permissions.no_such_manager(manager_id)
    return manager


def find_to_set_password(context: ReadContext, manager_id: int) -> Manager:
    """Find a manager and make sure that the actor may set their password."""
    manager = find_manager(context, manager_id, "edit")
    held = role_store.permissions_of(context.tx, manager.id)
    grants.require_grant(context, held, f"set the password of {manager.username}")
    return manager


def _prepare_create(context: ReadContext, request: NewManager) -> NewPassword | None:
    """Hash the password of a manager about to be made."""
    permissions.require(context.actor, "create", "manager")
    username = managers.check_username(request.username)
    return None if request.password is None else passwords.prepare_password(context, request.password, username)


@routes.post("/", action="manager.create", body=NewManager, prepare=_prepare_create)
def create_manager(context: WriteContext, request: NewManager) -> ManagerView:
    """Create a manager, who may hold no more rights than their maker."""
    tx = context.tx
    permissions.require(context.actor, "create", "manager")
    username = _check_free_name(tx, request.username)
    held = _find_roles(tx, request.roles)
    direct = roles.check_permissions(request.permissions_list, role_store.custom_realms(tx, request.permissions_list))
    grants.require_grant(context, direct.union(*(role.permissions for role in held)))
    if request.password is None and request.is_temporary_password:
        raise no_password_given()
    manager = Manager(
        id=manager_store.new_id(tx),
        username=username,
        first_name=managers.check_person_name("first_name", request.first_name),
        last_name=managers.check_person_name("last_name", request.last_name),
        enabled=request.is_active,
        built_in=False,
        permissions=direct,
        max_api_tokens=None if request.max_api_tokens is None else _check_quota(context, request.max_api_tokens),
        password_expiration_disabled=request.password_expiration_disabled,
        created_at=tx.now,
    )
    manager_store.insert(tx, manager)
    manager_store.set_roles(tx, manager.id, [role.id for role in held])
    if context.prepared is not None:
        passwords.set_password(context, manager, context.prepared, request.is_temporary_password)
    context.record(username, {**_audit_detail(request, held), "id": manager.id})
    return _show(tx, manager.id)


def _prepare_modify(context: ReadContext, request: ManagerChange, manager_id: int) -> NewPassword | None:
    """Hash the new password of a manager."""
    if request.password is UNSET:
        find_manager(context, manager_id, "edit")
        return None
    return _prepare_set(context, SetPassword(request.password), manager_id)


@routes.patch("/{manager_id:int}/", action="manager.modify", body=ManagerChange, prepare=_prepare_modify)
def modify_manager(context: WriteContext, request: ManagerChange, manager_id: int) -> ManagerView:
    """Change a manager; to disable one also ends their sign-ins."""
    tx, manager = context.tx, find_manager(context, manager_id, "edit")
    before = role_store.permissions_of(tx, manager.id)
    wanted = _merge(context, manager, request)
    held = role_store.roles_by_manager(tx, manager.id, manager.id).get(manager.id, [])
    if request.roles is not UNSET:
        held = _find_roles(tx, request.roles)
    after = wanted.permissions.union(*(role.permissions for role in held))
    grants.require_grant(context, after - before)
    takeovers = {  # what would let one act through a manager
        "rename": wanted.username != manager.username,
        "enable": wanted.enabled and not manager.enabled,
        "set the password of": request.password is not UNSET,
    }
    for verb in (verb for verb, is_done in takeovers.items() if is_done):
        grants.require_grant(context, after, f"{verb} {manager.username}")
    with grants.sparing_built_in(tx):
        manager_store.update(tx, wanted)
        manager_store.set_roles(tx, manager.id, [role.id for role in held])
    revoked = 0
    if context.prepared is not None:
        revoked = passwords.set_password(context, wanted, context.prepared, request.is_temporary_password is True)
    if not wanted.enabled:
        revoked += token_store.revoke_sessions(tx, manager.id)
    context.record(manager.username, {**_audit_detail(request, held), "id": manager.id, "sign_ins_revoked": revoked})
    return _show(tx, manager.id)


def _merge(context: WriteContext, manager: Manager, request: ManagerChange) -> Manager:
    """Return the manager with what is to change, all but roles and password; raise what stands against it."""
    wanted: dict[str, Any] = {}
    for name in ("first_name", "last_name"):
        if (value := getattr(request, name)) is not UNSET:
            wanted[name] = managers.check_person_name(name, value)
    if request.username is not UNSET and managers.check_username(request.username) != manager.username:
        managers.require_not_built_in(manager, "renamed")
        wanted["username"] = _check_free_name(context.tx, request.username)
    if request.is_active is not UNSET:
        if not request.is_active:
            managers.require_not_built_in(manager, "disabled")
        wanted["enabled"] = request.is_active
    if request.permissions_list is not UNSET:
        realms = role_store.custom_realms(context.tx, request.permissions_list)
        wanted["permissions"] = roles.check_permissions(request.permissions_list, realms)
    if request.max_api_tokens is not UNSET and request.max_api_tokens != manager.max_api_tokens:
        wanted["max_api_tokens"] = _check_quota(context, request.max_api_tokens)
    if request.home_dc is not UNSET:
        wanted["home_dc"] = managers.check_dc("home_dc", request.home_dc) if request.home_dc else None
    if request.password_expiration_disabled is not UNSET:
        wanted["password_expiration_disabled"] = request.password_expiration_disabled
    if request.password is UNSET and request.is_temporary_password not in (UNSET, manager.password_temporary):
        raise no_password_given()
    return dataclasses.replace(manager, **wanted)


@routes.delete("/{manager_id:int}/", action="manager.delete")
def delete_manager(context: WriteContext, manager_id: int) -> None:
    """Delete a manager; all their tokens are revoked, with whatever descends from them."""
    manager = find_manager(context, manager_id, "delete")
    managers.require_not_built_in(manager, "deleted")
    revoked = token_store.remove_owned(context.tx, manager.id)
    manager_store.delete(context.tx, manager.id)
    context.record(manager.username, {"id": manager.id, "tokens_revoked": revoked})


def _check_free_name(tx: Reads, request: str) -> str:
    username = managers.check_username(request)
    if manager_store.find_by_name(tx, username) is not None:
        raise Conflict(f"there is a manager named {username} already", "Choose another username.")
    return username


def _find_roles(tx: Reads, request: Iterable[int | str]) -> list[Role]:
    """Find roles by their ids or names."""
    found_roles = {}
    for each in request:
        role = role_store.ROLES.find(tx, each) if isinstance(each, int) else role_store.ROLES.find_by_name(tx, each)
        if role is None:
            named = f"with the id {each}" if isinstance(each, int) else f"named {quote(each)}"
            raise NotFound(f"there is no role {named}", "See: role list")
        found_roles[role.id] = role
    return list(found_roles.values())


def _check_quota(context: WriteContext, request: int | None) -> int | None:
    permissions.require(context.actor, "edit", "vms")
    return None if request is None else issuance_rules.check_quota("max_api_tokens", request)


def _show(tx: Reads, manager_id: int) -> ManagerView:
    manager = manager_store.find(tx, manager_id)
    if manager is None:
        raise AssertionError("a manager who was just stored is there")
    return view_managers(tx, [manager])[0]


def _audit_detail(request: NewManager | ManagerChange, held: list[Role]) -> dict[str, Any]:
    """Return what the audit record says of a request: of a password only that there was one."""
    facts = {name: list(value) if isinstance(value, tuple) else value for name, value in list_sent(request).items()}
    if facts.get("password") is not None:
        facts |= {"password": "set"}
    if "roles" in facts:
        facts["roles"] = [role.name for role in held]
    return facts


def no_password_given() -> Invalid:
    """Make the refusal of a temporary password that is not there."""
    return Invalid("is_temporary_password goes with a password", "Give both, or neither.")


class OwnPassword(Body, frozen=True):
    """One's own new password."""

    password: str


class SetPassword(OwnPassword, frozen=True):
    """Another's new password; a temporary one has to be replaced in time."""

    is_temporary_password: bool = False


class UnlockRequest(Body, frozen=True):
    """A new password, if there is to be one."""

    password: str | None = None
    is_temporary_password: bool = False


def prepare_own_password(context: ReadContext, request: OwnPassword) -> NewPassword:
    """Check and hash one's own new password; raise the refusal of what stands against it."""
    manager = _find_oneself(context)
    settings = setting_store.load(context.tx).passwords
    managers.require_change_due(settings, manager, context.now)
    return passwords.prepare_password(context, request.password, manager.username, manager)


@routes.patch(
    "/password/",
    action="manager.change_password",
    body=OwnPassword,
    prepare=prepare_own_password,
    status=204,
    expired_password=True,
)
def change_own_password(context: WriteContext, request: OwnPassword) -> None:
    """Change one's own password, also one that has expired; every sign-in of one's own ends."""
    manager = _find_oneself(context)
    revoked = passwords.set_password(context, manager, context.prepared, temporary=False)
    context.record(manager.username, {"id": manager.id, "sign_ins_revoked": revoked})


def _find_oneself(context: ReadContext) -> Manager:
    """Return the actor as a manager who has shown their password."""
    actor = context.actor
    manager = None if actor.id is None else manager_store.find(context.tx, actor.id)
    if manager is None:
        raise Conflict("local-admin has no password", "Name a manager: manager set_password --username NAME")
    if actor.token_id is not None:
        token = token_store.find(context.tx, actor.token_id)
        if token is None or token.kind != "session":
            raise Forbidden("an API token cannot change its owner's password", "Sign in by password: login")
    return manager


def _prepare_set(context: ReadContext, request: SetPassword, manager_id: int) -> NewPassword:
    manager = find_to_set_password(context, manager_id)
    return passwords.prepare_password(context, request.password, manager.username, manager)


@routes.patch(
    "/{manager_id:int}/password/", action="manager.set_password", body=SetPassword, prepare=_prepare_set, status=204
)
def set_password(context: WriteContext, request: SetPassword, manager_id: int) -> None:
    """Set a manager's password; every sign-in of theirs ends."""
    manager = find_to_set_password(context, manager_id)
    revoked = passwords.set_password(context, manager, context.prepared, request.is_temporary_password)
    facts = {"id": manager.id, "is_temporary_password": request.is_temporary_password, "sign_ins_revoked": revoked}
    context.record(manager.username, facts)


def _prepare_unlock(context: ReadContext, request: UnlockRequest, manager_id: int) -> NewPassword | None:
    if request.password is not None:
        return _prepare_set(context, SetPassword(request.password), manager_id)
    if request.is_temporary_password:
        raise no_password_given()
    return None


@routes.patch(
    "/{manager_id:int}/unlock/", action="manager.unlock", body=UnlockRequest, prepare=_prepare_unlock, status=204
)
def unlock_manager(context: WriteContext, request: UnlockRequest, manager_id: int) -> None:
    """Clear a manager's failed sign-ins, and set a new password if one is given."""
    manager = find_manager(context, manager_id, "edit")
    facts: dict[str, int | bool] = {"id": manager.id}
    if context.prepared is not None:
        find_to_set_password(context, manager_id)
        revoked = passwords.set_password(context, manager, context.prepared, request.is_temporary_password)
        facts |= {"sign_ins_revoked": revoked, "is_temporary_password": request.is_temporary_password}
    manager_store.clear_failures(context.tx, manager.username)
    context.record(manager.username, facts)
