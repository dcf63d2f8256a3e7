"""apitoken: API tokens, which programs show instead of a password.

Source: VAST's pages "apitoken create", "modify", "show", "list" and "Managing VMS API Tokens".
"""

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, TypedDict, Unpack

from vshell.client.client import list_pages
from vshell.commands._objects import dead_token_error, drop_none, end_token, pairs, sign_for_terminal, verify_token
from vshell.errors import Mistake, NotAllowed, NotFound
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
from vshell.registry.tree import KEEP, Reversal, Row, command, describe_object
from vshell.registry.view import View, columns
from vshell.session import Session

describe_object("apitoken", "API tokens, which programs show instead of a password.")

COLUMNS = columns("id", "name", "owner", "expiry_date", "last_used", "revoked", "revocation_time")
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
    columns("id", "token"),
    # VAST's sentence, to the letter: programs look for it.
    sentence="ApiToken with id: {id} has been created, your token is: {token} please keep it safe",
)
TREE = View(columns("id", "name", "owner", "expiry_date"), layout="tree", more=MORE)
MODIFIED = View(columns("id"), sentence="ApiToken with id: {id} has been modified")
REVOKED = View(columns("id"), sentence="ApiToken with id: {id} has been revoked")
RENEWED = View(
    columns("id", "name", "owner", "expiry_date"),
    sentence="ApiToken with id: {id} has been renewed until {expiry_date}",
    more=MORE,
)
ROTATED = View(
    columns("id", "token"),
    sentence="ApiToken with id: {id} has a new secret, your token is: {token} please keep it safe",
)
VERIFIED = View(
    columns("user", "id", "name", "kind", "expiry_date", "uses_left", "policies", "scopes", "permissions"),
    layout="vertical",
    more=("owner", *MORE),
)


class NewToken(TypedDict, total=False):
    """What a new token is to be."""

    name: Annotated[str, Text("TOKEN_NAME"), "Customizes the name of the API token."]
    expiry_date: Annotated[
        str, Duration("EXPIRATION_TIME"), "Sets the time from the token's creation until it expires."
    ]
    owner: Annotated[
        str, ManagerName("OWNER"), "Sets the owner of the token; use it to create a token for another user."
    ]
    auto: Annotated[
        str, Duration("DURATION"), "Sets how long the token lives after each use, which begins this time anew."
    ]
    hard_end: Annotated[str, Duration("DURATION"), "Sets the time after which nothing keeps the token alive."]
    scopes: Annotated[list[str], ListOf(Scope()), "Narrows the token to these nodes and what lies below them."]
    policies: Annotated[list[str], ListOf(RoleName("ROLE")), "Gives the token only these of its owner's roles."]
    num_uses: Annotated[int, Integer(1), "Sets how often it can be used; any number if not given."]
    meta: Annotated[
        list[tuple[str, str]], Several(Pair()), "Adds a note, which stands in every record of what it does."
    ]
    orphan: Annotated[bool, Switch(), "Makes it the child of no token, not even of yours."]
    parent: Annotated[str, TokenId(), "Makes it the child of this token instead of yours; it dies with its parent."]
    project: Annotated[str, Word("NAME"), "Limits it to this project; see: help projects."]


class Selection(TypedDict, total=False):
    """Which tokens are listed."""

    archived: Annotated[bool, Switch(), "Includes revoked tokens, which are archived."]
    owner: Annotated[str, ManagerName("OWNER"), "Lists only the tokens of this owner."]
    name: Annotated[str, TokenName("TOKEN_NAME"), "Lists only the tokens with this name."]
    expiring_in: Annotated[str, Duration("DURATION"), "Lists only those that end within this time."]
    unused_for: Annotated[str, Duration("DURATION", ago=True), "Lists only those unused for this long."]
    parent: Annotated[str, TokenId(), "Lists only the children of this token."]
    policy: Annotated[str, RoleName("ROLE"), "Lists only those that were given this role by --policies."]
    project: Annotated[str, Word("NAME"), "Lists only those that are limited to this project."]


class Changes(TypedDict, total=False):
    """What a token is to become."""

    name: Annotated[str, Text("NAME"), "Changes the name of the token."]
    expiry_date: Annotated[
        str, Duration("EXPIRATION_TIME"), "Changes the time from the token's creation until it expires."
    ]


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
def create(session: Session, /, **fields: Unpack[NewToken]) -> object:
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
    body: dict[str, object] = {**fields}
    if "auto" in fields:
        body["sliding_window"] = body.pop("auto")
    if "meta" in fields:
        body["meta"] = pairs(fields["meta"])
    return session.client.request("POST", "/apitokens/", body)


@command(
    "apitoken list",
    view=LIST,
    examples=(
        "apitoken list",
        "apitoken list --archived --owner admin",
        "apitoken list --unused-for 90D --columns id,owner,last_used,created",
    ),
)
def list_(session: Session, /, **query: Unpack[Selection]) -> object:
    """List API tokens, your own and, with View permission for the Security realm, those of others.

    Revoked tokens are left out unless --archived is given; expired ones stay listed.
    """
    return list_pages(session.client, "/apitokens/", query)


