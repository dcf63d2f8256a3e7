"""Kinds whose values live on the server; the candidates are those last seen there.

The shell does not check that such a name exists: it may have been made a moment ago by someone else.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from vshell.formats.text import quote, visible
from vshell.kinds.plain import Candidate, Kind, Names

_LONGEST_PART = 32


# Vigo writes tok_ before an id; an id of ours has no underscore.
_MARKED = re.compile(r"tok_([0-9A-Za-z]{8})\Z")


@lru_cache(maxsize=4096)
def _remark(parts: tuple[str, ...]) -> str:
    """Return the parts with commas between, long ones cut, without anything that could steer the terminal."""
    cut = [part if len(part) <= _LONGEST_PART else part[: _LONGEST_PART - 3] + "..." for part in parts if part]
    return visible(", ".join(cut))


class Live(Kind):
    """A value found in one field of the rows of one noun; other fields make the remark beside it."""

    metavar = "NAME"
    style = "name"
    noun = ""
    field = ""
    remarks: tuple[str, ...] = ()

    def parse(self, text: str) -> object:
        """Return ``text``; raises ValueError when it is empty."""
        if not text.strip():
            raise ValueError(f"{self.metavar} is empty; give {self.explanation}.")
        return text

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer the values seen that begin with ``prefix``; one that could steer the terminal is left out."""
        offers: dict[str, str] = {}
        for row in names.rows(self.noun):
            text = str(row.get(self.field) or "")
            if not (text.startswith(prefix) and text.isprintable()) or text in offers:
                continue
            if self.fits(row, values):
                offers[text] = self.remark(row)
        return [Candidate(text, meta) for text, meta in offers.items() if text]

    def remark(self, row: Mapping[str, object]) -> str:
        """Return what is shown beside the value of ``row``; one long part leaves room for the others."""
        return _remark(tuple([str(row.get(name) or "") for name in self.remarks]))

    def fits(self, row: Mapping[str, object], values: Mapping[str, object]) -> bool:
        """Tell whether ``row`` may be meant, given the ``values`` already on the line."""
        return True


class _Number(Live):
    """An object's number."""

    metavar = "ID"
    field = "id"
    style = "id"

    def parse(self, text: str) -> int:
        """Return the number; raises ValueError when it is not a positive whole number."""
        if not (text.isascii() and text.isdigit() and len(text) <= 18 and int(text)):
            raise ValueError(f"{quote(text)} is not an id; give {self.explanation}.")
        return int(text)


class TokenId(Live):
    """The public id of an API token; revoked tokens are not offered."""

    metavar = "ID"
    explanation = "the id of an API token, as apitoken list shows it"
    style = "id"
    noun, field, remarks = "apitokens", "id", ("name", "owner")

    def parse(self, text: str) -> str:
        """Return the id; raises ValueError when it is none.

        A whole token is refused without repeating it: its secret must not travel in a path.
        """
        text = _MARKED.sub(r"\1", text)
        if not text:
            raise ValueError("The id is empty; apitoken list shows the ids.")
        if "." in text:
            raise ValueError("This is a whole token; give only its id, the part before the dot.")
        if not all(c.isascii() and (c.isalnum() or c in "_-") for c in text) or len(text) > 64:
            raise ValueError(f"{quote(text)} is not a token's id; apitoken list shows the ids.")
        return text

    def fits(self, row: Mapping[str, object], values: Mapping[str, object]) -> bool:
        """Offer live tokens, and only the owner's when the line names one."""
        return not row.get("revoked") and _is_owners(row, values)

    def remark(self, row: Mapping[str, object]) -> str:
        """Return name and owner, and the day on which the token ends."""
        ends = str(row.get("expiry_date") or "")[:10]
        until = f"until {ends}" if ends[4:5] == "-" else ""  # What was just typed is a period, such as 180D.
        return _remark((str(row.get("name") or ""), str(row.get("owner") or ""), until))


class TokenName(Live):
    """The name of an API token; names need not be unique."""

    explanation = "the name of an API token"
    noun, field, remarks = "apitokens", "name", ("id", "owner")

    def fits(self, row: Mapping[str, object], values: Mapping[str, object]) -> bool:
        """Offer only the names of the owner's tokens when the line names one."""
        return _is_owners(row, values)


