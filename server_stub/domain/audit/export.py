"""The lines of an exported chain: a header, records, checkpoints in their places, and the end.

An ``export`` is whole and ends with its end; a ``copy`` is what a server adds to as the chain grows. A checkpoint
stands behind the record that it covers, or a little later in a copy, since it is signed a moment after.
"""

from collections.abc import Iterable, Sequence
from json import dumps

from server_stub.domain.audit.checkpoints import Checkpoint

VERSION = "vshell audit 1"


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
