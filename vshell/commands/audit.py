"""audit: the hash chain in which every change and every refusal stands; see it, take it elsewhere, verify it."""

from collections.abc import Mapping
from typing import Annotated, Any

from vshell.errors import ShellError
from vshell.kinds import Choice, Integer, ManagerName, Path, Secret, Several, Switch, Text
from vshell.kinds.audit import Anchor, Anchored, AuditAction, Moment
from vshell.registry.results import Alarming
from vshell.registry.tree import TEXT, Column, View, command, describe_object
from vshell.session import Session

describe_object("audit", "The audit chain: who did what, when and from where.")

COLUMNS = (
    Column("seq"),
    Column("at"),
    Column("actor"),
    Column("action"),
    Column("target"),
    Column("outcome"),
    Column("source"),
)
LIST = View(COLUMNS, more=("auth_method", "detail", "prev_hash", "hash"))
SHOW = View((*COLUMNS, Column("auth_method"), Column("detail"), Column("prev_hash"), Column("hash")), layout="vertical")
HEAD = View(
    (Column("server_id"), Column("seq"), Column("hash"), Column("at")), sentence="vshell-audit/{server_id} {seq} {hash}"
)
VERDICT = View(
    (
        Column("state"),
        Column("records"),
        Column("checkpoints"),
        Column("sealed"),
        Column("sealed_at"),
        Column("record"),
        Column("what"),
    ),
    layout="vertical",
    more=("server_id", "hash", "tail"),
)
PAGE = 1_000
USUAL = 100


@command(
    "audit list",
    view=LIST,
    examples=("audit list", "audit list --actor admin --action apitoken.* --since 2h", "audit list --outcome refused"),
)
def list_(
    session: Session,
    /,
    *,
    actor: Annotated[str | None, ManagerName(), "Lists only what this manager did; local-admin is one too."] = None,
    action: Annotated[str | None, AuditAction(), "Lists only this action."] = None,
    target: Annotated[str | None, Text("TARGET"), "Lists only what was done to this id or name."] = None,
    outcome: Annotated[str | None, Choice("done", "refused"), "Lists only what was done, or what was refused."] = None,
    since: Annotated[str | None, Moment(), "Lists only what was recorded from then on."] = None,
    until: Annotated[str | None, Moment(), "Lists only what was recorded before."] = None,
    from_: Annotated[int | None, Integer(1), "Begins at the record of this number."] = None,
    limit: Annotated[int, Integer(1, 100_000), "Lists no more than so many, 100 if not given."] = USUAL,
) -> object:
    """List the newest audit records in their order, or those from a number on.

    Everybody sees their own acts; those of others need view on the Security realm.
    """
    from vshell.commands import _audit

    now = _audit.met(session).head
    query = {
        "actor": actor,
        "action": action,
        "target": target,
        "outcome": outcome,
        "since": _moment(since),
        "until": _moment(until),
        "from_seq": from_,
        "page_size": min(limit, PAGE),
    }
    chosen = any((actor, action, target, outcome, since, until))
    total = None if chosen else min(limit, now.seq - (from_ or 1) + 1)
    rows = _audit.listed(session, query, limit, total)
    return rows[:limit] if from_ is not None else rows[:limit][::-1]


@command("audit show", view=SHOW, examples=("audit show --seq 1",))
def show(
    session: Session, /, *, seq: Annotated[int, Integer(1), "Names the record by its number, as audit list shows it."]
) -> object:
    """Show one audit record whole, with its hashes."""
    from vshell.commands import _audit

    _audit.met(session)
    return session.api.request("GET", f"{_audit.PATH}{seq}/")


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
    from vshell.commands import _audit

    return _audit.met(session, accept=bool(accept)).answer


@command(
    "audit export",
    view=TEXT,
    examples=("audit export --output jsonl",),
)
def export(
    session: Session, /, *, output: Annotated[str, Choice("jsonl"), "Sets the format, which is JSON lines."] = "jsonl"
) -> object:
    """Export the whole chain with its signed checkpoints, as JSON lines, while it is read from the server.

    "audit verify --from FILE --key FILE" checks it anywhere, without the server. It needs view on the Security
    realm.
    """
    from vshell.commands import _audit
    from vshell.terminal.screen import safe_lines

    now = _audit.met(session).head
    stream = session.out.stdout
    raw = None if stream.isatty() else getattr(stream, "buffer", None)
    for line in _audit.exported(session, now.seq):
        if raw is not None:
            raw.write(line)
        elif stream.isatty():
            stream.write(safe_lines(line.decode("utf-8", "replace")))
        else:  # What > writes is verified later, so it is to the letter.
            stream.write(line.decode())
    if raw is not None:
        raw.flush()
    return None


