"""The shapes of Vault's answers. They are supersets of the early ones, so one serializer serves both."""

from collections.abc import Sequence
from typing import Any

import msgspec

from server_stub.domain.base.timestamps import HOUR, MINUTE, SECOND, rfc3339
from server_stub.domain.tokens.tokens import Token
from server_stub.operations.context import ReadContext
from server_stub.web.http.decoding import Secret
from server_stub.web.vault import policies

SERVICE = "service"
MADE_BY_ROLE = "auth/token/create/"


class Auth(Secret, frozen=True):
    """A token that was made or renewed; lengths are whole seconds."""

    client_token: str
    accessor: str
    policies: list[str]
    token_policies: list[str]
    metadata: dict[str, str] | None
    lease_duration: int
    renewable: bool
    entity_id: str
    token_type: str
    orphan: bool
    mfa_requirement: None
    num_uses: int


class Envelope(Secret, frozen=True):
    """What every answer comes in."""

    request_id: str
    lease_id: str = ""
    renewable: bool = False
    lease_duration: int = 0
    data: Any = None
    wrap_info: None = None
    warnings: list[str] | None = None
    auth: Auth | None = None


def make_envelope(
    context: ReadContext, data: Any = None, auth: Auth | None = None, warnings: Sequence[str] = ()
) -> Envelope:
    """Put an answer into its envelope."""
    fresh = context.server.fresh(16).hex()
    request_id = f"{fresh[:8]}-{fresh[8:12]}-4{fresh[13:16]}-a{fresh[17:20]}-{fresh[20:]}"  # a UUID of version 4
    return Envelope(request_id, data=data, auth=auth, warnings=list(warnings) or None)


def make_doubled(context: ReadContext, data: dict[str, Any], warnings: Sequence[str] = ()) -> dict[str, Any]:
    """Put an answer into its envelope and beside it, as some addresses below sys/ do."""
    return {**data, **msgspec.structs.asdict(make_envelope(context, data, warnings=warnings))}


def answer_auth(context: ReadContext, token: Token, text: str, warnings: Sequence[str]) -> Envelope:
    """Answer with a token that was made or renewed now; ``text`` is its whole string, empty where that is not known."""
    names = policies.names_of(context.tx, token)
    auth = Auth(
        client_token=text,
        accessor=token.id,
        policies=names,
        token_policies=names,
        metadata=dict(token.meta) or None,
        lease_duration=seconds_left(token, context.now),
        renewable=is_renewable(token),
        entity_id="",
        token_type=SERVICE,
        orphan=token.parent_id is None,
        mfa_requirement=None,
        num_uses=token.uses_left or 0,
    )
    return make_envelope(context, auth=auth, warnings=warnings)


def make_lookup(context: ReadContext, token: Token, text: str) -> dict[str, Any]:
    """Show a token; ``text`` is its whole string, empty where that is not known. The last four only when they apply."""
    maximum = token.max_expires_at
    data = {
        "accessor": token.id,
        "creation_time": token.created_at // SECOND,
        "creation_ttl": (token.first_granted or 0) // SECOND,
        "display_name": token.name,
        "entity_id": "",
        "expire_time": None if token.expires_at is None else rfc3339(token.expires_at),
        "explicit_max_ttl": 0 if maximum is None else (maximum - token.created_at) // SECOND,
        "id": text,
        "issue_time": rfc3339(token.created_at),
        "meta": dict(token.meta) or None,
        # On its last use a token has none left, which Vault tells from "any number" by -1.
        "num_uses": 0 if token.uses_left is None else token.uses_left or -1,
        "orphan": token.parent_id is None,
        "path": token.path,
        "policies": policies.names_of(context.tx, token),
        "renewable": is_renewable(token),
        "ttl": seconds_left(token, context.now),
        "type": SERVICE,
    }
    if token.period is not None:
        data["period"] = token.period // SECOND
    if token.path.startswith(MADE_BY_ROLE) and (role := token.path.removeprefix(MADE_BY_ROLE).partition("/")[0]):
        data["role"] = role
    if token.renewed_at is not None:
        data |= {"last_renewal": rfc3339(token.renewed_at), "last_renewal_time": token.renewed_at // SECOND}
    return data


def seconds_left(token: Token, now: int) -> int:
    """Return how many whole seconds a token has left; 0 for one without an end."""
    return 0 if token.expires_at is None else max(0, token.expires_at - now) // SECOND


def is_renewable(token: Token) -> bool:
    """Tell whether a token may be renewed."""
    return token.renewable and token.expires_at is not None


def format_length(length: int) -> str:
    """Write a length as Vault does: 768h, 1h30m, 45s."""
    parts = ((length // HOUR, "h"), (length % HOUR // MINUTE, "m"), (length % MINUTE // SECOND, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def format_cap(asked: int, granted: int) -> str:
    """Write the warning of a token that was given less than was asked for."""
    return (
        f'TTL of "{format_length(asked)}" exceeded the effective max_ttl of "{format_length(granted)}"; '
        "TTL value is capped accordingly"
    )
