"""audit: the hash chain of all changes and refusals; see it, take it elsewhere, verify it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, NamedTuple, TypedDict, TypeVar, Unpack

from vshell.errors import Failed, ShellError
from vshell.formats.text import id_of, quote
from vshell.kinds import Choice, Duration, Integer, Live, ManagerName, Path, Secret, Several, Switch, Text
from vshell.kinds.plain import Kind, Timestamp
from vshell.registry.tree import command, describe_object
from vshell.registry.view import PAGE, TEXT, Alarming, Column, View, columns
from vshell.session import Session
from vshell.state import paths
from vshell.terminal.screen import safe_lines

if TYPE_CHECKING:  # hashlib comes with vshell.audit, which no other command needs at its start
    from vshell.audit.known_heads import Head, Heads

describe_object("audit", "The audit chain: who did what, when and from where.")

COLUMNS = columns("seq", "at", "actor", "action", "target", "outcome", "source")
LIST = View(COLUMNS, more=("auth_method", "detail", "prev_hash", "hash"))
SHOW = View((*COLUMNS, Column("auth_method"), Column("detail"), Column("prev_hash"), Column("hash")), layout="vertical")
HEAD = View(columns("server_id", "seq", "hash", "at"), sentence="vshell-audit/{server_id} {seq} {hash}")
VERDICT = View(
    columns("state", "records", "checkpoints", "sealed", "sealed_at", "record", "what"),
    layout="vertical",
    more=("server_id", "hash", "tail"),
)
USUAL = 100
PATH = "/audit/"
RECORD = '{"action"'
"""How the line of a record begins; those of checkpoints do not."""

_Part = TypeVar("_Part")


class CheckedHead(NamedTuple):
    """The head of a server's chain, the one that was seen before (None for none), and the server's whole answer."""

    head: "Head"
    before: "Head | None"
    answer: Mapping[str, Any]


class AuditAction(Live):
    """What was done: object and verb, such as apitoken.create, or all verbs of an object by ``apitoken.*``."""

    metavar = "ACTION"
    explanation = "an action such as apitoken.create, or apitoken.* for all of an object"
    noun, field = "actions", "name"


class TimeOrAge(Kind):
    """A time, or a length of time before now; the value stays the typed text."""

    metavar = "TIME"
    explanation = "a time in UTC such as 2026-11-21T22:00:00Z, or how long ago, such as 2h"
    style = "time"

    def parse(self, text: str) -> str:
        """Return ``text`` unchanged; raises ValueError when it is neither."""
        try:
            _parse_time(text)
        except ValueError:
            wanted = "write it as 2026-11-21T22:00:00Z, or as 2h for two hours ago"
            raise ValueError(f"{quote(text)} is no time; {wanted}.") from None
        return text


class Anchored(NamedTuple):
    """The hash of a record of a server's chain, as a line of ``audit head`` has it."""

    server_id: str
    seq: int
    hash: str


class Anchor(Kind):
    """A line of ``audit head``, in quotes."""

    metavar = "LINE"
    explanation = "a line that audit head printed, in quotes"

    _form = re.compile(r"vshell-audit/([0-9a-f]{1,64}) ([1-9][0-9]{0,15}) ([0-9a-f]{64})")

    def parse(self, text: str) -> Anchored:
        """Return what the line says; raises ValueError when it is none."""
        match = self._form.fullmatch(" ".join(text.split()))
        if match is None:
            raise ValueError(f"{quote(text[:60])} is no line of audit head; put the whole line in quotes.")
        return Anchored(match[1], int(match[2]), match[3])


class Selection(TypedDict, total=False):
    """Which records are listed."""

    actor: Annotated[str, ManagerName(), "Lists only what this manager did; local-admin is one too."]
    action: Annotated[str, AuditAction(), "Lists only this action."]
    target: Annotated[str, Text("TARGET"), "Lists only what was done to this id or name."]
    outcome: Annotated[str, Choice("done", "refused"), "Lists only what was done, or what was refused."]
    since: Annotated[str, TimeOrAge(), "Lists only what was recorded from then on."]
    until: Annotated[str, TimeOrAge(), "Lists only what was recorded before."]
    from_: Annotated[int, Integer(1), "Begins at the record of this number."]
    limit: Annotated[int, Integer(1, 100_000), "Lists no more than so many, 100 if not given."]


