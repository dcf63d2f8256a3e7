"""The token: the record that is kept, its state, the rules of its name and owner, and its scopes.

- A token is live, expired, spent (its uses are used up) or revoked. Revoked wins: a revoked token stays revoked
  when its end passes, and nothing makes a token live again except moving the end of one that is not revoked.
- A token ends at `expires_at`: at that very microsecond it is no longer live.
- A name is 1 to 128 printable characters with no space at either end. It need not be unique. Without a name a
  token is called OWNER_api_token.
- Kinds `api` and `device` are counted by the quota; `session` and `refresh` (both from a sign-in) are not. A
  refresh token only gets new sessions: shown anywhere else it is no credential.
- A token may be for one project, a name that a terminal's directory gives to what is done there. Every request with it
  names that one in the header ``X-Vshell-Project``: it is refused where another is named, and where none is, for a
  limit that silence gets around is none. Nothing is proved by a name: this keeps people and scripts from using the
  token of one project anywhere else, and keeps no thief out.

Scopes narrow a token to a part of the tree of paths:

- A scope is written `node:UUID:PERMISSIONS`, PERMISSIONS being r, w or both (Pydio Cells, "admin user token"). It
  covers the node's path and all below it. A malformed scope is refused when the token is made: to drop it
  silently would make a token that is wider, or one that can do nothing.
- A node is a path with a UUID. A path begins with a slash and is made of names; there is no `.`, no `..`, no empty
  name and no slash at the end but in `/` itself. Paths differ when their letters do, upper and lower case included.
- A token without scopes is not narrowed. A token with scopes reaches nothing that no scope covers, so a scope whose
  node is gone covers nothing.
"""

import re
import urllib.parse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from server_stub.domain.accounts.managers import find_username
from server_stub.domain.accounts.permissions import RESERVED_NAMES, Actor
from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Forbidden, Invalid, quote
from server_stub.domain.base.fields import printable, string
from server_stub.domain.base.timestamps import SECOND

Kind = Literal["api", "device", "session", "refresh"]
State = Literal["live", "expired", "spent", "revoked"]
Access = Literal["read", "write"]

KINDS: tuple[Kind, ...] = ("api", "device", "session", "refresh")
COUNTED_KINDS: tuple[Kind, ...] = ("api", "device")
LONGEST_NAME = 128
PROJECT_HEADER = "X-Vshell-Project"

HASTE = 2 * SECOND
"""A sliding token with less than this left of its window is written at once; else once a second, behind the use."""

LETTERS: Mapping[str, Access] = MappingProxyType({"r": "read", "w": "write"})
LONGEST_PATH = 1024
MOST_SCOPES = 64

_PROJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_SCOPE = re.compile(rf"node:({_UUID}):(r|w|rw|wr)", re.IGNORECASE)
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})|%2f", re.IGNORECASE)
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_SCOPE_HINT = "Write it as node:UUID:r, node:UUID:w or node:UUID:rw; see: node list"


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token; times are UTC in microseconds, `owner` is the owner's username when read.

    A token whose `parent_id` is not None was made with that token and dies with it. `expires_at` is the earliest of
    all that bounds it (see `expiry`): `max_expires_at` is the hard end, `sliding_window` what a use gives anew,
    `period` what a renewal gives, `first_granted` and `granted` the lifetimes that it was given first and last,
    `renewed_at` when it was renewed last. `uses_left` counts down, None is any number.
    `policies` names the roles that the token keeps of its owner's, None all; `scopes` narrow it to parts of the tree
    of paths, none being no narrowing. `meta` is its maker's, and stands in every audit record of what it did. `path`
    says through which address it was made. After a rotation the old secret's digest is good until
    `old_digest_until`. `terminal_key` is the key of the terminal that a `device` token was made at (see `terminals`),
    `project` the only one that it is for.
    """

    id: str
    digest: bytes = field(repr=False)
    kind: Kind
    owner_id: int
    owner: str
    name: str
    created_at: int
    parent_id: str | None = None
    expires_at: int | None = None
    last_used_at: int | None = None
    revoked_at: int | None = None
    max_expires_at: int | None = None
    sliding_window: int | None = None
    period: int | None = None
    first_granted: int | None = None
    granted: int | None = None
    renewed_at: int | None = None
    renewable: bool = True
    uses_left: int | None = None
    policies: tuple[str, ...] | None = None
    scopes: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    path: str = "api/apitokens"
    old_digest: bytes | None = field(default=None, repr=False)
    old_digest_until: int | None = None
    terminal_key: str | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """A node and what may be done on it and below it."""

    node: str
    access: frozenset[Access]

    def __str__(self) -> str:
        """Write the scope in its one form, `r` before `w`."""
        letters = [letter for letter, access in LETTERS.items() if access in self.access]
        return f"node:{self.node}:{''.join(letters)}"


@dataclass(frozen=True, slots=True)
class Node:
    """What is kept of a node: a path with a UUID; the time is UTC in microseconds."""

    uuid: str
    path: str
    created_at: int


def state(token: Token, now: int) -> State:
    """Tell which state a token is in at a time."""
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at is not None and now >= token.expires_at:
        return "expired"
    return "live" if token.uses_left is None or token.uses_left > 0 else "spent"


def accepts(token: Token, digest: bytes, now: int) -> bool:
    """Tell whether a digest is that of the token's secret, or of the one before in the grace of a rotation.

    Both are compared whatever comes out, in a time that tells nothing about where they differ.
    """
    present = token_format.same(token.digest, digest)
    old = token_format.same(token.old_digest or b"", digest)
    return present or (old and token.old_digest_until is not None and now < token.old_digest_until)


def grace_of(token: Token, digest: bytes) -> int | None:
    """Return until when an accepted secret is good, when it is the one before a rotation; None for the present one."""
    return None if token_format.same(token.digest, digest) else token.old_digest_until


def is_pressing(token: Token, now: int) -> bool:
    """Tell whether a use must slide the end before it is answered: with little left a late write is too late."""
    if token.sliding_window is None or token.expires_at is None:
        return False
    return token.expires_at - now < min(HASTE, token.sliding_window)


def default_name(owner: str) -> str:
    """Return the name of a token that was given none (VAST, "apitoken create")."""
    return f"{owner}_api_token"


def check_name(name: object) -> str:
    """Return a token's name as it will be kept; raises Invalid."""
    return printable("name", name, longest=LONGEST_NAME)


def owner_wanted(actor: Actor, request: str | None) -> str:
    """Return whose token is to be made: the one requested, else the actor; raises Invalid if that is nobody.

    The local administrator is not a manager and owns nothing, so they have to name an owner.
    """
    owner = actor.name if request is None else request
    if not owner or owner.casefold() in RESERVED_NAMES:
        raise Invalid(
            "token owner must be a real web user",
            "Name one: apitoken create --owner NAME, or auth create-token --user NAME",
        )
    return owner


def owner_at_vault(actor: Actor) -> str:
    """Return whose token is made Vault's way: the actor's own, or for local-admin the built-in manager root's."""
    return "root" if actor.kind == "local-admin" else owner_wanted(actor, None)


def owner_of_own(actor: Actor, request: str | None) -> str:
    """Return whose token is made where only local-admin names an owner (Vigo, "Token ownership").

    Raises Forbidden when anybody else names another, and Invalid as `owner_wanted` does.
    """
    if request is not None and actor.kind != "local-admin" and find_username(request) != actor.name:
        raise Forbidden(
            "only local-admin, on the server's own host, names the owner of a token here",
            "Leave out --user; with create_security there is: apitoken create --owner NAME",
            "owner_denied",
        )
    return owner_wanted(actor, request)


def check_project(name: str, value: object) -> str:
    """Return the name of a project, 1 to 64 letters, digits and . _ -; raises Invalid."""
    text = string(name, value)
    if not _PROJECT.fullmatch(text):
        raise Invalid(f"{quote(text)} cannot name a project", "Use up to 64 letters, digits, '.', '_' and '-'.")
    return text


def parse_project_header(header: str | None) -> str | None:
    """Return the project that a request names, None for none; raises Invalid."""
    return check_project(PROJECT_HEADER, header.strip()) if header and header.strip() else None


