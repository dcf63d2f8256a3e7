"""/v1/sys/: health, mounts, leader and capabilities, as Vault's clients expect them."""

from typing import Any

from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.tokens.tokens import Token
from server_stub.operations.context import ReadContext
from server_stub.web.http import openapi
from server_stub.web.http.dialect import Body
from server_stub.web.vault import capabilities, responses, tokens
from server_stub.web.vault.decoding import Decoded, EmptyQuery, Text, Texts
from server_stub.web.vault.dialect import NO_WRAPPING, current, format_multierror

CLUSTER = "vshell"
OPEN: dict[str, Any] = {"open": True, "anonymous": True, "query": EmptyQuery}
BAD_TOKEN = {"not_found": (400, format_multierror("invalid token"))}


class Paths(Body, frozen=True):
    """What to tell the capabilities on, and for which token."""

    path: Texts = None
    paths: Texts = None
    token: Text = None
    accessor: Text = None


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


@current.post("/sys/capabilities-self", action="apitoken.capabilities", status=200, body=Paths, read_only=True)
def list_own_capabilities(context: ReadContext, decoded: Decoded[Paths]) -> dict[str, Any]:
    """Tell what the token that asks may do at some addresses."""
    return _answer_capabilities(context, decoded, tokens.find_own(context))


@current.post(
    "/sys/capabilities",
    action="apitoken.capabilities",
    status=200,
    body=Paths,
    read_only=True,
    status_overrides=BAD_TOKEN,
)
def list_capabilities(context: ReadContext, decoded: Decoded[Paths]) -> dict[str, Any]:
    """Tell what a token may do at some addresses."""
    return _answer_capabilities(context, decoded, tokens.find_by_text(context, decoded.request.token or "", "view"))


@current.post(
    "/sys/capabilities-accessor",
    action="apitoken.capabilities",
    status=200,
    body=Paths,
    read_only=True,
    status_overrides=BAD_TOKEN,
)
def list_capabilities_by_accessor(context: ReadContext, decoded: Decoded[Paths]) -> dict[str, Any]:
    """Tell what a token, named by its accessor, may do at some addresses."""
    return _answer_capabilities(
        context, decoded, tokens.find_by_accessor(context, decoded.request.accessor or "", "view")
    )


def _answer_capabilities(context: ReadContext, decoded: Decoded[Paths], token: Token | None) -> dict[str, Any]:
    paths = [path.strip("/") for path in (decoded.request.paths or decoded.request.path or ()) if path.strip("/")]
    if not paths:
        raise Invalid(format_multierror("paths must be supplied"))
    live = tokens.require_live(context, token)
    held = {path: capabilities.list_capabilities(context, live, path) for path in paths}
    data: dict[str, Any] = {**held, "capabilities": held[paths[0]]} if len(paths) == 1 else held
    return responses.make_doubled(context, data, decoded.warnings)


@current.post("/sys/wrapping/{deed}", action="apitoken.unwrap", status=200, body=Paths, read_only=True)
def refuse_wrapping(context: ReadContext, decoded: Decoded[Paths], deed: str) -> None:
    """Say that there is no response wrapping."""
    raise Invalid(NO_WRAPPING)