@command(
    "audit verify",
    view=VERDICT,
    examples=("audit verify", "audit verify --from chain.jsonl --key audit.pub"),
)
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
    from vshell.audit.verdicts import Tampered, Unsealed, Unverified

    try:
        verdict = _verified(session, from_, key, anchor or [])
    except Tampered as error:
        return Alarming(_row("tampered", record=error.record, what=error.what), error)
    except Unverified:
        raise
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
    from vshell.commands import _audit
    from vshell.formats.token_format import id_of

    text = session.read_token() if token in (None, "-") else str(token)
    token_id = id_of(text)
    if token_id is not None:
        wanted: dict[str, object] = {"token_id": token_id}
    else:
        from hashlib import sha256

        wanted = {"digest": sha256(text.encode("utf-8", "replace")).hexdigest()}
    _audit.met(session)
    rows: list[Any] = []
    page: Any = [None] * PAGE
    while len(page) >= PAGE:
        after = {"from_seq": rows[-1]["seq"] + 1} if rows else {}
        page = session.api.request("POST", f"{_audit.PATH}find/", wanted | after)
        rows += page
    return rows


def _verified(session: Session, path: str | None, key: str | None, anchors: list[Anchored]) -> Any:
    """Verify the chain of a file or of the server."""
    from vshell.audit import records, verification
    from vshell.audit.verdicts import Unverified
    from vshell.commands import _audit

    if path is None:
        now, before, _ = _audit.met(session)
        keys = _keys(key) if key else _read_keys(now.keys)
        # What was seen before is an anchor too: the server merely said that its chain still holds it.
        heads = [verification.Anchor(each.seq, each.hash) for each in (before, now) if each]
        kept = [*heads, *_anchors(anchors, now.server_id)]
        return verification.verify(_audit.exported(session, now.seq, silent=True), keys, kept)
    if key is None:
        raise Unverified("A file is verified with the public key.", "Add --key FILE; the server keeps it as audit.pub.")
    keys = _keys(key)
    server_id = keys[0].name.removeprefix("vshell-audit/")
    seen = _audit.known(server_id)
    kept = [verification.Anchor(seen.seq, seen.hash, reached=False)] if seen else []
    with _audit.opened(path) as stream:
        return verification.verify(records.lines_of(stream), keys, kept + _anchors(anchors, server_id))


def _anchors(anchors: list[Anchored], server_id: str) -> Any:
    """Return what somebody kept as the verification takes it; raises Unverified for another server's."""
    from vshell.audit import verification
    from vshell.audit.verdicts import Unverified

    if any(anchor.server_id != server_id for anchor in anchors):
        raise Unverified("The anchor is of another server's chain.", "Take the line that this server showed.")
    return [verification.Anchor(anchor.seq, anchor.hash) for anchor in anchors]


def _keys(path: str) -> Any:
    from vshell.commands import _audit

    with _audit.opened(path) as stream:
        return _read_keys(stream.read(1 << 20).decode("utf-8", "replace").splitlines())


def _read_keys(texts: Any) -> Any:
    from vshell.audit import signed_note
    from vshell.audit.verdicts import Unverified

    try:
        keys = signed_note.keys_of(texts)
    except ValueError as wrong:
        raise Unverified(str(wrong), "Take the file audit.pub from the server's data directory.") from None
    if not keys:
        raise Unverified("There is no public key to verify with.", "Take audit.pub from the server's data directory.")
    return keys


def _row(state: str, **facts: object) -> Mapping[str, object]:
    names = ("records", "checkpoints", "sealed", "sealed_at", "record", "what", "server_id", "hash", "tail")
    return {"state": state, **{name: facts.get(name) for name in names}}


def _moment(text: str | None) -> str | None:
    """Return a moment as the server takes it; a length of time counts back from now."""
    if text is None:
        return None
    from datetime import UTC, datetime, timedelta

    from vshell.kinds import Duration, Timestamp

    try:
        return Timestamp().parse(text)
    except ValueError:
        moment = datetime.now(UTC) - timedelta(seconds=Duration().seconds(text))
        return Timestamp().parse(moment.isoformat())
