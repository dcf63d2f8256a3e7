"""The token: the record that is kept, the state it is in, and the rules of its name and owner.

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
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from server_stub.domain.accounts.managers import find_username
from server_stub.domain.accounts.permissions import RESERVED_NAMES, Actor
from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Forbidden, Invalid, quote
from server_stub.domain.base.fields import printable, string
from server_stub.domain.base.timestamps import SECOND

Kind = Literal["api", "device", "session", "refresh"]
State = Literal["live", "expired", "spent", "revoked"]

KINDS: tuple[Kind, ...] = ("api", "device", "session", "refresh")
COUNTED_KINDS: tuple[Kind, ...] = ("api", "device")
LONGEST_NAME = 128
PROJECT_HEADER = "X-Vshell-Project"

HASTE = 2 * SECOND
"""A sliding token with less than this left of its window is written at once; else once a second, behind the use."""

_PROJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token; times are UTC in microseconds, `owner` is the owner's username when read.

    A token whose `parent_id` is not None was made with that token and dies with it. `expires_at` is the earliest of
    all that bounds it (see `ends`): `max_expires_at` is the hard end, `sliding_window` what a use gives anew, `period`
    what a renewal gives, `first_granted` and `granted` the lifetimes that it was given first and last,
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