@command(
    "audit list",
    view=LIST,
    examples=("audit list", "audit list --actor admin --action apitoken.* --since 2h", "audit list --outcome refused"),
)
def list_(session: Session, /, **fields: Unpack[Selection]) -> object:
    """List the newest audit records in their order, or those from a number on.

    Everybody sees their own acts; those of others need view on the Security realm.
    """
    head = check_head(session).head
    first, limit = fields.get("from_"), fields.get("limit", USUAL)
    query: dict[str, Any] = {name: each for name, each in fields.items() if name not in ("from_", "limit")}
    total = None if query else min(limit, head.seq - (first or 1) + 1)
    query |= {name: _parse_time(query[name]) for name in ("since", "until") if name in query}
    rows = list_records(session, {**query, "from_seq": first, "page_size": min(limit, PAGE)}, limit, total)
    return rows[:limit] if first is not None else rows[:limit][::-1]


@command("audit show", view=SHOW, examples=("audit show --seq 1",))
def show(
    session: Session, /, *, seq: Annotated[int, Integer(1), "Names the record by its number, as audit list shows it."]
) -> object:
    """Show one audit record whole, with its hashes."""
    check_head(session)
    return session.client.request("GET", f"{PATH}{seq}/")


@command("audit head", view=HEAD, examples=("audit head", "audit head --accept"))
def head(
    session: Session,
    /,
    *,
    accept: Annotated[bool | None, Switch(), "Takes the chain as it is now for the right one."] = None,
) -> object:
    """Show the end of the chain in one line, to keep where the server cannot write: on paper, in a mail.

    "audit verify --anchor LINE" tells later whether the chain still holds that record. The shell keeps the last
    head that it saw by itself, and refuses a chain that was cut or rewritten before it.
    """
    return check_head(session, accept=bool(accept)).answer


@command("audit export", view=TEXT, examples=("audit export --output jsonl",))
def export(
    session: Session, /, *, output: Annotated[str, Choice("jsonl"), "Sets the format, which is JSON lines."] = "jsonl"
) -> object:
    """Export the whole chain with its signed checkpoints, as JSON lines, while it is read from the server.

    "audit verify --from FILE --key FILE" checks it anywhere, without the server. It needs view on the Security
    realm.
    """
    now = check_head(session).head
    stream = session.out.stdout
    raw = None if stream.isatty() else getattr(stream, "buffer", None)
    for line in export_lines(session, now.seq):
        if raw is not None:
            raw.write(line)
        elif stream.isatty():
            stream.write(safe_lines(line.decode("utf-8", "replace")))
        else:  # What > writes is verified later, so it is to the letter.
            stream.write(line.decode())
    if raw is not None:
        raw.flush()
    return None


@command("audit verify", view=VERDICT, examples=("audit verify", "audit verify --from chain.jsonl --key audit.pub"))
def verify(
    session: Session,
    /,
    *,
    from_: Annotated[
        str | None, Path(), "Verifies an exported file, '-' for standard input; no server is asked."
    ] = None,
    key: Annotated[str | None, Path(), "Names the file of the public key, which the server keeps as audit.pub."] = None,
    anchor: Annotated[
        list[Anchored] | None, Several(Anchor()), "Demands the record that audit head showed once."
    ] = None,
) -> object:
    """Verify that no record was edited, taken out, added, moved, cut or rewritten, and name the first bad one.

    It ends with 0 for a chain that is sound and signed to its end, 3 for a sound one with records behind the last
    checkpoint (which is made every minute), 1 for one that was tampered with, 2 when it could not be verified.
    Without --key the keys are the server's own, which this shell remembers from the first time on.
    """
    from vshell.audit.verification import Tampered, Unsealed, Unverified

    try:
        verdict = _verify_chain(session, from_, key, anchor or [])
    except Tampered as error:
        return Alarming(_row("tampered", record=error.record, what=error.what), error)
    except ShellError as trouble:
        raise Unverified(trouble.sentence, trouble.hint) from None
    facts = verdict._asdict() | {"tail": verdict.tail}
    if not verdict.tail:
        return _row("sound", **facts)
    many = f"{verdict.tail} record{' lies' if verdict.tail == 1 else 's lie'}"
    unsealed = Unsealed(
        f"The chain is sound, but {many} behind the last checkpoint.", "A running server signs every minute."
    )
    return Alarming(_row("sound, with a tail", **facts), unsealed)


