"""apitoken: what becomes of a token after it is made: renewed, given a new secret, drawn with its family, verified."""

from contextlib import suppress
from typing import Annotated

from vshell.commands._objects import given
from vshell.commands._tokens import family, not_live, signed_here, verified
from vshell.commands.apitoken import MORE, TREE
from vshell.errors import NotAllowed
from vshell.kinds import Duration, TokenId
from vshell.registry.tree import Column, View, command
from vshell.session import Session

RENEWED = View(
    (Column("id"), Column("name"), Column("owner"), Column("expiry_date")),
    sentence="ApiToken with id: {id} has been renewed until {expiry_date}",
    more=MORE,
)
ROTATED = View(
    (Column("id"), Column("token")),
    sentence="ApiToken with id: {id} has a new secret, your token is: {token} please keep it safe",
)
VERIFIED = View(
    (
        Column("user"),
        Column("id"),
        Column("name"),
        Column("kind"),
        Column("expiry_date"),
        Column("uses_left"),
        Column("policies"),
        Column("scopes"),
        Column("permissions"),
    ),
    layout="vertical",
    more=("owner", *MORE),
)


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
    return session.api.request("PATCH", f"/apitokens/{id_}/renew/", given(increment=increment))


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
        signed = signed_here(session, id_)
    return session.api.request("PATCH", f"/apitokens/{id_}/rotate/", given(grace=grace), headers=signed)


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
    return family(session, id_)


@command("apitoken verify", view=VERIFIED, examples=("apitoken verify",))
def verify(session: Session, /) -> object:
    """Tell what a token is: whom it stands for, what it may do now, and until when.

    The token is asked for and not echoed; without a terminal it is read from standard input. It is not used by
    being verified. For a token that is not live the command fails.
    """
    shown = verified(session, session.read_token())
    if shown is None:
        raise not_live()
    return shown