def _is_owners(row: Mapping[str, object], values: Mapping[str, object]) -> bool:
    return values.get("owner") in (None, row.get("owner"))


class ManagerName(Live):
    """The user name of a manager."""

    metavar = "USERNAME"
    explanation = "the user name of a manager, as manager list shows it"
    noun, field, remarks = "managers", "username", ("full_name",)


class ManagerId(_Number):
    """The number of a manager."""

    explanation = "the number of a manager, as manager list shows it"
    noun, remarks = "managers", ("username",)


class RoleName(Live):
    """The name of a role."""

    explanation = "the name of a role, as role list shows it"
    noun, field = "roles", "name"


class RoleId(_Number):
    """The number of a role."""

    explanation = "the number of a role, as role list shows it"
    noun, remarks = "roles", ("name",)


class RealmName(Live):
    """The name of a realm."""

    metavar = "REALM"
    explanation = "the name of a realm, as realm list shows it"
    noun, field = "realms", "name"


class RealmId(_Number):
    """The number of a realm."""

    explanation = "the number of a realm, as realm list shows it"
    noun, remarks = "realms", ("name",)


class PermissionName(Live):
    """A permission: a type and a realm, such as create_security."""

    metavar = "PERMISSION"
    explanation = "a permission, TYPE_REALM such as create_security, as permission list shows it"
    noun, field, remarks = "permissions", "codename", ("name",)


class ServerName(Live):
    """The short name of a server stored with server add."""

    explanation = "the short name of a server, as server list shows it"
    noun, field, remarks = "servers", "name", ("url",)


class DataCentre(Live):
    """The data centre of one of the servers stored with server add."""

    metavar = "DC"
    explanation = "the data centre of a server, as server list shows it"
    noun, field, remarks = "servers", "dc", ("name", "url")


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


class NodeId(Live):
    """The UUID of a node."""

    metavar = "UUID"
    explanation = "the UUID of a node, as node list shows it"
    style = "id"
    noun, field, remarks = "nodes", "uuid", ("path",)

    def parse(self, text: str) -> str:
        """Return the UUID; raises ValueError when it is none."""
        if not _UUID.fullmatch(text):
            raise ValueError(f"{quote(text)} is not a UUID; node list shows those of the nodes.")
        return text


class NodePath(Live):
    """The path of a node."""

    metavar = "PATH"
    explanation = "a path such as /projects/x, as node list shows it"
    style = "path"
    noun, field = "nodes", "path"

    def parse(self, text: str) -> str:
        """Return the path; raises ValueError when it does not begin with a slash."""
        if not text.startswith("/"):
            raise ValueError(f"{quote(text)} is not a path; it begins with a slash, as in /projects/x.")
        return text


class Scope(Live):
    """A node and what may be done below it: ``node:UUID:r``, ``:w`` or ``:rw`` (Pydio Cells, "admin user token")."""

    metavar = "SCOPE"
    explanation = "node:UUID:r, :w or :rw with the UUID of a node, as node list shows it"
    style = "scope"
    noun, field, remarks = "nodes", "uuid", ("path",)

    def parse(self, text: str) -> str:
        """Return the scope; raises ValueError when it is none: dropped silently it would make a wider token."""
        word, uuid, letters = (*text.split(":"), "", "")[:3]
        if text.count(":") != 2 or word != "node" or not _UUID.fullmatch(uuid) or letters not in ("r", "w", "rw", "wr"):
            raise ValueError(f"{quote(text)} is not a scope; write node:UUID:r, node:UUID:w or node:UUID:rw.")
        return text

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer the nodes that were seen, to read and to read and write."""
        rows = [(str(row.get("uuid") or ""), str(row.get("path") or "")) for row in names.rows(self.noun)]
        offers = [(f"node:{uuid}:{letters}", path) for uuid, path in rows if uuid for letters in ("r", "rw")]
        return [
            Candidate(text, visible(path)) for text, path in offers if text.startswith(prefix) and text.isprintable()
        ]
