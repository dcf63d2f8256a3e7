"""Objects and tokens of the server, as the commands of several nouns find, change and end them."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from vshell.errors import Failed, Mistake, NotAllowed, NotFound
from vshell.formats.text import quote
from vshell.registry.tree import Reversal, Row
from vshell.session import Session


class Collection(NamedTuple):
    """Objects of one noun, listed at ``path``, each with a number and with a name in ``field``.

    Its methods take the values of a line: ``id`` or ``id_`` is the number, ``new_name`` a new value of ``name``.
    """

    path: str
    field: str = "name"

    def find(self, session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the object that is named by its number or else by its name.

        Raises NotFound when there is none, or none that the caller may see.
        """
        name, number = values.get(self.field), values.get("id_", values.get("id"))
        if number is not None:
            found = session.client.request("GET", f"{self.path}{number}/")
        else:
            found = session.client.request("GET", self.path, query={self.field: name})
        rows = found if number is None and isinstance(found, list) else [found]
        if not rows:
            noun = self.path.strip("/").removesuffix("s")
            raise NotFound(f"There is no {noun} named {quote(name or '')}.", f"See who and what there is: {noun} list")
        if isinstance(rows[0], dict) and isinstance(rows[0].get("id"), int):
            return rows[0]
        raise Failed("The server's answer is not what was asked for.", "Check the address with: server list")

    def change(self, session: Session, values: Mapping[str, Any]) -> object:
        """Change an object and return it as the server shows it; raises Mistake when nothing is to change."""
        row, changes = self.find(session, values), self._body(values)
        if not changes:
            raise Mistake("There is nothing to modify.", "Give at least one option besides the one that names it.")
        return session.client.request("PATCH", f"{self.path}{row['id']}/", changes)

    def act(self, session: Session, action: str, values: Mapping[str, Any]) -> object:
        """Do something to an object, as "assign" does, and return it as the server shows it then."""
        row = self.find(session, values)
        return session.client.request("PATCH", f"{self.path}{row['id']}/{action}/", self._body(values))

    def delete(self, session: Session, values: Mapping[str, Any]) -> object:
        """Delete an object and return its number and name."""
        row = self.find(session, values)
        session.client.request("DELETE", f"{self.path}{row['id']}/")
        return self.brief(row)

    def brief(self, row: Row) -> dict[str, Any]:
        """Return number and name of an object."""
        return {"id": row["id"], self.field: row.get(self.field)}

    def reversal(self, fields: Mapping[str, Callable[[Row], object]]) -> Reversal:
        """Return how a change of these fields is taken back."""
        return Reversal(f"{self.path}{{id}}/", self.find, fields)

    def _body(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values that do not name the object, as the server calls them."""
        return {name.removeprefix("new_"): each for name, each in values.items() if name not in (self.field, "id_")}


def drop_none(**fields: object) -> dict[str, object]:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def pairs(notes: Iterable[tuple[str, str]] | None) -> dict[str, str] | None:
    """Return notes as a mapping, None for none; raises Mistake when a key stands twice."""
    found: dict[str, str] = {}
    for key, text in notes or ():
        if key in found:
            raise Mistake(f"The key {quote(key)} is given twice.", "Keep one of them.")
        found[key] = text
    return found or None


def dead_token_error() -> Failed:
    """Make the error of a token that is none, or no longer one."""
    return Failed(
        "This token is not live: revoked, expired, used up, or never issued by this server.",
        "See who you are and where: whoami",
    )


def sign_for_terminal(session: Session, token_id: str) -> dict[str, str]:
    """Return the header that proves at which terminal a token is ended; none where it never generated one."""
    from vshell.state import terminal_key

    return {} if session.client.is_dry_run else terminal_key.signature(token_id, int(time.time()), os.environ)


def end_token(session: Session, path: str, token_id: str) -> None:
    """Send what ends a token, signed by this terminal if the server asks for that; raises ShellError.

    Most tokens belong to no terminal: its key, and the keyring where it lies, are left alone for them.
    """
    try:
        session.client.request("PATCH", path)
    except NotAllowed as refusal:
        headers = sign_for_terminal(session, token_id) if refusal.code == "other_terminal" else {}
        if not headers:
            raise
        session.client.request("PATCH", path, headers=headers)


def verify_token(session: Session, token: str) -> Mapping[str, Any] | None:
    """Return what a token is now, its record's fields with ``user`` and ``permissions``; None when it is not live."""
    answer = session.client.request("POST", "/apitokens/verify/", {"token": token})
    if not isinstance(answer, Mapping):
        raise Failed("The server did not say what the token is.", "Check the address with: server list")
    return flatten_token(answer) if answer.get("active") else None


def flatten_token(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the token's record in an answer about one, with whom it stands for and what it may do."""
    record = answer.get("token") or {"id": None, "name": None, "expiry_date": None}
    return {**record, "user": answer.get("user"), "permissions": answer.get("permissions")}
