"""Vault's commands about tokens over ``apitoken``: its words, its flags, its answers, old and new.

Sources: HashiCorp Vault, "Auth Backend: Token" and the programs of that time; today's ``token`` commands. A token is
shown there as it is; here it is exchanged for its id first (Vault's accessor), because a secret stands in no address.

The lines go to the native resources, because /v1 refuses in Vault's words, without the code and the next step that a
person is shown. What Vault's way means for a new token is decided by the server: ``vault`` of POST /apitokens/.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from vshell.commands import apitoken
from vshell.commands._objects import dead_token_error, drop_none, flatten_token, pairs, verify_token
from vshell.errors import Failed, Mistake, ShellError
from vshell.kinds import Choice, GoDuration, Integer, Pair, RoleName, Secret, Several, Switch, Text, TokenId
from vshell.registry.view import Column, View, columns
from vshell.session import Session
from vshell.state.identity import parse_token

Time = GoDuration(bare=True)
Shown = Annotated[str | None, Secret("TOKEN"), "Shows the token; without it your own is meant."]
Accessor = Annotated[str | None, TokenId(metavar="ACCESSOR"), "Names the token by its id instead."]

AUTHENTICATED = View(
    columns("user", "accessor", "policies"),
    sentence="Successfully authenticated! The policies that are associated\n"
    "with this token are listed below:\n\n{policies}",
)
AUTH_FIELDS = ("token", "token_accessor", "token_duration", "token_renewable", "token_policies", "token_meta")
AUTH = View(tuple(Column(name, name) for name in AUTH_FIELDS), layout="vertical")
LOOKUP_FIELDS = ("accessor", "creation_time", "display_name", "expire_time", "meta", "num_uses", "orphan", "path")
LOOKUP = View(tuple(Column(name, name) for name in (*LOOKUP_FIELDS, "policies", "ttl")), layout="vertical")
REVOKED = View(columns("id"), sentence="Success! Revoked token (if it existed)")


def auth(
    session: Session, token: Annotated[str | None, Secret("TOKEN"), "Shows the token; you are asked for it."] = None, /
) -> object:
    """Go on with a token: from now on it says who you are, until this shell ends."""
    shown = token or session.read_token()
    before = None
    with suppress(ShellError):
        before = session.client.signed_target
    session.client.use(parse_token(shown, "vault auth"))
    try:
        own = _find_own(session)
    except ShellError:
        session.client.use(before.credential if before else None, before.session_store if before else None)
        raise
    session.names.invalidate()
    policies = own.get("policies")
    listed = ", ".join(policies) if policies is not None else f"all roles of {own['user']}"
    return {"user": own["user"], "accessor": own["id"], "policies": listed}


def create(
    session: Session,
    /,
    *,
    ttl: Annotated[str | None, Time, "Sets how long the token lives (once called lease)."] = None,
    policy: Annotated[list[str] | None, Several(RoleName("POLICY")), "Gives it only this policy."] = None,
    metadata: Annotated[list[tuple[str, str]] | None, Several(Pair()), "Adds a note to its records."] = None,
    orphan: Annotated[bool | None, Switch(), "Makes it the child of no token."] = None,
    use_limit: Annotated[int | None, Integer(0), "Sets how often it can be used; 0 is any number."] = None,
    display_name: Annotated[str | None, Text("NAME"), "Names the token."] = None,
    id_: Annotated[str | None, Secret("TOKEN"), "Says what the token is to be; takes every right."] = None,
    explicit_max_ttl: Annotated[str | None, Time, "Sets the time after which nothing keeps it alive."] = None,
    period: Annotated[str | None, Time, "Sets what every renewal gives, without end."] = None,
    renewable: Annotated[str | None, Choice("true", "false"), "Says whether it can be renewed."] = None,
    no_default_policy: Annotated[bool | None, Switch(), "Leaves the policy 'default' out, as is always done."] = None,
) -> object:
    """Create a token, by default a child of your own with all that you may do.

    Whoever holds every right may name a policy that is no role yet: it gives nothing until there is one.
    """
    wanted = drop_none(name=display_name, expiry_date=ttl, hard_end=explicit_max_ttl, period=period, token=id_)
    wanted |= drop_none(policies=policy, meta=pairs(metadata), num_uses=use_limit, orphan=orphan)
    if renewable == "false":
        wanted["renewable"] = False
    made: Any = session.client.request("POST", "/apitokens/", wanted | {"vault": True})
    record = session.client.get_object(f"/apitokens/{made['id']}/")
    _note_missing(session, policy or ())
    return _format_auth(made["token"], record, _count_seconds(record, record["created"]))


def _note_missing(session: Session, policies: Iterable[str]) -> None:
    """Tell which policies no role bears, as Vault warns of them; who may not see roles names none that is missing."""
    with suppress(ShellError):
        for name in policies:
            if session.client.request("GET", "/roles/", query={"name": name}) == []:
                session.out.note(f'Policy "{name}" does not exist, so it gives nothing; see: role create')


def lookup(session: Session, token: Shown = None, /, *, accessor: Accessor = None) -> object:
    """Look a token up, or your own."""
    return _format_lookup(_find_named(session, token, accessor))


def renew(
    session: Session,
    token: Shown = None,
    by: Annotated[str | None, Time, "Gives the increment as a word."] = None,
    /,
    *,
    increment: Annotated[str | None, Time, "Sets how long it lives from now."] = None,
    accessor: Accessor = None,
) -> object:
    """Renew a token, or your own."""
    record = _find_named(session, token, accessor)
    wanted = drop_none(increment=increment or by)
    renewed: Any = session.client.request("PATCH", f"/apitokens/{record['id']}/renew/", wanted)
    return _format_auth(token, renewed, _count_seconds(renewed))


def revoke(
    session: Session,
    token: Annotated[str | None, Secret("TOKEN"), "Shows the token, or with -mode=path names the path."] = None,
    /,
    *,
    mode: Annotated[
        str | None, Choice("orphan", "path"), "Frees its children (orphan), or revokes what was made at a path."
    ] = None,
    self_: Annotated[bool | None, Switch(), "Revokes the token by which you are here."] = None,
    accessor: Accessor = None,
) -> object:
    """Revoke a token and its children."""
    if [token is not None, bool(self_), accessor is not None].count(True) != 1:
        raise Mistake("token revoke needs one of TOKEN, -self and -accessor.", "For example: token revoke -self")
    if mode == "path":
        if token is None:
            raise Mistake("-mode=path needs a path.", "For example: token revoke -mode=path auth/token/create")
        return apitoken.revoke(session, prefix=token)
    if token is not None:
        record = verify_token(session, token)
        if record is None:
            return {"id": None}  # Vault's answer is the same whether it was there or not.
        if record["id"] is None:  # a sign-in's, which /v1 revokes by its string
            session.client.request("POST", "/v1/auth/token/revoke", {"token": token})
            return {"id": None}
    else:
        record = _find_named(session, None, accessor)
    return apitoken.revoke(session, id_=record["id"], orphan_children=True if mode == "orphan" else None)


def capabilities(
    session: Session,
    /,
    *words: Annotated[str, Secret("[TOKEN] PATH"), "Name a path, before it a token if not yours."],
) -> str:
    """Tell what a token may do at a path of Vault's door."""
    if len(words) not in (1, 2):
        raise Mistake("token capabilities needs a path, or a token and a path.", "token capabilities auth/token/create")
    *shown, path = words
    body = drop_none(path=path, token=shown[0] if shown else None)
    answer = session.client.request("POST", f"/v1/sys/capabilities{'' if shown else '-self'}", body)
    found = answer.get("capabilities") if isinstance(answer, Mapping) else None
    if not isinstance(found, list):
        raise Failed("The server did not say what the token may do.", "See what it is: token lookup")
    return ", ".join(map(str, found))