@command("audit find", view=LIST, examples=("audit find",))
def find(
    session: Session,
    /,
    *,
    token: Annotated[
        str | None, Secret(), "Gives the token; without it, or with '-', you are asked, or a line of input is read."
    ] = None,
) -> object:
    """Find the records about a token that turned up somewhere, revoked or not.

    Only its id is sent, or the digest of one that its maker named: never the token. Nothing of it is kept.
    """
    text = session.read_token() if token in (None, "-") else str(token)
    token_id = id_of(text)
    if token_id is not None:
        wanted: dict[str, object] = {"token_id": token_id}
    else:
        from hashlib import sha256

        wanted = {"digest": sha256(text.encode("utf-8", "replace")).hexdigest()}
    check_head(session)
    rows: list[Any] = []
    page: Any = [None] * PAGE
    while len(page) >= PAGE:
        after = {"from_seq": rows[-1]["seq"] + 1} if rows else {}
        page = session.client.request("POST", f"{PATH}find/", wanted | after)
        rows += page
    return rows


def _verify_chain(session: Session, path: str | None, key: str | None, anchors: list[Anchored]) -> Any:
    """Verify the chain of a file or of the server; raises Tampered, or the ShellError for which nothing can be said."""
    from vshell.audit import records, verification

    if path is None:
        now, before, _ = check_head(session)
        keys = _load_keys(key) if key else _parse_keys(now.keys)
        # What was seen before is an anchor too: the server merely said that its chain still holds it.
        heads = [verification.Anchor(each.seq, each.hash) for each in (before, now) if each]
        heads += _anchors(anchors, now.server_id)
        return verification.verify(export_lines(session, now.seq, silent=True), keys, heads)
    if key is None:
        raise Failed("A file is verified with the public key.", "Add --key FILE; the server keeps it as audit.pub.")
    keys = _load_keys(key)
    server_id = keys[0].name.removeprefix("vshell-audit/")
    seen = _known_heads().of(server_id)
    heads = [verification.Anchor(seen.seq, seen.hash, reached=False)] if seen else []
    with open_input(path) as stream:
        return verification.verify(records.read_lines(stream), keys, heads + _anchors(anchors, server_id))


def _anchors(anchors: list[Anchored], server_id: str) -> Any:
    """Return the lines of ``audit head`` as the verification takes them; raises Failed for another server's."""
    from vshell.audit.verification import Anchor as VerifiedAnchor

    if any(anchor.server_id != server_id for anchor in anchors):
        raise Failed("The anchor is of another server's chain.", "Take the line that this server showed.")
    return [VerifiedAnchor(anchor.seq, anchor.hash) for anchor in anchors]


def _load_keys(path: str) -> Any:
    """Return the public keys in a file; raises Failed for none."""
    with open_input(path) as stream:
        return _parse_keys(stream.read(1 << 20).decode("utf-8", "replace").splitlines())


def _parse_keys(texts: Any) -> Any:
    """Return public keys from their lines; raises Failed for none."""
    from vshell.audit import signed_note

    try:
        keys = signed_note.parse_keys(texts)
    except ValueError as wrong:
        raise Failed(str(wrong), "Take the file audit.pub from the server's data directory.") from None
    if not keys:
        raise Failed("There is no public key to verify with.", "Take audit.pub from the server's data directory.")
    return keys


