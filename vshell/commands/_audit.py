"""What the commands of the audit chain share: meeting a server's chain, its pages, files of lines and keys."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO, NamedTuple, TypeVar

from vshell.audit.known_heads import Head, Heads, require_extended
from vshell.audit.verdicts import Unverified
from vshell.errors import Failed
from vshell.session import Session
from vshell.state import paths

PATH = "/audit/"
RECORD = '{"action"'
"""How the line of a record begins; those of checkpoints do not."""

_Part = TypeVar("_Part")


class Met(NamedTuple):
    """The head of a server's chain, the one that was seen before (None for none), and the server's whole answer."""

    head: Head
    before: Head | None
    answer: Mapping[str, Any]


def met(session: Session, *, accept: bool = False) -> Met:
    """Ask for the head of the chain, and return it, having compared it with the last one seen.

    Raises Tampered for one that is older or does not extend it, unless that is to be accepted.
    """
    place = session.api.place
    where = place.token_file or place.url  # on this host its port changes, and its data directory stays
    heads = Heads(paths.state_directory() / "audit.json")
    named = request(session, f"{PATH}key/")
    before = heads.at(where) or heads.of(_part(named, "server_id", str))
    answer = request(session, f"{PATH}head/", seen=before.seq if before else None)
    keys = tuple(map(str, _part(named, "keys", list)))
    now = Head(_part(answer, "server_id", str), _part(answer, "seq", int), _part(answer, "hash", str), keys)
    if before is not None and not accept:
        require_extended(before, now, answer.get("seen_hash"), place.url)
    if before is not None and before.server_id == now.server_id and set(now.keys) - set(before.keys):
        session.out.note(
            "The audit chain has a new key: of another server of this database, or of one that has lost its audit.key. "
            "If you know of neither, somebody else signs. See: audit list --action audit.key"
        )
    if before != now:
        heads.keep(now, where)
    return Met(now, None if accept else before, answer)


def request(session: Session, path: str, **query: object) -> Mapping[str, Any]:
    """Look at one object, or at the page that an answer's ``next`` names; raises Failed when the answer is none."""
    answer = session.api.request("GET", path.removeprefix("/api"), query=query)
    if not isinstance(answer, Mapping):
        raise _strange()
    return answer


def listed(session: Session, query: Mapping[str, object], limit: int, total: int | None) -> list[Any]:
    """Return the records of a query, page by page up to ``limit``; ``total`` are there, None where nobody knows."""
    rows: list[Any] = []
    with session.out.progress("records", total, silent=True) as progress:
        page = request(session, PATH, **query)
        while True:
            rows += page["results"]
            progress.advance(len(page["results"]))
            if not page["next"] or len(rows) >= limit:
                return rows
            page = request(session, page["next"])


def _part(answer: Mapping[str, Any], name: str, kind: type[_Part]) -> _Part:
    """Return a part of an answer; raises Failed when it is not there, or something else: a server may be anybody's."""
    value = answer.get(name)
    if not isinstance(value, kind):
        raise _strange()
    return value


def _strange() -> Failed:
    return Failed("The server's answer is not what was asked for.", "Check the address with: server list")


def exported(session: Session, records: int, *, silent: bool = False) -> Iterator[bytes]:
    """Yield the lines of an export of the server's chain, page by page.

    For the progress ``records`` is about how many there are, ``silent`` tells that nothing else is shown meanwhile.
    """
    following: object = f"{PATH}export/"
    with session.out.progress("records", records, silent=silent) as progress:
        while following:
            page = request(session, str(following))
            lines = _part(page, "lines", list)
            for line in lines:
                progress.advance(str(line).startswith(RECORD))
                yield str(line).encode("utf-8", "surrogatepass") + b"\n"
            following = page.get("next")
            if following and not lines:  # it would go on so for ever
                raise _strange()


def known(server_id: str) -> Head | None:
    """Return what this user has seen of a chain, for an export that is verified without its server."""
    return Heads(paths.state_directory() / "audit.json").of(server_id)


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """Open a file of this machine, or standard input for ``-``; raises Unverified when it cannot be read."""
    import sys

    try:
        if path == "-":
            yield sys.stdin.buffer
        else:
            with open(path, "rb") as stream:
                yield stream
    except OSError as trouble:
        raise Unverified(f"{path} cannot be read: {trouble.strerror or trouble}.", "Check its name.") from None