def require_project(limit: str | None, project: str | None) -> None:
    """Raise Forbidden when a token that is for one project is used for another, or without naming one."""
    if limit is None or project == limit:
        return
    used = f"used for {quote(project)}" if project else "used without naming a project"
    raise Forbidden(
        f"this token is for the project {quote(limit)} and is {used}",
        f"Use it in a directory of its own project (project use {limit}), or where VSHELL_PROJECT or the header "
        f"{PROJECT_HEADER} names that.",
        "other_project",
    )


def parse_scope(text: str) -> Scope:
    """Read a scope; raises Invalid."""
    match = _SCOPE.fullmatch(text)
    if match is None:
        raise Invalid(f"{quote(text)} is not a scope", _SCOPE_HINT)
    return Scope(match[1].lower(), frozenset(LETTERS[letter] for letter in match[2].lower()))


def check_scopes(texts: Iterable[str], paths: Mapping[str, str]) -> tuple[str, ...]:
    """Return scopes in their one form; raises Invalid for a malformed one or a node that is not in `paths`."""
    found = {str(parse_scope(text)): parse_scope(text) for text in texts}
    if len(found) > MOST_SCOPES:
        raise Invalid(f"a token has at most {MOST_SCOPES} scopes", "Scope it to a node further up.")
    for scope in found.values():
        if scope.node not in paths:
            raise Invalid(f"there is no node {scope.node}", "See: node list")
    return tuple(sorted(found))


def check_path(value: str) -> str:
    """Return the path of a node as it will be kept; raises Invalid."""
    path = string("path", value).rstrip("/") or "/"
    names = path.split("/")[1:] if path != "/" else []
    if not value.startswith("/") or any(name in ("", ".", "..") for name in names):
        raise Invalid(f"{quote(value)} is not a path", "Write it as /projects/x, without . and .. in it.")
    if len(path) > LONGEST_PATH or not path.isprintable():
        raise Invalid(f"a path has at most {LONGEST_PATH} characters that can be printed", "Choose a shorter path.")
    return path


def requested_path(raw: str) -> str:
    """Return the path that a raw request target means, decoded once; raises Invalid for one that could mean two.

    A file server behind a gate may read a path otherwise than its gate: nginx decodes once, joins doubled slashes and
    walks dots; others end a path at ``#``, drop what follows ``;``, decode twice, or take ``\\`` for a slash. So
    whatever is not plain is refused: dots as names, empty names, backslashes, a ``#``, an encoded slash, a second layer
    of encoding, a ``%`` that begins none, bytes that should have been encoded (RFC 3986) or are not UTF-8, control
    characters.
    """
    target = raw.split("?")[0]
    try:
        path = urllib.parse.unquote(target, errors="strict")
    except UnicodeDecodeError:
        raise _unclear_path(raw) from None
    if not target.isascii() or _STRAY.search(target) or _ENCODED.search(path):
        raise _unclear_path(raw)
    if "#" in target or "\\" in path or "//" in path or not path.isprintable() or not path.startswith("/"):
        raise _unclear_path(raw)
    if any(name.split(";")[0].strip() in (".", "..") for name in path.split("/")):
        raise _unclear_path(raw)
    return path.rstrip("/") or "/"


def is_within(path: str, node_path: str) -> bool:
    """Tell whether a path is a node's own or lies below it."""
    return node_path == "/" or path == node_path or path.startswith(node_path + "/")


def scopes_cover(scopes: Iterable[str], paths: Mapping[str, str], path: str, access: Access) -> bool:
    """Tell whether scopes let a token do this to a path; `paths` maps the UUIDs of nodes to their paths."""
    return any(
        access in scope.access and is_within(path, paths[scope.node])
        for scope in map(parse_scope, scopes)
        if scope.node in paths
    )


def is_narrower(request: Iterable[str], held: Iterable[str], paths: Mapping[str, str]) -> bool:
    """Tell whether every requested scope lies within what some held scopes give."""
    return all(
        scope.node in paths and all(scopes_cover(held, paths, paths[scope.node], access) for access in scope.access)
        for scope in map(parse_scope, request)
    )


def _unclear_path(raw: str) -> Invalid:
    return Invalid(f"{quote(raw)} is not a plain path", "Send it without dots, doubled slashes and double encoding.")