def _row(state: str, **facts: object) -> Mapping[str, object]:
    names = ("records", "checkpoints", "sealed", "sealed_at", "record", "what", "server_id", "hash", "tail")
    return {"state": state, **{name: facts.get(name) for name in names}}


def _parse_time(text: str) -> str:
    """Return a time as the server takes it; a length of time counts back from now."""
    try:
        return Timestamp().parse(text)
    except ValueError:
        return Timestamp().parse((datetime.now(UTC) - timedelta(seconds=Duration().seconds(text))).isoformat())


def check_head(session: Session, *, accept: bool = False) -> CheckedHead:
    """Ask for the head of the chain, and return it, having compared it with the last one seen.

    Raises Tampered for one that is older or does not extend it, unless that is to be accepted.
    """
    from vshell.audit.known_heads import Head, require_extended

    place = session.client.target
    where = place.token_file or place.url  # on this host its port changes, and its data directory stays
    heads = _known_heads()
    named = session.client.get_object(f"{PATH}key/")
    before = heads.at(where) or heads.of(_part(named, "server_id", str))
    answer = session.client.get_object(f"{PATH}head/", {"seen": before.seq if before else None})
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
    return CheckedHead(now, None if accept else before, answer)


def list_records(session: Session, query: Mapping[str, object], limit: int, total: int | None) -> list[Any]:
    """Return the records of a query, page by page up to ``limit``; ``total`` are there, None where that is unknown."""
    rows: list[Any] = []
    with session.out.progress("records", total, silent=True) as progress:
        for page in _list_pages(session, PATH, query):
            found = _part(page, "results", list)
            rows += found
            progress.advance(len(found))
            if len(rows) >= limit:
                break
    return rows


def _list_pages(session: Session, path: str, query: Mapping[str, object] | None = None) -> Iterator[Mapping[str, Any]]:
    """Yield the pages of an answer, each fetched when the one before it has been used."""
    page = session.client.get_object(path, query)
    yield page
    while following := str(page.get("next") or "").removeprefix("/api"):
        page = session.client.get_object(following)
        yield page


def _part(answer: Mapping[str, Any], name: str, kind: type[_Part]) -> _Part:
    """Return a part of an answer; raises Failed when it is not there, or something else: a server may be anybody's."""
    value = answer.get(name)
    if not isinstance(value, kind):
        raise _strange_answer()
    return value


def _strange_answer() -> Failed:
    """Make the error of an answer that is none of a server's."""
    return Failed("The server's answer is not what was asked for.", "Check the address with: server list")


def export_lines(session: Session, records: int, *, silent: bool = False) -> Iterator[bytes]:
    """Yield the lines of an export of the server's chain, page by page.

    For the progress ``records`` is about how many there are, ``silent`` tells that nothing else is shown meanwhile.
    """
    with session.out.progress("records", records, silent=silent) as progress:
        for page in _list_pages(session, f"{PATH}export/"):
            lines = _part(page, "lines", list)
            for line in lines:
                progress.advance(str(line).startswith(RECORD))
                yield str(line).encode("utf-8", "surrogatepass") + b"\n"
            if page.get("next") and not lines:  # it would go on so for ever
                raise _strange_answer()


def _known_heads() -> "Heads":
    """Return the heads that this user has seen, for exports that are verified without their server too."""
    from vshell.audit.known_heads import Heads

    return Heads(paths.state_directory() / "audit.json")


@contextmanager
def open_input(path: str) -> Iterator[BinaryIO]:
    """Open a file of this machine, or standard input for ``-``; raises Failed when it cannot be read."""
    import sys

    try:
        if path == "-":
            yield sys.stdin.buffer
        else:
            with open(path, "rb") as stream:
                yield stream
    except OSError as trouble:
        raise Failed(f"{path} cannot be read: {trouble.strerror or trouble}.", "Check its name.") from None
