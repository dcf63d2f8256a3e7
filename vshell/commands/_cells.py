"""Pydio Cells' ``admin user token`` over ``apitoken create``: options, durations, sentences.

Source: Pydio Cells, "./cells-enterprise admin user token". Where both ends are given, ``-e`` is the hard one and
``-a`` slides up to it; in Cells ``-a`` would make it endless.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from vshell.commands._objects import drop_none
from vshell.errors import Failed, Mistake
from vshell.kinds import GoDuration, ListOf, ManagerName, Scope, Switch
from vshell.registry.view import View, columns
from vshell.session import Session

TOKEN = View(
    columns("id", "token", "user", "expires", "auto"),
    sentence="✔ This token for {user} will expire on {expires}{unless}.\n✔ {token}\n\n"
    "⚠ Make sure to secure it as it grants access to the user resources!",
)


def token(
    session: Session,
    /,
    *,
    user: Annotated[str, ManagerName("USER"), "Names the manager whose token it is (mandatory)."],
    expire: Annotated[
        str | None, GoDuration(), "Sets a hard limit: the token ends after this time, whatever is done with it."
    ] = None,
    auto: Annotated[
        str | None,
        GoDuration(bare=True),
        "Sets a sliding window: each use refreshes the end to this time from then on.",
    ] = None,
    scope: Annotated[
        list[str] | None, ListOf(Scope()), "Restricts the token to a file or folder, to read, to write or both."
    ] = None,
    quiet: Annotated[bool | None, Switch(), "Shows only the token, for scripts."] = None,
) -> object:
    """Generate a personal token for a user.

    Expiration can be set in two ways, of which one is needed:

    -e is a hard limit.
    -a is a sliding window: the expiration is refreshed each time the token is used.

    With both, the window slides up to the hard limit. The token can be used as a Bearer token, and as the
    password of its user where a name and a password are asked for, such as WebDAV.
    """
    if expire is None and auto is None:
        raise Mistake("Missing Arguments: give -e DURATION, -a DURATION or both.", "For example: -u admin -e 24h")
    wanted = drop_none(name="Command generated token", owner=user, hard_end=expire, sliding_window=auto, scopes=scope)
    made = session.client.request("POST", "/apitokens/", wanted)
    if not isinstance(made, Mapping):
        raise Failed("The server did not say what it made.", "See the tokens there are: apitoken list")
    if quiet:
        return str(made["token"])
    record = session.client.get_object(f"/apitokens/{made['id']}/")
    unless = "" if auto is None else " unless it is automatically refreshed"
    return {**made, "user": user, "expires": format_rfc850(record["expiry_date"]), "auto": auto, "unless": unless}


def format_rfc850(time: str) -> str:
    """Write a time as Cells does (RFC 850, in UTC): Saturday, 21-Nov-26 22:00:00 UTC."""
    return datetime.fromisoformat(time).strftime("%A, %d-%b-%y %H:%M:%S UTC")
