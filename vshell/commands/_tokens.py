"""What the commands about tokens share: wishes, a token from standard input, who it is, whom it takes with it."""

import os
import time
from collections.abc import Iterable, Mapping
from typing import Any

from vshell.errors import Failed, Mistake, NotAllowed, NotFound
from vshell.formats.text import quote
from vshell.session import Session


def not_live() -> Failed:
    """Make the error of a token that is none, or no longer one."""
    return Failed(
        "This token is not live: revoked, expired, used up, or never issued by this server.",
        "See who you are and where: whoami",
    )


def signed_here(session: Session, token_id: str) -> dict[str, str]:
    """Return the header that proves at which terminal a token is ended; none where it never generated one."""
    from vshell.state import terminal_key

    return {} if session.api.rehearsed else terminal_key.signature(token_id, int(time.time()), os.environ)


def ended(session: Session, path: str, token_id: str) -> None:
    """Send what ends a token, signed by this terminal if the server asks for that; raises ShellError.

    Most tokens belong to no terminal: its key, and the keyring where it lies, are left alone for them.
    """
    try:
        session.api.request("PATCH", path)
    except NotAllowed as refusal:
        headers = signed_here(session, token_id) if refusal.code == "other_terminal" else {}
        if not headers:
            raise
        session.api.request("PATCH", path, headers=headers)


def pairs(notes: Iterable[tuple[str, str]] | None) -> dict[str, str] | None:
    """Return notes as a mapping, None for none; raises Mistake when a key stands twice."""
    found: dict[str, str] = {}
    for key, text in notes or ():
        if key in found:
            raise Mistake(f"The key {quote(key)} is given twice.", "Keep one of them.")
        found[key] = text
    return found or None


def verified(session: Session, token: str) -> Mapping[str, Any] | None:
    """Return what a token is now, its record's fields with ``user`` and ``permissions``; None when it is not live."""
    answer = session.api.request("POST", "/apitokens/verify/", {"token": token})
    if not isinstance(answer, Mapping):
        raise Failed("The server did not say what the token is.", "Check the address with: server list")
    return flat(answer) if answer.get("active") else None


def flat(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the token's record in an answer about one, with whom it stands for and what it may do."""
    record = answer.get("token") or {"id": None, "name": None, "expiry_date": None}
    return {**record, "user": answer.get("user"), "permissions": answer.get("permissions")}


def family(session: Session, token_id: str | None, prefix: str | None = None) -> list[dict[str, Any]]:
    """Return a token with all that descends from it, those made at a prefix, or the caller's own forest."""
    if prefix is not None:
        rows = session.api.request("GET", "/apitokens/made-at/", query={"prefix": prefix})
    else:
        rows = session.api.request("GET", f"/apitokens/{token_id}/tree/" if token_id else "/apitokens/forest/")
    if not isinstance(rows, list):
        raise NotFound("The server drew no tree.", "See the tokens there are: apitoken list")
    return rows
