"""apitoken: API tokens, which programs show instead of a password.

Source: VAST's pages "apitoken create", "modify", "show", "list" and "Managing VMS API Tokens".
"""

from typing import Annotated

from vshell.commands._objects import given
from vshell.commands._tokens import ended, family, pairs
from vshell.errors import Mistake
from vshell.kinds import (
    Duration,
    Integer,
    ListOf,
    ManagerName,
    Pair,
    RoleName,
    Scope,
    Several,
    Switch,
    Text,
    TokenId,
    TokenName,
    Word,
)
from vshell.registry.tree import Column, Reversal, View, command, describe_object
from vshell.registry.undo import KEEP, Row
from vshell.session import Session

describe_object("apitoken", "API tokens, which programs show instead of a password.")

COLUMNS = (
    Column("id"),
    Column("name"),
    Column("owner"),
    Column("expiry_date"),
    Column("last_used"),
    Column("revoked"),
    Column("revocation_time"),
)
MORE = (
    "created",
    "state",
    "kind",
    "parent_id",
    "max_expires_at",
    "sliding_window",
    "uses_left",
    "renewable",
    "policies",
    "scopes",
    "meta",
    "path",
    "project",
    "terminal",
)
LIST = View(COLUMNS, more=MORE)
SHOW = View(COLUMNS, layout="vertical", more=MORE)
CREATED = View(
    (Column("id"), Column("token")),
    # VAST's sentence, to the letter: programs look for it.
    sentence="ApiToken with id: {id} has been created, your token is: {token} please keep it safe",
)
TREE = View((Column("id"), Column("name"), Column("owner"), Column("expiry_date")), layout="tree", more=MORE)
MODIFIED = View((Column("id"),), sentence="ApiToken with id: {id} has been modified")
REVOKED = View((Column("id"),), sentence="ApiToken with id: {id} has been revoked")


@command(
    "apitoken create",
    view=CREATED,
    examples=(
        "apitoken create",
        "apitoken create --name AWS_TOKEN --expiry-date 1D --owner adminjb",
        "apitoken create --auto 10m --hard-end 30D --policies read_only --meta team=web",
    ),
    changes=True,
    undo="Revoke it with: apitoken revoke --id {id}",
)
def create(
    session: Session,
    /,
    *,
    name: Annotated[str | None, Text("TOKEN_NAME"), "Customizes the name of the API token."] = None,
    expiry_date: Annotated[
        str | None, Duration("EXPIRATION_TIME"), "Sets the time from the token's creation until it expires."
    ] = None,
    owner: Annotated[
        str | None, ManagerName("OWNER"), "Sets the owner of the token; use it to create a token for another user."
    ] = None,
    auto: Annotated[
        str | None, Duration("DURATION"), "Sets how long the token lives after each use, which begins this time anew."
    ] = None,
    hard_end: Annotated[
        str | None, Duration("DURATION"), "Sets the time after which nothing keeps the token alive."
    ] = None,
    scopes: Annotated[
        list[str] | None, ListOf(Scope()), "Narrows the token to these nodes and what lies below them."
    ] = None,
    policies: Annotated[
        list[str] | None, ListOf(RoleName("ROLE")), "Gives the token only these of its owner's roles."
    ] = None,
    num_uses: Annotated[int | None, Integer(1), "Sets how often it can be used; any number if not given."] = None,
    meta: Annotated[
        list[tuple[str, str]] | None, Several(Pair()), "Adds a note, which stands in every record of what it does."
    ] = None,
    orphan: Annotated[bool | None, Switch(), "Makes it the child of no token, not even of yours."] = None,
    parent: Annotated[
        str | None, TokenId(), "Makes it the child of this token instead of yours; it dies with its parent."
    ] = None,
    project: Annotated[str | None, Word("NAME"), "Limits it to this project; see: help projects."] = None,
) -> object:
    """Create an API token, which can be used to securely authenticate calls to the REST API.

    The token is displayed in the command output and cannot be displayed again.

    If no name is given, the token is named OWNER_api_token, where OWNER is the user name of its owner. If no
    owner is given, the token is owned by the requesting user; to create one for another user requires Create
    permission for the Security realm.

    The expiration time is a whole integer followed by a unit of time: Y for (365 day) years, M for (30 day)
    months, w or W for weeks, d or D for days, h or H for hours, m for minutes, s or S for seconds. The maximum
    and default is the password expiration timeout of "vms modify_pwd_settings". If password expiration is not
    enabled, tokens do not expire unless --expiry-date is set.

    The number of tokens per user is limited to five by default; see "vms set_max_api_tokens_per_user".

    A token made with a token is its child: it is never wider than its parent, ends no later, and is revoked with
    it; "apitoken tree" draws them. A scope is written node:UUID:r, :w or :rw; see "node list" and "help gateway".
    """
    wishes = given(name=name, owner=owner, expiry_date=expiry_date, sliding_window=auto, hard_end=hard_end)
    wishes |= given(scopes=scopes, policies=policies, num_uses=num_uses, orphan=orphan, parent=parent)
    wishes |= given(project=project)
    return session.api.request("POST", "/apitokens/", wishes | given(meta=pairs(meta)))