def _find_own(session: Session) -> dict[str, Any]:
    return flatten_token(session.client.get_object("/apitokens/self/"))


def _find_named(session: Session, token: str | None, accessor: str | None) -> Mapping[str, Any]:
    """Return the record of a token shown, of one named by its id, or of the caller's own; raises ShellError."""
    if token is not None and accessor is not None:
        raise Mistake("Give the token or its accessor, not both.", "For example: token lookup -accessor ID")
    if accessor is not None:
        return session.client.get_object(f"/apitokens/{accessor}/")
    record = _find_own(session) if token is None else verify_token(session, token)
    if record is None:
        raise dead_token_error()
    if record["id"] is None and token is not None:
        raise Failed("This is no API token: it came of a sign-in, or is local-admin's.", "What it is: apitoken verify")
    if record["id"] is None:
        raise Failed("You are not here by an API token.", "Show one, or sign in with it: vault auth TOKEN")
    return record


def _format_auth(token: str | None, record: Mapping[str, Any], duration: int) -> dict[str, Any]:
    """Return a token and its record in the words of Vault's ``auth``."""
    return {
        "token": token,
        "token_accessor": record["id"],
        "token_duration": duration,
        "token_renewable": record["renewable"],
        "token_policies": record["policies"],
        "token_meta": record["meta"],
    }


def _format_lookup(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record in the words of Vault's ``lookup``."""
    return {
        "accessor": record["id"],
        "creation_time": record["created"],
        "display_name": record["name"],
        "expire_time": record["expiry_date"],
        "meta": record["meta"],
        "num_uses": record["uses_left"] or 0,
        "orphan": record["parent_id"] is None,
        "path": record["path"],
        "policies": record["policies"],
        "ttl": _count_seconds(record),
    }


def _count_seconds(record: Mapping[str, Any], since: str | None = None) -> int:
    """Return how long a token has from a moment or from now, in seconds; 0 for one without an end, as Vault has it."""
    if record["expiry_date"] is None:
        return 0
    end = datetime.fromisoformat(record["expiry_date"])
    begin = datetime.fromisoformat(since) if since else datetime.now(end.tzinfo)
    return max(0, int((end - begin).total_seconds()))
