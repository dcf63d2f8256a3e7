"""Audit chains made by the server's rules, as the lines of an export: what tests give to the shell's verifier.

``tests/vectors/audit.jsonl`` is one such chain: the server's tests hold that it is written so, the shell's that it is
sound. The two sides share that file and no code. ``python -m tests.chains`` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from json import dumps
from pathlib import Path

from server_stub.domain.audit import chain, checkpoints
from server_stub.domain.audit.chain import Draft, Record
from server_stub.domain.audit.checkpoints import Signer

VECTORS = Path(__file__).parent / "vectors" / "audit.jsonl"
KEY = Path(__file__).parent / "vectors" / "audit.pub"
SERVER_ID = "00c0ffee00c0ffee"
SIGNER = Signer(SERVER_ID, bytes(range(32)))
BEGIN = 1_795_298_400_000_001
SECOND = 1_000_000
DRAFT = Draft(BEGIN, "admin", "token", "192.0.2.7", "apitoken.create", "", detail={"name": "backup", "owner": "bob"})
STRANGE = {
    "list": [None, True, False, -1, 2**53 - 1, "", [], {}],
    "\U0001f600": "\ufb33",
    "\ufb33": '\u2028\t"\\/\x00\x7f',
    "ü": {"b": 1, "a": {"deep": [[1]]}},
}


def records(count: int, draft: Draft = DRAFT, server_id: str = SERVER_ID) -> Iterator[Record]:
    """Make a chain, each record a second behind the one before."""
    last = chain.genesis(server_id)
    for seq in range(1, count + 1):
        record = chain.chain(last, replace(draft, at=BEGIN + seq * SECOND, target=f"{seq:08}"), seq)
        last = record.hash
        yield record


def hash_of(record: Record) -> str:
    """Work out anew the hash that a record should have."""
    draft = Draft(**{field.name: getattr(record, field.name) for field in fields(Draft)})
    return chain.chain(record.prev_hash, draft, record.seq).hash


def line(record: Record) -> str:
    """Write a record as it is exported."""
    return chain.line(record, chain.detail_text(record.detail))


def checkpoint(record: Record, link: str, at: int | None = None, signer: Signer = SIGNER) -> tuple[str, str]:
    """Sign a record's place; return the checkpoint's line, and the link to it."""
    at = record.at + SECOND if at is None else at
    text = checkpoints.statement(signer.server_id, record.seq, record.hash, at, link)
    note = signer.sign(text)
    return dumps({"checkpoint": note}), checkpoints.Checkpoint(0, record.seq, at, note).link


def header(kind: str = "export", server_id: str = SERVER_ID) -> str:
    """Write the first line."""
    return dumps({"audit": "vshell audit 1", "kind": kind, "server_id": server_id})


def end(record: Record) -> str:
    """Write the last line."""
    return dumps({"end": record.seq, "hash": record.hash})


def export(count: int, every: int, draft: Draft = DRAFT) -> Iterator[str]:
    """Write an export with a checkpoint at every so many records and at the last."""
    yield header()
    link = chain.genesis(SERVER_ID)
    for record in records(count, draft):
        yield line(record)
        if record.seq % every == 0 or record.seq == count:
            signed, link = checkpoint(record, link)
            yield signed
    yield end(record)


def vectors() -> list[str]:
    """Write the shared chain: strange texts, a quiet time, a tail behind the last checkpoint."""
    first, second, third = records(3, replace(DRAFT, actor="Zoë", outcome="refused", detail=STRANGE))
    sealed, link = checkpoint(first, chain.genesis(SERVER_ID))
    following, second_link = checkpoint(second, link)
    quiet, _ = checkpoint(second, second_link, second.at + 60 * SECOND)
    return [header(), line(first), sealed, line(second), following, quiet, line(third), end(third)]


if __name__ == "__main__":
    VECTORS.write_text("".join(f"{each}\n" for each in vectors()), encoding="utf-8")
    KEY.write_text(SIGNER.verifier + "\n")