@command(
    "apitoken list",
    view=LIST,
    examples=(
        "apitoken list",
        "apitoken list --archived --owner admin",
        "apitoken list --unused-for 90D --columns id,owner,last_used,created",
    ),
)
def list_(
    session: Session,
    /,
    *,
    archived: Annotated[bool | None, Switch(), "Includes revoked tokens, which are archived."] = None,
    owner: Annotated[str | None, ManagerName("OWNER"), "Lists only the tokens of this owner."] = None,
    name: Annotated[str | None, TokenName("TOKEN_NAME"), "Lists only the tokens with this name."] = None,
    expiring_in: Annotated[str | None, Duration("DURATION"), "Lists only those that end within this time."] = None,
    unused_for: Annotated[str | None, Duration("DURATION", ago=True), "Lists only those unused for this long."] = None,
    parent: Annotated[str | None, TokenId(), "Lists only the children of this token."] = None,
    policy: Annotated[str | None, RoleName("ROLE"), "Lists only those that were given this role by --policies."] = None,
    project: Annotated[str | None, Word("NAME"), "Lists only those that are limited to this project."] = None,
) -> object:
    """List API tokens, your own and, with View permission for the Security realm, those of others.

    Revoked tokens are left out unless --archived is given; expired ones stay listed.
    """
    from vshell.client.client import list_pages

    query = given(archived="True" if archived else None, owner=owner, name=name, expiring_in=expiring_in)
    query |= given(unused_for=unused_for, parent=parent, policy=policy, project=project)
    return list_pages(session.api, "/apitokens/", query)


@command("apitoken show", view=SHOW, examples=("apitoken show --id L7k8ljIC",))
def show(
    session: Session,
    /,
    *,
    id_: Annotated[str, TokenId(), "Specifies the token to show."],
) -> object:
    """Show one API token, also a revoked one; its secret cannot be shown."""
    return session.api.request("GET", f"/apitokens/{id_}/")


def _life(row: Row) -> object:
    """Return how long a token lives from its creation, as it is sent; whole seconds, for more is not taken."""
    from datetime import datetime  # needed only at the prompt

    if row.get("expiry_date") is None:
        return KEEP
    ends, began = (datetime.fromisoformat(str(row[field])) for field in ("expiry_date", "created"))
    days, seconds = divmod(round((ends - began).total_seconds()), 86_400)
    return f"{days * 86_400 + seconds}s" if seconds else f"{days}D"


@command(
    "apitoken modify",
    view=MODIFIED,
    examples=("apitoken modify --id SwpND4dt --name manager1token2 --expiry-date 24M",),
    changes=True,
    undo=Reversal(
        "/apitokens/{id}/",
        lambda session, values: session.api.request("GET", f"/apitokens/{values['id']}/"),
        {"name": lambda row: row.get("name"), "expiry_date": _life},
    ),
)
def modify(
    session: Session,
    /,
    *,
    id_: Annotated[str, TokenId(), "Specifies the token to modify."],
    name: Annotated[str | None, Text("NAME"), "Changes the name of the token."] = None,
    expiry_date: Annotated[
        str | None, Duration("EXPIRATION_TIME"), "Changes the time from the token's creation until it expires."
    ] = None,
) -> object:
    """Modify the name or the expiration time of an API token.

    The expiration time counts from the token's creation, not from now, with the units and the maximum of
    "apitoken create". The owner of a token cannot be changed.
    """
    changes = given(name=name, expiry_date=expiry_date)
    if not changes:
        raise Mistake("There is nothing to modify.", "Give --name, --expiry-date or both.")
    session.api.request("PATCH", f"/apitokens/{id_}/", changes)
    return {"id": id_}


@command(
    "apitoken revoke",
    view=REVOKED,
    examples=("apitoken revoke --id L7k8ljIC", "apitoken revoke --prefix oauth/device --dry-run"),
    one_of=(("id", "prefix"),),
    changes=True,
    confirm="Revoke {id}{prefix}, with what descends from it unless --orphan-children? Programs lose access at once.",
    undo="A revoked token stays revoked; create a new one with: apitoken create",
)
def revoke(
    session: Session,
    /,
    *,
    id_: Annotated[str | None, TokenId(), "Specifies the token to revoke."] = None,
    prefix: Annotated[
        str | None, Text("PREFIX"), "Revokes all tokens that were made at this path of the server or below it."
    ] = None,
    orphan_children: Annotated[
        bool | None, Switch(), "Frees the children of the token instead of revoking them with it."
    ] = None,
) -> object:
    """Revoke an API token and all that descends from it: from now on nothing can be done with them.

    A revoked token is archived, not deleted; "apitoken list --archived" lists it. To revoke one again changes
    nothing. With --dry-run it is drawn what would be revoked.
    """
    if orphan_children and prefix is not None:
        raise Mistake("--orphan-children goes with --id only.", "Revoke by the prefix, or one token by its id.")
    dying = family(session, id_, prefix) if prefix is not None or session.api.rehearsed else []
    if session.api.rehearsed:
        session.out.show(dying[:1] if orphan_children else dying, TREE)
    if prefix is not None:
        session.api.waited_for = f"{len(dying):,} API tokens to be revoked, all at once"
        session.api.request("PATCH", "/apitokens/revoke-prefix/", {"prefix": prefix})
        session.out.note(f"{len(dying)} API tokens made at {prefix} have been revoked with what descends from them.")
        return dying
    ended(session, f"/apitokens/{id_}/{'free' if orphan_children else 'revoke'}/", str(id_))
    return {"id": id_}
