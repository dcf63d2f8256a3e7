"""Gates: what a request to a file service behind a gateway does, and whether its caller may do it.

- What is checked is method, path, and the Destination header of COPY and MOVE, which act on both their ends
  (RFC 4918, section 9.8). The path is the one of the client's request, and a node is named by such a path.
- COPY and MOVE remove what stood where they go, a whole folder too, unless they say "Overwrite: F" (section 9.8.4).
- REPORT and SEARCH may name any path in their body (RFC 3253, 5323), which the gate does not see, so they read it all.
- Each end takes the rights of its method on the object type `node`, from the owner's roles as narrowed by the token's
  policies; a token with scopes must besides reach each end by one of them. Scopes never add a right.
- What could be read in two ways is refused: an unclear path, a method that is not known, two addresses that differ.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import Action, Actor
from server_stub.domain.base.errors import Forbidden, Invalid, quote
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Access

Need = tuple[Access, tuple[Action, ...]]

_READ: Need = ("read", ("view",))
_WRITE: Need = ("write", ("create", "edit"))

METHODS: Mapping[str, tuple[Need, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT", "SEARCH", "COPY"), (_READ,)),
        **dict.fromkeys(("PUT", "POST", "LOCK"), (_WRITE,)),
        **dict.fromkeys(("PATCH", "PROPPATCH", "UNLOCK"), (("write", ("edit",)),)),
        "MKCOL": (("write", ("create",)),),
        "DELETE": (("write", ("delete",)),),
        "MOVE": (_READ, ("write", ("delete",))),  # what is moved can be read where it arrives
    }
)
"""What each method of HTTP and WebDAV needs on the path it names; PUT and LOCK may make what was not there."""

TWO_ENDED = ("COPY", "MOVE")
FAR_REACHING = ("REPORT", "SEARCH")

_DESTINATION = re.compile(r"(?:https?://[^/?#@\\]+)?(/.*)", re.IGNORECASE)
_SECOND = re.compile(r",\s*(?:/|https?:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a request does: to a path, reading or writing, with the types of permission it takes."""

    path: str
    access: Access
    types: tuple[Action, ...]


def steps(method: str, target: str, destination: str | None = None, overwrite: str | None = None) -> tuple[Step, ...]:
    """Return what a request does; raises Invalid for what is unknown or unclear.

    `target` is the raw request target, `destination` and `overwrite` the headers of those names, as they came.
    """
    needs = METHODS.get(method)
    if needs is None:
        raise Invalid(f"the gate does not know the method {quote(method)}", f"It knows: {', '.join(sorted(METHODS))}.")
    path = tokens.requested_path(target)
    first = tuple(Step(path, *need) for need in needs)
    if method in FAR_REACHING:
        return (*first, Step("/", *_READ))
    if method not in TWO_ENDED:
        return first
    match = _DESTINATION.fullmatch(destination or "")
    if match is None or _SECOND.search(destination or ""):
        raise Invalid(f"{method} needs one Destination", "Send it as http://HOST/PATH or /PATH (RFC 4918).")
    replaced: tuple[Action, ...] = () if overwrite == "F" else ("delete",)
    return (*first, Step(tokens.requested_path(match[1]), _WRITE[0], (*_WRITE[1], *replaced)))


def require_agreement(name: str, *values: str | None) -> str:
    """Return what one or several headers say alike; raises Invalid when none says it, or two differ.

    A gateway sets the headers of its own family and passes a client's of the other on: whoever could choose between
    them could send the gate one address and the file service another.
    """
    said = {value for value in values if value is not None}
    if len(said) != 1:
        what = "the gateway does not tell" if not said else "two headers differ in"
        raise Invalid(f"{what} the {name} of the request", "See in the shell: help gateway")
    return said.pop()


def require(actor: Actor, wanted: tuple[Step, ...], node_paths: Mapping[str, str]) -> None:
    """Raise Forbidden unless the actor may do every step; `node_paths` are those of the nodes in the scopes."""
    for step in wanted:
        for kind in step.types:
            permissions.require(actor, kind, "node")
        if actor.scopes and not tokens.scopes_cover(actor.scopes, node_paths, step.path, step.access):
            raise Forbidden(
                f"the token's scopes do not let it {step.access} {quote(step.path)}",
                f"It reaches: {', '.join(actor.scopes)}.",
                "scope_missing",
            )
