"""Checkpoints, signed statements of how the audit chain stood, and the lines of an exported chain.

The format is final. A checkpoint is a signed note as C2SP describes it (c2sp.org/signed-note), in the form of
c2sp.org/tlog-checkpoint:

    vshell-audit/SERVER_ID
    SIZE
    HASH
    at MOMENT
    previous LINK

    — vshell-audit/SERVER_ID SIGNATURE

- SIZE is the seq of a record and HASH that record's hash, base64. (Certificate logs have the root of a tree here.)
- MOMENT is when it was signed, RFC 3339 in UTC with six decimals.
- LINK is the SHA-256, in hex, of the text of the checkpoint before that was the first of its size; of the first
  checkpoint it is the genesis. So none of those can be left out unseen. A later one of the same size only says that
  nothing happened until then; of a quiet time the first and the last are kept.
- SIGNATURE is base64 of the key's id (4 bytes) and the Ed25519 signature of the text, which ends before the empty line.

A key's public half is written NAME+ID+KEY: the id in hex, the key as base64 of the byte 1 and its 32 bytes.

A chain is exported as a header, records, checkpoints in their places, and the end. An ``export`` is whole and ends with
its end; a ``copy`` is what a server adds to as the chain grows. A checkpoint stands behind the record that it covers,
or a little later in a copy, since it is signed a moment after.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server_stub.domain.base.timestamps import MINUTE, rfc3339

EVERY_RECORDS = 1_000
EVERY = MINUTE
MOST_AT_ONCE = 100
"""How many are made in one transaction, after an upgrade of a long chain."""

ED25519 = b"\x01"
VERSION = "vshell audit 1"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement that the record `size` ends the chain; `at` is UTC in microseconds."""

    number: int
    size: int
    at: int
    note: str

    @property
    def link(self) -> str:
        """The hash by which the next one refers to this."""
        return sha256(text_of(self.note).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs the checkpoints of one server, by its 32 secret bytes."""

    server_id: str
    secret: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """The name of the key, which is the log's."""
        return origin(self.server_id)

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over the name and the key (signed-note, "Signatures")."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self._public()).digest()[:4]

    @property
    def verifier(self) -> str:
        """The public half in one line, to check signatures with."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self._public())}"

    def sign(self, text: str) -> str:
        """Return the signed note of a text, which ends with a line end."""
        signature = Ed25519PrivateKey.from_private_bytes(self.secret).sign(text.encode())
        return f"{text}\n\u2014 {self.name} {_base64(self.key_id + signature)}\n"

    def _public(self) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()


def origin(server_id: str) -> str:
    """Return the name of a server's log."""
    return f"vshell-audit/{server_id}"


def statement(server_id: str, size: int, record_hash: str, at: int, link: str) -> str:
    """Write the text that is signed; `record_hash` and `link` are hex digits."""
    return f"{origin(server_id)}\n{size}\n{_base64(bytes.fromhex(record_hash))}\nat {rfc3339(at)}\nprevious {link}\n"


def text_of(note: str) -> str:
    """Return the text of a signed note, without the empty line and the signatures behind it."""
    return note.rpartition("\n\n")[0] + "\n"


def parse_note(note: str) -> tuple[str, int, str]:
    """Return the origin, the size and the record's hash (hex) that a note of ours states; raises ValueError."""
    name, size, its_hash = note.split("\n", 3)[:3]
    return name, int(size), base64.b64decode(its_hash).hex()


def due(last: Checkpoint | None, head: int, now: int, closing: bool = False) -> list[int]:
    """Return the sizes at which checkpoints are to be made now, `MOST_AT_ONCE` at most.

    They are every `EVERY_RECORDS`th record that has none yet, and the head when a minute has passed since the last
    or the server is `closing`.
    """
    done = last.size if last else 0
    sizes = list(range((done // EVERY_RECORDS + 1) * EVERY_RECORDS, head + 1, EVERY_RECORDS))
    if len(sizes) > MOST_AT_ONCE:
        return sizes[:MOST_AT_ONCE]
    late = last is None or abs(now - last.at) >= EVERY or closing  # a clock may have been set back
    if head >= max(1, done) and head not in sizes and late:
        sizes.append(head)
    return sizes


def header(server_id: str, kind: str) -> str:
    """Write the first line."""
    return dumps({"audit": VERSION, "kind": kind, "server_id": server_id})


def end(seq: int, its_hash: str | None) -> str:
    """Write the last line, with the number and the hash of the last record."""
    return dumps({"end": seq, "hash": its_hash})


def checkpoint(note: str) -> str:
    """Write a checkpoint as a line."""
    return dumps({"checkpoint": note})


def merge_lines(records: Sequence[tuple[int, str]], checkpoints: Iterable[Checkpoint]) -> list[str]:
    """Put checkpoints among the lines of records, which come with their numbers, each behind its record."""
    lines, place = [], 0
    for each in checkpoints:
        while place < len(records) and records[place][0] <= each.size:
            lines.append(records[place][1])
            place += 1
        lines.append(checkpoint(each.note))
    return lines + [line for _, line in records[place:]]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