@command("apitoken show", view=SHOW, examples=("apitoken show --id L7k8ljIC",))
def show(session: Session, /, *, id_: Annotated[str, TokenId(), "Specifies the token to show."]) -> object:
    """Show one API token, also a revoked one; its secret cannot be shown."""
    return session.client.request("GET", f"/apitokens/{id_}/")


def _lifetime(row: Row) -> object:
    """Return how long a token lives from its creation, as it is sent; whole seconds, for more is not taken."""
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
        lambda session, values: session.client.request("GET", f"/apitokens/{values['id']}/"),
        {"name": lambda row: row.get("name"), "expiry_date": _lifetime},
    ),
)
def modify(
    session: Session, /, *, id_: Annotated[str, TokenId(), "Specifies the token to modify."], **changes: Unpack[Changes]
) -> object:
    """Modify the name or the expiration time of an API token.

    The expiration time counts from the token's creation, not from now, with the units and the maximum of
    "apitoken create". The owner of a token cannot be changed.
    """
    if not changes:
        raise Mistake("There is nothing to modify.", "Give --name, --expiry-date or both.")
    session.client.request("PATCH", f"/apitokens/{id_}/", changes)
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
    dying = find_family(session, id_, prefix) if prefix is not None or session.client.is_dry_run else []
    if session.client.is_dry_run:
        session.out.show(dying[:1] if orphan_children else dying, TREE)
    if prefix is not None:
        subject = f"{len(dying):,} API tokens to be revoked, all at once"
        session.client.request("PATCH", "/apitokens/revoke-prefix/", {"prefix": prefix}, notice_subject=subject)
        session.out.note(f"{len(dying)} API tokens made at {prefix} have been revoked with what descends from them.")
        return dying
    end_token(session, f"/apitokens/{id_}/{'free' if orphan_children else 'revoke'}/", str(id_))
    return {"id": id_}


@command(
    "apitoken renew",
    view=RENEWED,
    examples=("apitoken renew --id L7k8ljIC", "apitoken renew --id L7k8ljIC --increment 7D"),
    changes=True,
)
def renew(
    session: Session,
    /,
    *,
    id_: Annotated[str, TokenId(), "Specifies the token to renew."],
    increment: Annotated[
        str | None, Duration("DURATION"), "Sets how long it lives from now; what it was given last if not set."
    ] = None,
) -> object:
    """Renew an API token from now on, never past its hard end, its parent's end or the longest life allowed.

    A sliding token gets its window anew, whatever the increment. A token that has ended stays so. An increment
    beyond what the token was created with takes Edit permission for the Security realm.
    """
    return session.client.request("PATCH", f"/apitokens/{id_}/renew/", drop_none(increment=increment))


@command(
    "apitoken rotate",
    view=ROTATED,
    examples=("apitoken rotate --id L7k8ljIC --grace 1h",),
    changes=True,
    confirm="Give {id} a new secret? Programs that use the old one lose access when the grace ends.",
    undo="The old secret is not kept anywhere; give its programs the new one.",
)
def rotate(
    session: Session,
    /,
    *,
    id_: Annotated[str, TokenId(), "Specifies the token that gets a new secret."],
    grace: Annotated[
        str | None, Duration("DURATION"), "Sets how long the old secret stays good; not at all if not given."
    ] = None,
) -> object:
    """Give an API token a new secret: id, name, rights, end and children stay.

    The token is displayed in the command output and cannot be displayed again. Through the grace the old secret
    rotates nothing, and what is created with it ends with the grace. The next rotation ends the grace.

    A token of "token:generate" is given a new secret where it is revoked: at the same terminal.
    """
    signed: dict[str, str] = {}
    with suppress(NotAllowed):  # A terminal's key out of reach: most tokens need none, and the server says which do.
        signed = sign_for_terminal(session, id_)
    return session.client.request("PATCH", f"/apitokens/{id_}/rotate/", drop_none(grace=grace), headers=signed)


@command("apitoken tree", view=TREE, examples=("apitoken tree", "apitoken tree --id L7k8ljIC"))
def tree(
    session: Session,
    /,
    *,
    id_: Annotated[str | None, TokenId(), "Draws this token and all that descends from it."] = None,
) -> object:
    """Draw an API token with all that descends from it; without --id all tokens of your own with theirs.

    The local administrator, who owns none, sees all. At most 10,000 tokens are drawn.
    """
    return find_family(session, id_)


@command("apitoken verify", view=VERIFIED, examples=("apitoken verify",))
def verify(session: Session, /) -> object:
    """Tell what a token is: whom it stands for, what it may do now, and until when.

    The token is asked for and not echoed; without a terminal it is read from standard input. It is not used by
    being verified. For a token that is not live the command fails.
    """
    shown = verify_token(session, session.read_token())
    if shown is None:
        raise dead_token_error()
    return shown


def find_family(session: Session, token_id: str | None, prefix: str | None = None) -> list[dict[str, Any]]:
    """Return a token with all that descends from it, those made at a prefix, or the caller's own forest."""
    if prefix is not None:
        rows = session.client.request("GET", "/apitokens/made-at/", query={"prefix": prefix})
    else:
        rows = session.client.request("GET", f"/apitokens/{token_id}/tree/" if token_id else "/apitokens/forest/")
    if not isinstance(rows, list):
        raise NotFound("The server drew no tree.", "See the tokens there are: apitoken list")
    return rows
