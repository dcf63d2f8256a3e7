"""/api/audit/: the audit chain to be looked at, searched, exported and checked.

Seeing it takes view on the Security realm. Without that one sees one's own acts, unless by a narrowed token. The keys
are public; the head, a number and a hash, is shown to everybody with a credential: whoever notes it down is a witness.

An export comes in pages of whole lines, each page the answer to one request; a page's ``next`` leads on to the end that
the chain had when the first was asked for.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import msgspec

from server_stub.domain.accounts import permissions
from server_stub.domain.audit import chain, checkpoints
from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Forbidden, Invalid, NotFound
from server_stub.domain.base.timestamps import parse_rfc3339, rfc3339
from server_stub.operations.context import ReadContext
from server_stub.store import audit as audit_store
from server_stub.store import checkpoints as checkpoint_store
from server_stub.store import managers as manager_store
from server_stub.store.audit import Filter
from server_stub.web.http import paging
from server_stub.web.http.decoding import Body, Query
from server_stub.web.http.routing import Routes

routes = Routes("/api/audit")

EXPORT_PAGE = 1_000
LAST_SEQ = 10**15


class RecordQuery(Query, frozen=True):
    """Which records to list: the newest below `before`, or those from `from_seq` on; times are RFC 3339.

    `action` may end with `.*`; `outcome` is done or refused; `until` is the first moment that is not meant any more.
    """

    actor: str | None = None
    action: str | None = None
    target: str | None = None
    outcome: chain.Outcome | None = None
    since: str | None = None
    until: str | None = None
    from_seq: int | None = None
    before: int | None = None
    page_size: int = paging.USUAL_PAGE


class HeadQuery(Query, frozen=True):
    """A record that the caller has seen, to compare."""

    seen: int | None = None


class ExportQuery(Query, frozen=True):
    """Where a page begins, and the end that the first page found: the last record and the last checkpoint."""

    after: int = 0
    until: int | None = None
    checkpoint: int | None = None


class TokenRecordsRequest(Body, frozen=True):
    """The token whose records are wanted, from a number on: its id, or the SHA-256 (hex) of a self-named one."""

    token_id: str | None = None
    digest: str | None = None
    from_seq: int = 0


class RecordView(msgspec.Struct, frozen=True):
    """A record of the chain, whole."""

    seq: int
    at: str
    actor: str
    auth_method: str
    source: str
    action: str
    target: str
    outcome: str
    detail: Mapping[str, Any]
    prev_hash: str
    hash: str


class Records(msgspec.Struct, frozen=True):
    """Some records, and where the next ones are."""

    next: str | None
    results: list[RecordView]


class Head(msgspec.Struct, frozen=True):
    """The end of the chain, its newest checkpoint, and the hash of the record that the caller asked about."""

    server_id: str
    seq: int
    hash: str
    at: str
    checkpoint: str | None
    seen_hash: str | None


class Keys(msgspec.Struct, frozen=True):
    """The public keys that sign this server's checkpoints."""

    server_id: str
    keys: list[str]


class ExportPage(msgspec.Struct, frozen=True):
    """Lines of an export, and where the following ones are."""

    lines: list[str]
    next: str | None


@routes.get("/", action="audit.list", query=RecordQuery)
def list_records(context: ReadContext, query: RecordQuery) -> Records:
    """List audit records by who did what to what, and when."""
    size = paging.require_page_size(query.page_size)
    for number in (query.from_seq, query.before):
        if number is not None and not 0 <= number <= LAST_SEQ:
            raise Invalid("the number of a record must be from 0 on", hint="Take it from the address in next.")
    chosen = _make_filter(context, query)
    if chosen is None:
        return Records(None, [])
    if query.from_seq is not None:
        found = audit_store.oldest(context.tx, chosen, size + 1, query.from_seq)
        step = {"from_seq": found[size].seq} if len(found) > size else None
    else:
        found = audit_store.newest(context.tx, chosen, size + 1, query.before or LAST_SEQ)
        step = {"before": found[size - 1].seq} if len(found) > size else None
    following = paging.address(query, "/api/audit/", **step) if step else None
    return Records(following, [view_record(record) for record in found[:size]])


def _make_filter(context: ReadContext, query: RecordQuery) -> Filter | None:
    """Return what is asked for within what the actor may see; None when that is surely nothing."""
    chosen = Filter(
        query.actor,
        query.action,
        query.target,
        query.outcome,
        None if query.since is None else parse_rfc3339(query.since),
        None if query.until is None else parse_rfc3339(query.until),
    )
    texts = (query.actor, query.action, query.target)
    if any(text is not None and not text.isprintable() for text in texts):
        return None
    if permissions.is_allowed(context.actor, "view", "audit"):
        return chosen
    if chosen.actor not in (None, context.actor.name):
        return None
    born = _find_start(context)
    return replace(chosen, actor=context.actor.name, since=max(born, chosen.since or born))


