"""Scopes: what narrows a token to a part of the tree of paths, and the paths themselves.

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
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from server_stub.domain.base.errors import Invalid, quote
from server_stub.domain.base.fields import string

Access = Literal["read", "write"]

LETTERS: Mapping[str, Access] = MappingProxyType({"r": "read", "w": "write"})
LONGEST_PATH = 1024
MOST_SCOPES = 64

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_SCOPE = re.compile(rf"node:({_UUID}):(r|w|rw|wr)", re.IGNORECASE)
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})|%2f", re.IGNORECASE)
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_HINT = "Write it as node:UUID:r, node:UUID:w or node:UUID:rw; see: node list"


@dataclass(frozen=True, slots=True)
class Node:
    """What is kept of a node: a path with a UUID; the time is UTC in microseconds."""

    uuid: str
    path: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Scope:
    """A node and what may be done on it and below it."""

    node: str
    access: frozenset[Access]

    def __str__(self) -> str:
        """Write the scope in its one form, `r` before `w`."""
        letters = [letter for letter, access in LETTERS.items() if access in self.access]
        return f"node:{self.node}:{''.join(letters)}"


def parse(text: str) -> Scope:
    """Read a scope; raises Invalid."""
    match = _SCOPE.fullmatch(text)
    if match is None:
        raise Invalid(f"{quote(text)} is not a scope", _HINT)
    return Scope(match[1].lower(), frozenset(LETTERS[letter] for letter in match[2].lower()))


def check(texts: Iterable[str], paths: Mapping[str, str]) -> tuple[str, ...]:
    """Return scopes in their one form; raises Invalid for a malformed one or a node that is not in `paths`."""
    found = {str(parse(text)): parse(text) for text in texts}
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
        raise _unclear(raw) from None
    if not target.isascii() or _STRAY.search(target) or _ENCODED.search(path):
        raise _unclear(raw)
    if "#" in target or "\\" in path or "//" in path or not path.isprintable() or not path.startswith("/"):
        raise _unclear(raw)
    if any(name.split(";")[0].strip() in (".", "..") for name in path.split("/")):
        raise _unclear(raw)
    return path.rstrip("/") or "/"


def is_within(path: str, node_path: str) -> bool:
    """Tell whether a path is a node's own or lies below it."""
    return node_path == "/" or path == node_path or path.startswith(node_path + "/")


def covers(scopes: Iterable[str], paths: Mapping[str, str], path: str, access: Access) -> bool:
    """Tell whether scopes let a token do this to a path; `paths` maps the UUIDs of nodes to their paths."""
    return any(
        access in scope.access and is_within(path, paths[scope.node])
        for scope in map(parse, scopes)
        if scope.node in paths
    )


def is_narrower(request: Iterable[str], held: Iterable[str], paths: Mapping[str, str]) -> bool:
    """Tell whether every requested scope lies within what some held scopes give."""
    return all(
        scope.node in paths and all(covers(held, paths, paths[scope.node], access) for access in scope.access)
        for scope in map(parse, request)
    )


def _unclear(raw: str) -> Invalid:
    return Invalid(f"{quote(raw)} is not a plain path", "Send it without dots, doubled slashes and double encoding.")
