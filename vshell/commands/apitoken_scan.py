"""apitoken scan: tokens left in files, found offline, and which of them are live."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any

from vshell.commands._secret_scan import STDIN, Found, scan
from vshell.commands._tokens import verified
from vshell.errors import Failed, Mistake, ShellError
from vshell.formats.text import quote
from vshell.kinds import Path, Switch
from vshell.registry.results import Alarming
from vshell.registry.tree import Column, View, command
from vshell.session import Session

SCANNED = View(
    (Column("where"), Column("id"), Column("live"), Column("owner"), Column("name")), more=("expiry_date", "revoked")
)


@command(
    "apitoken scan",
    view=SCANNED,
    examples=("apitoken scan src config.yaml", "apitoken scan . --revoke", "apitoken scan -"),
    changes=True,
)
def scan_(
    session: Session,
    /,
    *paths: Annotated[str, Path("PATH"), "Name files and directories; '-' is standard input."],
    revoke: Annotated[bool | None, Switch(), "Revokes those that are live without asking."] = None,
) -> object:
    """Find API tokens in files, tell where, and which of them are live.

    Tokens are found by their form and checksum, offline; the server is asked about those found and about nothing
    else. It is shown where each stands, never the token. At a terminal you are asked whether to revoke those that
    are live. The command fails (exit 1) when a token stays live, and when a path that was named cannot be read,
    so that it can guard commits.
    """
    if not paths:
        raise Mistake("apitoken scan needs a file or a directory.", "For example: apitoken scan . or: apitoken scan -")
    stdin = sys.stdin.buffer if STDIN in paths and sys.stdin is not None else None
    known: dict[str, Mapping[str, Any] | None] = {}
    rows, left = [], {}
    unread = []

    def trouble(path: str, sentence: str) -> None:
        session.out.note(sentence)
        unread.extend([path] if path in paths else [])

    with session.out.progress("tokens", silent=True) as progress:
        for found in scan(paths, stdin, trouble):
            if found.token not in known:
                known[found.token] = verified(session, found.token)
            facts = known[found.token]
            rows.append(_row(found, facts))
            if facts is not None:
                left[rows[-1]["id"]] = rows[-1]
            progress.advance()
    wanted = bool(revoke) or (bool(left) and session.interactive and session.confirm(_question(left)))
    for token_id in list(left) if wanted else ():
        if _revoked(session, token_id):
            for row in rows:
                row["revoked"] = row["revoked"] or row["id"] == token_id
            del left[token_id]
    if left or unread:
        return Alarming(rows, _alarm(left) if left else _unread(unread[0]))
    return rows


def _row(found: Found, facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what is shown of a token that was found; of one that is not live the server tells nothing."""
    token_id = found.token.rpartition("_")[2].partition(".")[0]
    known = facts or {}
    shown = {"owner": known.get("owner", known.get("user"))} | {key: known.get(key) for key in ("name", "expiry_date")}
    return {"where": found.where, "id": token_id, "live": facts is not None, **shown, "revoked": False}


def _question(left: Mapping[str, Mapping[str, Any]]) -> str:
    places = ", ".join(f"{token_id} ({row['where']})" for token_id, row in left.items())
    return f"Live: {places}. Revoke?"


def _revoked(session: Session, token_id: str) -> bool:
    """Revoke a token and tell whether that was possible; why not is told to the person."""
    try:
        session.api.request("PATCH", f"/apitokens/{token_id}/revoke/")
    except ShellError as error:
        session.out.note(f"{token_id} was not revoked: {error.sentence}")
        return False
    session.out.note(f"{token_id} has been revoked.")
    return True


def _alarm(left: Mapping[str, Mapping[str, Any]]) -> Failed:
    one, (token_id, row) = len(left) == 1, next(iter(left.items()))
    revoked = f"Revoke {'it' if one else 'each'}: apitoken revoke --id {token_id}"
    return Failed(
        f"{len(left)} API token{' is' if one else 's are'} live and can be read in files.",
        "Start the server anew: local-admin's token ends with it." if row["owner"] == "local-admin" else revoked,
    )


def _unread(path: str) -> Failed:
    return Failed(
        f"{quote(path)} was not read, so nothing is known of it.", "Name a path that is there: apitoken scan ."
    )
