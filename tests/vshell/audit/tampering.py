"""Twelve ways to tamper with one record of an exported chain, by somebody who can compute hashes but has no key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from server_stub.domain.audit.chain import Record
from tests import chains
from tests.chains import hash_of

Export = list[str]
Edit = Callable[[Export, Record, int], Export]
"""An edit of a record, which stands at an index of an export."""

_CONTENT: dict[str, Any] = {
    "at": chains.BEGIN - 1,
    "actor": "eve",
    "auth_method": "password",
    "source": "198.51.100.1",
    "action": "apitoken.revoke",
    "target": "other",
    "outcome": "refused",
    "detail": {"owner": "eve"},
}


def _content(record: Record) -> Record:
    """Change one field of the content, another one with each record."""
    name = list(_CONTENT)[record.seq % len(_CONTENT)]
    return replace(record, **{name: _CONTENT[name]})


def _rehashed(record: Record) -> Record:
    return replace(record, hash=hash_of(record))


def _with(index: int, export: Export, *lines: str) -> Export:
    return [*export[:index], *lines, *export[index + 1 :]]


def content_edited(export: Export, record: Record, index: int) -> Export:
    """Edit what was recorded."""
    return _with(index, export, chains.line(_content(record)))


def content_edited_with_a_new_hash(export: Export, record: Record, index: int) -> Export:
    """Edit what was recorded, and make its hash fit."""
    return _with(index, export, chains.line(_rehashed(_content(record))))


def hash_edited(export: Export, record: Record, index: int) -> Export:
    """Put another hash there."""
    return _with(index, export, chains.line(replace(record, hash="0" * 64)))


def chained_to_another(export: Export, record: Record, index: int) -> Export:
    """Put another hash of the record before there."""
    return _with(index, export, chains.line(replace(record, prev_hash="f" * 64)))


def chained_to_another_with_a_new_hash(export: Export, record: Record, index: int) -> Export:
    """Chain it to another record, and make its hash fit."""
    return _with(index, export, chains.line(_rehashed(replace(record, prev_hash="f" * 64))))


def renumbered(export: Export, record: Record, index: int) -> Export:
    """Give it another number."""
    return _with(index, export, chains.line(replace(record, seq=record.seq + 7)))


def removed(export: Export, record: Record, index: int) -> Export:
    """Take it out."""
    return _with(index, export)


def duplicated(export: Export, record: Record, index: int) -> Export:
    """Have it stand there twice."""
    return _with(index, export, export[index], export[index])


def swapped(export: Export, record: Record, index: int) -> Export:
    """Swap it with the next line that is a record."""
    other = next(n for n in range(index + 1, len(export)) if '"seq":' in export[n])
    return _with(index, _with(other, export, export[index]), export[other])


def moved_to_the_end(export: Export, record: Record, index: int) -> Export:
    """Put it behind all other records."""
    return [*export[:index], *export[index + 1 : -1], export[index], export[-1]]


def forged_before(export: Export, record: Record, index: int) -> Export:
    """Put a record of one's own making in its place and leave it behind that."""
    return _with(index, export, chains.line(_rehashed(replace(record, actor="eve"))), export[index])


def respelled(export: Export, record: Record, index: int) -> Export:
    """Write the same values in another way."""
    return _with(index, export, json.dumps(json.loads(export[index])))


KINDS: tuple[Edit, ...] = (
    content_edited,
    content_edited_with_a_new_hash,
    hash_edited,
    chained_to_another,
    chained_to_another_with_a_new_hash,
    renumbered,
    removed,
    duplicated,
    swapped,
    moved_to_the_end,
    forged_before,
    respelled,
)

assert len(KINDS) == 12
assert set(_CONTENT) == {field.name for field in fields(Record)} - {"seq", "hash", "prev_hash"}


class Exported:
    """An export with its records, and where each stands."""

    def __init__(self, count: int, every: int) -> None:
        self.lines = list(chains.export(count, every))
        self.records = list(chains.records(count))
        places = [place for place, line in enumerate(self.lines) if '"seq":' in line]
        self.places = dict(zip(range(1, count + 1), places, strict=True))

    def tampered(self, seq: int, kind: Edit) -> Export:
        """Return the export with one record tampered with."""
        return kind(self.lines, self.records[seq - 1], self.places[seq])

    def rewritten(self, seq: int) -> Export:
        """Return the export with all records from one on rewritten; what is signed behind it cannot be."""
        last = self.records[seq - 1].prev_hash
        changed = list(self.lines)
        for record in self.records[seq - 1 :]:
            forged = _rehashed(replace(record, prev_hash=last, actor="eve"))
            changed[self.places[record.seq]] = chains.line(forged)
            last = forged.hash
        changed[-1] = json.dumps({"end": len(self.records), "hash": last})
        return changed

    def cut(self, seq: int) -> Export:
        """Return the export without all that comes behind a record."""
        return [*self.lines[: self.places[seq] + 1], chains.end(self.records[seq - 1])]


def encoded(export: Export) -> Iterator[bytes]:
    """Write the lines of an export."""
    return (f"{line}\n".encode() for line in export)