def _find_start(context: ReadContext) -> int:
    """Return since when the actor surely bears their name, which may have been another's.

    Raises Forbidden for a narrowed token.
    """
    actor = context.actor
    owner = None if actor.id is None or actor.is_narrowed else manager_store.find(context.tx, actor.id)
    if owner is None:
        permissions.require(actor, "view", "audit")
        raise Forbidden("this token does not show the audit chain", "Ask with a token that is not narrowed.")
    return max(owner.created_at, audit_store.left_at(context.tx, owner.username) + 1)


def view_record(record: chain.Record) -> RecordView:
    """Show a record."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return RecordView(**values | {"at": rfc3339(record.at)})


@routes.get("/{seq:int}/", action="audit.show")
def show_record(context: ReadContext, seq: int) -> RecordView:
    """Show one record of the chain."""
    since = None if permissions.is_allowed(context.actor, "view", "audit") else _find_start(context)
    record = audit_store.find(context.tx, seq) if 0 < seq <= LAST_SEQ else None
    if record is None or (since is not None and (record.actor != context.actor.name or record.at < since)):
        raise NotFound(f"there is no audit record {seq}"[:60], "See: audit list")
    return view_record(record)


@routes.get("/head/", action="audit.head", query=HeadQuery)
def show_head(context: ReadContext, query: HeadQuery) -> Head:
    """Show the end of the chain; whoever keeps it can tell later whether the chain was cut or rewritten."""
    server_id, seq, its_hash = audit_store.head(context.tx)
    newest = checkpoint_store.last(context.tx)
    seen = query.seen
    seen_hash = None if seen is None or not 0 < seen <= LAST_SEQ else audit_store.hash_at(context.tx, seen)
    return Head(server_id, seq, its_hash, rfc3339(context.now), newest.note if newest else None, seen_hash)


@routes.get("/key/", action="audit.key", open=True)
def show_keys(context: ReadContext) -> Keys:
    """Show the public keys that sign the chain's checkpoints."""
    return Keys(context.server.server_id, checkpoint_store.keys(context.tx))


@routes.get("/export/", action="audit.export", query=ExportQuery)
def export_records(context: ReadContext, query: ExportQuery) -> ExportPage:
    """Export the chain with its checkpoints, a thousand records at a time, as lines that can be checked offline."""
    permissions.require(context.actor, "view", "audit")
    server_id, end, end_hash = audit_store.head(context.tx)
    newest = checkpoint_store.last(context.tx)
    until = end if query.until is None else min(query.until, end)
    number = (newest.number if newest else 0) if query.checkpoint is None else query.checkpoint
    if not (0 <= query.after <= LAST_SEQ and until >= 0 and 0 <= number <= LAST_SEQ):
        raise Invalid("the numbers of a page must be from 0 on", hint="Take them from the address in next.")
    found = audit_store.lines(context.tx, query.after, until, EXPORT_PAGE)
    reached = found[-1][0] if len(found) == EXPORT_PAGE else until
    lines = [] if query.after else [checkpoints.header(server_id, "export")]
    lines += checkpoints.merge_lines(found, checkpoint_store.between(context.tx, query.after, reached, number))
    if reached < until:
        following = paging.address(query, "/api/audit/export/", after=reached, until=until, checkpoint=number)
        return ExportPage(lines, following)
    last_hash = end_hash if until == end else audit_store.hash_at(context.tx, until)
    return ExportPage([*lines, checkpoints.end(until, last_hash)], None)


@routes.post("/find/", action="audit.find", body=TokenRecordsRequest, status=200, read_only=True)
def find_records(context: ReadContext, request: TokenRecordsRequest) -> list[RecordView]:
    """Find a thousand records about a token, revoked or not, by its id or by the digest of a self-named one."""
    permissions.require(context.actor, "view", "audit")
    if (request.token_id is None) == (request.digest is None):
        raise Invalid("give either token_id or digest", hint="The id is the part of a token before its dot.")
    token_id = (request.token_id or "") if request.digest is None else token_format.id_of(_parse_digest(request.digest))
    if not token_format.is_id(token_id):
        raise Invalid("this is not the id of a token", hint="The id is the part of a token before its dot.")
    if not 0 <= request.from_seq <= LAST_SEQ:
        raise Invalid("the number of a record must be from 0 on", hint="Go on behind the last record that was found.")
    found = audit_store.oldest(context.tx, Filter(target=token_id), paging.LARGEST_PAGE, request.from_seq)
    return [view_record(record) for record in found]


def _parse_digest(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Invalid("digest must be 64 hex digits", hint="It is the SHA-256 of the whole token.") from None
