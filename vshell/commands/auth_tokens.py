"""auth: one's own tokens and emergency access, as Vigo's ``vigocli auth`` has them.

Source: Vigo, "vigocli auth": create-token, list-tokens, revoke-token, emergency-access. What they print is Vigo's, to
the letter.
"""

from collections.abc import Mapping
from typing import Annotated

from vshell.commands._objects import given
from vshell.commands._tokens import ended
from vshell.kinds import GoDuration, ManagerName, Text
from vshell.kinds.vigo import MARK, Day, MarkedId
from vshell.registry.tree import Column, View, command
from vshell.session import Session

CREATED = View(
    (Column("id", kind=MarkedId()), Column("name"), Column("token")),
    sentence=f"Token created.\nID: {MARK}{{id}}\nName: {{name}}\nToken: {{token}}\n"
    "Save this token — it will not be shown again.\nTo use it: vigocli auth set-token {token}",
)
LIST = View(
    (
        Column("id", "ID", MarkedId()),
        Column("name", "NAME"),
        Column("prefix", "PREFIX"),
        Column("created", "CREATED", Day()),
        Column("expiry_date", "EXPIRES", Day()),
    ),
    layout="columns",
    more=("owner", "state", "is_emergency"),
)
REVOKED = View((Column("id", kind=MarkedId()),), sentence=f"Token {MARK}{{id}} has been revoked.")
RECORDED = View(
    (Column("reason"), Column("id", kind=MarkedId()), Column("token"), Column("expiry_date")),
    # With a grant there is no such field, so all fields are shown.
    sentence="Recorded in the audit trail as {recorded}: {reason}",
    layout="vertical",
)


@command(
    "auth create-token",
    view=CREATED,
    examples=(
        'auth create-token --name "ci-automation" --expires-in "720h"',
        'auth create-token --name "ci-automation" --user dan',
    ),
    changes=True,
)
def create_token(
    session: Session,
    /,
    *,
    name: Annotated[str | None, Text("NAME"), "Gives the token a descriptive name."] = None,
    expires_in: Annotated[
        str | None, GoDuration("DURATION"), "Sets after how long it expires, such as 720h; never if not given."
    ] = None,
    user: Annotated[
        str | None, ManagerName("USER"), "Names its owner; required on the server's own host, for local-admin alone."
    ] = None,
) -> object:
    """Create a new API token on the server; it is shown once and cannot be retrieved again.

    The token belongs to you and carries your role and permissions, looked up whenever it is used. On the
    server's own host you are local-admin, who is no web user: there name the owner with --user. Nobody else can
    make a token for somebody else in this way; see "apitoken create".

    With password expiration enabled, tokens end after that time unless --expires-in ends them sooner.
    """
    return session.api.request("POST", "/own-tokens/", given(name=name, expires_in=expires_in, owner=user))


@command("auth list-tokens", view=LIST, examples=("auth list-tokens", "auth list-tokens --output json"))
def list_tokens(session: Session, /) -> object:
    """List your API tokens on the server: ID, name, prefix, creation date and expiry.

    The prefix is how the token begins; it is no secret. On the server's own host all tokens are listed.
    """
    return session.api.request("GET", "/own-tokens/")


@command(
    "auth revoke-token",
    view=REVOKED,
    examples=("auth revoke-token tok_428BFekp",),
    changes=True,
    confirm="Revoke {id}? Programs that use it, or what descends from it, lose access at once.",
)
def revoke_token(session: Session, id_: Annotated[str, MarkedId(), "Specifies the token to revoke."], /) -> object:
    """Revoke an API token by its ID; it is invalid from this moment on, and so is all that was made with it."""
    ended(session, f"/apitokens/{id_}/revoke/", id_)
    return {"id": id_}


@command(
    "auth emergency-access",
    view=RECORDED,
    examples=(
        'auth emergency-access --reason "OIDC provider outage, reviewing compliance status"',
        'auth emergency-access --reason "locked out of the identity provider" --grant 1h',
    ),
    changes=True,
)
def emergency_access(
    session: Session,
    /,
    *,
    reason: Annotated[str, Text("TEXT"), "Says why, in one line; it is kept in the audit trail."],
    grant: Annotated[
        str | None, GoDuration("DURATION"), "Makes a token for you that ends by itself after this time, 24h at most."
    ] = None,
) -> object:
    """Record an emergency access event in the tamper-evident audit trail (HIPAA 164.312(a)(2)(ii)).

    Use it when invoking break-glass procedures, such as during an outage of the identity provider, a locked
    account, or incident response. It takes an administrator. The event stands in the hash chain as
    emergency.access, with who, from where and why, and cannot be changed afterwards.

    The token of --grant carries your own rights and is not counted by the quota. It is called EMERGENCY ACCESS
    in every list, its end cannot be moved, and the reason stands in the audit record of all that is done with
    it.
    """
    answer = session.api.request("POST", "/emergency-access/", given(reason=reason, grant=grant))
    if grant is None and isinstance(answer, Mapping):
        return {**answer, "recorded": "emergency.access"}
    return answer
