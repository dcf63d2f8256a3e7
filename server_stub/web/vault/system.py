"""/v1/sys/: health, mounts, leader and capabilities, as Vault's clients expect them.

The words for what a token may do at an address are create, read, update, delete, list and sudo. Vault goes by its
policies, this module by the rules of the engine, address by address. ``root`` is every right un-narrowed and ``deny``
is none. What everybody may do with their own tokens is called ``update``, though others' take a right.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import authentication
from server_stub.operations.context import ReadContext
from server_stub.web.http import openapi
from server_stub.web.http.decoding import Body
from server_stub.web.vault import policies, responses, tokens
from server_stub.web.vault.decoding import Decoded, EmptyQuery, Text, Texts
from server_stub.web.vault.dialect import NO_WRAPPING, current, format_multierror

CLUSTER = "vshell"
OPEN: dict[str, Any] = {"open": True, "anonymous": True, "query": EmptyQuery}
"""Options of what anybody may see."""
BAD_TOKEN = {"not_found": (400, format_multierror("invalid token"))}


class Paths(Body, frozen=True):
    """What to tell the capabilities on, and for which token."""

    path: Texts = None
    paths: Texts = None
    token: Text = None
    accessor: Text = None


CAPABILITIES: dict[str, Any] = {"action": "apitoken.capabilities", "status": 200, "body": Paths, "read_only": True}
"""Options of what tells the capabilities of a token."""


@current.get("/sys/health", action="server.health", **OPEN)
def show_health(context: ReadContext, decoded: Decoded[EmptyQuery]) -> dict[str, Any]:
    """Tell whether the server and its database work; a server of this kind is neither sealed nor standing by."""
    openapi.health(context)
    return {
        "initialized": True,
        "sealed": False,
        "standby": False,
        "performance_standby": False,
        "replication_performance_mode": "disabled",
        "replication_dr_mode": "disabled",
        "server_time_utc": context.now // SECOND,
        "version": openapi.version(),
        "cluster_name": CLUSTER,
        "cluster_id": context.server.server_id,
    }


@current.get("/sys/seal-status", action="server.health", **OPEN)
def show_seal_status(context: ReadContext, decoded: Decoded[EmptyQuery]) -> dict[str, Any]:
    """Tell that the server is not sealed: it keeps no secret that a seal would protect."""
    return {
        "type": "none",
        "initialized": True,
        "sealed": False,
        "t": 0,
        "n": 0,
        "progress": 0,
        "nonce": "",
        "version": openapi.version(),
        "build_date": "",
        "migration": False,
        "cluster_name": CLUSTER,
        "cluster_id": context.server.server_id,
        "recovery_seal": False,
        "storage_type": "sql",
    }


@current.get("/sys/leader", action="server.health", **OPEN)
def show_leader(context: ReadContext, decoded: Decoded[EmptyQuery]) -> dict[str, Any]:
    """Tell that there is no leader: all servers of one database are equal."""
    return {
        "ha_enabled": False,
        "is_self": False,
        "active_time": "0001-01-01T00:00:00Z",
        "leader_address": "",
        "leader_cluster_address": "",
        "performance_standby": False,
        "performance_standby_last_remote_wal": 0,
    }


@current.get("/sys/init", action="server.health", **OPEN)
def show_init(context: ReadContext, decoded: Decoded[EmptyQuery]) -> dict[str, Any]:
    """Tell that the server is initialized."""
    return {"initialized": True}


def _mount(kind: str, description: str) -> dict[str, Any]:
    return {
        "accessor": f"{kind}_vshell",
        "config": {"default_lease_ttl": 0, "force_no_cache": False, "max_lease_ttl": 0},
        "description": description,
        "external_entropy_access": False,
        "local": False,
        "options": None,
        "plugin_version": "",
        "seal_wrap": False,
        "type": kind,
        "uuid": "",
    }


@current.get("/sys/auth", action="server.describe", query=EmptyQuery)
def list_auth(context: ReadContext, decoded: Decoded[EmptyQuery]) -> dict[str, Any]:
    """List the ways to be let in."""
    ways = {"token/": _mount("token", "tokens"), "userpass/": _mount("userpass", "managers by password")}
    return responses.make_doubled(context, ways)


@current.get("/sys/mounts", action="server.describe", query=EmptyQuery)
def list_mounts(context: ReadContext, decoded: Decoded[EmptyQuery]) -> dict[str, Any]:
    """List what is mounted: the system alone, for no secrets are kept here."""
    return responses.make_doubled(context, {"sys/": _mount("system", "system endpoints")})


@current.post("/sys/wrapping/{action}", action="apitoken.unwrap", status=200, body=Paths, read_only=True)
def refuse_wrapping(context: ReadContext, decoded: Decoded[Paths], action: str) -> None:
    """Say that there is no response wrapping."""
    raise Invalid(NO_WRAPPING)


@current.post("/sys/capabilities-self", **CAPABILITIES)
def list_own_capabilities(context: ReadContext, decoded: Decoded[Paths]) -> dict[str, Any]:
    """Tell what the token that asks may do at some addresses."""
    return _answer_capabilities(context, decoded, tokens.find_own(context))


@current.post("/sys/capabilities", status_overrides=BAD_TOKEN, **CAPABILITIES)
def list_capabilities(context: ReadContext, decoded: Decoded[Paths]) -> dict[str, Any]:
    """Tell what a token may do at some addresses."""
    return _answer_capabilities(context, decoded, tokens.find_by_text(context, decoded.request.token or "", "view"))


@current.post("/sys/capabilities-accessor", status_overrides=BAD_TOKEN, **CAPABILITIES)
def list_capabilities_by_accessor(context: ReadContext, decoded: Decoded[Paths]) -> dict[str, Any]:
    """Tell what a token, named by its accessor, may do at some addresses."""
    found = tokens.find_by_accessor(context, decoded.request.accessor or "", "view")
    return _answer_capabilities(context, decoded, found)


def _answer_capabilities(context: ReadContext, decoded: Decoded[Paths], token: Token | None) -> dict[str, Any]:
    paths = [path.strip("/") for path in (decoded.request.paths or decoded.request.path or ()) if path.strip("/")]
    if not paths:
        raise Invalid(format_multierror("paths must be supplied"))
    live = tokens.require_live(context, token)
    held = {path: _capabilities_at(context, live, path) for path in paths}
    data: dict[str, Any] = {**held, "capabilities": held[paths[0]]} if len(paths) == 1 else held
    return responses.make_doubled(context, data, decoded.warnings)


Rule = Callable[[Actor], set[str]]


def _always(*words: str) -> Rule:
    return lambda actor: set(words)


def _if_allowed(action: permissions.Action, object_type: str, *words: str) -> Rule:
    return lambda actor: set(words) if permissions.is_allowed(actor, action, object_type) else set()


def _if_administrator(*words: str) -> Rule:
    return lambda actor: set(words) if permissions.holds_every_right(actor) else set()


_WORDS = {"GET": ("read",), "LIST": ("list",), "POST": ("create", "update"), "DELETE": ("delete",)}
_CHANGED = _WORDS["POST"]
RESTRICTED: Mapping[str, tuple[Rule, ...]] = {
    "auth/token/create": (_always(*_CHANGED), _if_administrator("sudo")),
    "auth/token/create-orphan": (_if_administrator("sudo", *_CHANGED),),
    "auth/token/revoke-prefix/": (_if_allowed("delete", "apitoken", "sudo", *_CHANGED),),
    "sys/leases/revoke-prefix/": (_if_allowed("delete", "apitoken", "sudo", *_CHANGED),),
    "sys/revoke-prefix/": (_if_allowed("delete", "apitoken", "sudo", *_CHANGED),),
    "auth/token/accessors": (_always("list"), _if_allowed("view", "apitoken", "sudo")),
    "auth/token/roles": (_if_allowed("view", "role", "list"),),
    "auth/token/roles/": (_if_allowed("view", "role", "read"), _if_administrator("delete", *_CHANGED)),
    "auth/token/tidy": (_if_allowed("delete", "apitoken", *_CHANGED),),
    "sys/wrapping/": (),
}
"""The rules of the addresses that are not for everybody; one that ends in a slash stands for all below it."""


@functools.cache
def _rules_by_address() -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules of each address: where none restricts it, everybody may do what it is served for."""
    rules: dict[str, tuple[Rule, ...]] = {}
    for route in current.all:
        if not route.access.open:
            address = route.path.removeprefix("/v1/").partition("{")[0]
            rules[address] = (*rules.get(address, ()), _always(*_WORDS[route.method]))
    return {**rules, **RESTRICTED}


def _capabilities_at(context: ReadContext, token: Token, path: str) -> list[str]:
    """Return what a token may do at an address, in Vault's words and order."""
    if policies.names_of(context.tx, token) == [policies.ROOT]:
        return [policies.ROOT]
    actor = authentication.find_actor(context.tx, token, context.source)
    by_address = _rules_by_address()
    below = [address for address in by_address if address.endswith("/") and path.startswith(address)]
    rules = by_address.get(path) or (by_address[max(below, key=len)] if below else ())
    return sorted(set[str]().union(*(rule(actor) for rule in rules))) or ["deny"]
