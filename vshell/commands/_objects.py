"""What the commands of several nouns share: finding an object by name or number, a new password, fields given."""

import sys
from collections.abc import Mapping
from typing import Any

from vshell.errors import Failed, Mistake, NotFound
from vshell.formats.text import quote
from vshell.session import Session

STDIN = "-"


def row_of(session: Session, path: str, field: str, name: str | None, number: int | None) -> dict[str, Any]:
    """Return an object of the list at ``path`` by its number or else by its name in ``field``.

    Raises NotFound when there is none, or none that the caller may see.
    """
    if number is not None:
        answer = session.api.request("GET", f"{path}{number}/")
        rows = [answer]
    else:
        listed = session.api.request("GET", path, query={field: name})
        rows = listed if isinstance(listed, list) else [listed]
    if not rows:
        noun = path.strip("/").removesuffix("s")
        raise NotFound(f"There is no {noun} named {quote(name or '')}.", f"See who and what there is: {noun} list")
    if isinstance(rows[0], dict) and isinstance(rows[0].get("id"), int):
        return rows[0]
    raise Failed("The server's answer is not what was asked for.", "Check the address with: server list")


def changed(session: Session, path: str, row: Mapping[str, Any], changes: Mapping[str, object]) -> object:
    """Change an object and return it as the server shows it; raises Mistake when nothing is to change."""
    if not changes:
        raise Mistake("There is nothing to modify.", "Give at least one option besides the one that names it.")
    return session.api.request("PATCH", f"{path}{row['id']}/", changes)


def acted(
    session: Session, path: str, deed: str, name: str | None, number: int | None, body: Mapping[str, object]
) -> object:
    """Do something to a named object, as "assign" does, and return it as the server shows it then."""
    row = row_of(session, path, "name", name, number)
    return session.api.request("PATCH", f"{path}{row['id']}/{deed}/", body)


def deleted(session: Session, path: str, name: str | None, number: int | None) -> object:
    """Delete a named object and return its number and name."""
    row = row_of(session, path, "name", name, number)
    session.api.request("DELETE", f"{path}{row['id']}/")
    return {"id": row["id"], "name": row.get("name")}


def given(**fields: object) -> dict[str, object]:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def ids_or_names(values: list[str] | None) -> list[int | str] | None:
    """Return what is all digits as a number, which the server takes for an id, and the rest as names."""
    return None if values is None else [int(each) if each.isascii() and each.isdigit() else each for each in values]


def new_password(session: Session, typed: str | None, whose: str) -> str:
    """Return the new password: as typed, a line of standard input for "-", else asked for twice, unseen.

    Raises Mistake when there is none, or the two differ.
    """
    if typed == STDIN:
        from vshell.state.credentials import secret_from_input

        password = secret_from_input(f"New password of {whose}: ", sys.stdin)
    elif typed is not None:
        password = typed
    else:
        password = asked_password(session, f"New password of {whose}: ")
    if not password:
        raise Mistake("A new password is needed.", "Type it when you are asked, or give a line of input: --password -")
    return password


def asked_password(session: Session, question: str) -> str:
    """Ask for a password twice; raises Mistake when the two differ. Empty where there is nobody to ask."""
    password = session.ask_secret(question)
    if password and session.ask_secret("The same again: ") != password:
        raise Mistake("The two passwords differ, so nothing was changed.", "Type the line again.")
    return password
