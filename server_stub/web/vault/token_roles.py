"""auth/token/roles/: Vault's token roles.

What the engine has not is refused, not dropped.
"""

from dataclasses import replace
from typing import Any

from server_stub.domain.accounts import permissions
from server_stub.domain.base.errors import Invalid, NotFound
from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.tokens import vault_roles
from server_stub.domain.tokens.vault_roles import TokenRole
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store import token_roles as token_role_store
from server_stub.web.http.decoding import Body
from server_stub.web.vault import policies, responses
from server_stub.web.vault.decoding import Decoded, EmptyBody, EmptyQuery, Length, ListQuery, Split, Switch, Text, Whole
from server_stub.web.vault.dialect import on_both
from server_stub.web.vault.responses import Envelope

SERVICE_TYPES = (None, "", "service", "default-service")


class TokenRoleFields(Body, frozen=True):
    """What a role is to be; what is left out stays, and the fields that begin with `token_` win."""

    allowed_policies: Split = None
    allowed_policies_glob: Split = None
    disallowed_policies: Split = None
    disallowed_policies_glob: Split = None
    orphan: Switch = None
    renewable: Switch = None
    path_suffix: Text = None
    period: Length = None
    token_period: Length = None
    explicit_max_ttl: Length = None
    token_explicit_max_ttl: Length = None
    token_num_uses: Whole = None
    token_no_default_policy: Switch = None
    token_type: Text = None
    bound_cidrs: Split = None
    token_bound_cidrs: Split = None
    allowed_entity_aliases: Split = None


@on_both("post", "roles/{name}", "tokenrole.modify", body=TokenRoleFields)
def write_role(context: WriteContext, decoded: Decoded[TokenRoleFields], name: str) -> Envelope | None:
    """Make a token role, or change one."""
    vault_roles.require_writer(context.actor)
    _require_supported(decoded.request)
    before = token_role_store.find(context.tx, name) or TokenRole(name)
    role = vault_roles.check(replace(before, **_list_changes(decoded.request)))
    token_role_store.keep(context.tx, role)
    described = describe_role(role)
    facts = {each: described[each] for each in ("allowed_policies", "orphan", "period", "explicit_max_ttl")}
    context.record(role.name, facts)
    return responses.make_envelope(context, warnings=decoded.warnings) if decoded.ignored else None


def _require_supported(request: TokenRoleFields) -> None:
    if request.token_type not in SERVICE_TYPES:
        raise Invalid("batch tokens are not supported by this server", 'Leave out the type, or use "service".')
    if request.bound_cidrs or request.token_bound_cidrs:
        raise Invalid("tokens bound to addresses are not supported by this server")
    if request.allowed_entity_aliases:
        raise Invalid("entity aliases are not supported by this server")


def _list_changes(request: TokenRoleFields) -> dict[str, Any]:
    """Return the fields of a role that are to change."""
    given: dict[str, Any] = {
        name: None if (value := getattr(request, name)) is None else policies.clean_names(value)
        for name in ("allowed_policies", "disallowed_policies")
    }
    same = ("allowed_policies_glob", "disallowed_policies_glob", "orphan", "renewable", "path_suffix")
    given |= {name: getattr(request, name) for name in same} | {
        "period": request.token_period or request.period,
        "explicit_max_ttl": request.token_explicit_max_ttl or request.explicit_max_ttl,
        "num_uses": request.token_num_uses,
        "no_default_policy": request.token_no_default_policy,
    }
    return {name: value for name, value in given.items() if value is not None}


def describe_role(role: TokenRole) -> dict[str, Any]:
    """Show a role; lengths are whole seconds."""
    period, maximum = (role.period or 0) // SECOND, (role.explicit_max_ttl or 0) // SECOND
    return {
        "allowed_entity_aliases": [],
        "allowed_policies": list(role.allowed_policies),
        "allowed_policies_glob": list(role.allowed_policies_glob),
        "disallowed_policies": list(role.disallowed_policies),
        "disallowed_policies_glob": list(role.disallowed_policies_glob),
        "explicit_max_ttl": maximum,
        "name": role.name,
        "orphan": role.orphan,
        "path_suffix": role.path_suffix,
        "period": period,
        "renewable": role.renewable,
        "token_bound_cidrs": [],
        "token_explicit_max_ttl": maximum,
        "token_no_default_policy": role.no_default_policy,
        "token_num_uses": role.num_uses,
        "token_period": period,
        "token_type": "default-service",
    }


@on_both("get", "roles/{name}", "tokenrole.show", query=EmptyQuery)
def show_role(context: ReadContext, decoded: Decoded[EmptyQuery], name: str) -> Envelope:
    """Show a token role."""
    permissions.require(context.actor, "view", "role")
    role = token_role_store.find(context.tx, name)
    if role is None:
        raise NotFound("there is no such token role")
    return responses.make_envelope(context, describe_role(role))


@on_both("list", "roles", "tokenrole.list", query=ListQuery)
def list_roles(context: ReadContext, decoded: Decoded[ListQuery]) -> Envelope:
    """List the names of the token roles; when there is none, that is a 404 in Vault."""
    permissions.require(context.actor, "view", "role")
    names = token_role_store.names(context.tx)
    if not names:
        raise NotFound("there are no token roles")
    return responses.make_envelope(context, {"keys": names}, warnings=decoded.warnings)


@on_both("delete", "roles/{name}", "tokenrole.delete", body=EmptyBody)
def delete_role(context: WriteContext, decoded: Decoded[EmptyBody], name: str) -> None:
    """Remove a token role; what was made by it stays."""
    vault_roles.require_writer(context.actor)
    token_role_store.delete(context.tx, name)
    context.record(name, {})
