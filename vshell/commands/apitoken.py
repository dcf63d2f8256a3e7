"""apitoken: API tokens, which programs show instead of a password.

Source: VAST's pages "apitoken create", "modify", "show", "list" and "Managing VMS API Tokens".
"""

from typing import Annotated

from vshell.errors import Mistake
from vshell.kinds import Duration, ManagerName, Switch, Text, TokenId, TokenName
from vshell.registry import Column, View, command, describe_object
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
LIST = View(COLUMNS, more=("created",))
SHOW = View(COLUMNS, layout="vertical", more=("created",))
CREATED = View(
    (Column("id"), Column("token")),
    # VAST's sentence, to the letter: programs look for it.
    sentence="ApiToken with id: {id} has been created, your token is: {token} please keep it safe",
)
MODIFIED = View((Column("id"),), sentence="ApiToken with id: {id} has been modified")
REVOKED = View((Column("id"),), sentence="ApiToken with id: {id} has been revoked")


@command(
    "apitoken create",
    view=CREATED,
    examples=(
        "apitoken create",
        "apitoken create --name AWS_TOKEN --expiry-date 1D --owner adminjb",
    ),
    changes=True,
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
    """
    wishes = {"name": name, "owner": owner, "expiry_date": expiry_date}
    return session.api.request("POST", "/apitokens/", _given(wishes))


@command(
    "apitoken list",
    view=LIST,
    examples=("apitoken list", "apitoken list --archived --owner admin"),
)
def list_(
    session: Session,
    /,
    *,
    archived: Annotated[bool | None, Switch(), "Includes revoked tokens, which are archived."] = None,
    owner: Annotated[str | None, ManagerName("OWNER"), "Lists only the tokens of this owner."] = None,
    name: Annotated[str | None, TokenName("TOKEN_NAME"), "Lists only the tokens with this name."] = None,
) -> object:
    """List API tokens, your own and, with View permission for the Security realm, those of others.

    Revoked tokens are left out unless --archived is given; expired ones stay listed.
    """
    query = {"archived": "True" if archived else None, "owner": owner, "name": name}
    return session.api.request("GET", "/apitokens/", query=_given(query))


@command("apitoken show", view=SHOW, examples=("apitoken show --id L7k8ljIC",))
def show(
    session: Session,
    /,
    *,
    id_: Annotated[str, TokenId(), "Specifies the token to show."],
) -> object:
    """Show one API token, also a revoked one; its secret cannot be shown."""
    return session.api.request("GET", f"/apitokens/{id_}/")


@command(
    "apitoken modify",
    view=MODIFIED,
    examples=("apitoken modify --id SwpND4dt --name manager1token2 --expiry-date 24M",),
    changes=True,
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
    changes = _given({"name": name, "expiry_date": expiry_date})
    if not changes:
        raise Mistake("There is nothing to modify.", "Give --name, --expiry-date or both.")
    session.api.request("PATCH", f"/apitokens/{id_}/", changes)
    return {"id": id_}


@command(
    "apitoken revoke",
    view=REVOKED,
    examples=("apitoken revoke --id L7k8ljIC",),
    changes=True,
    confirm="Revoke API token {id}? Programs that use it lose access at once.",
)
def revoke(
    session: Session,
    /,
    *,
    id_: Annotated[str, TokenId(), "Specifies the token to revoke."],
) -> object:
    """Revoke an API token: from now on nothing can be done with it.

    A revoked token is archived, not deleted; "apitoken list --archived" lists it. To revoke one again changes
    nothing.
    """
    session.api.request("PATCH", f"/apitokens/{id_}/revoke/")
    return {"id": id_}


def _given(fields: dict[str, str | None]) -> dict[str, str]:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}
