"""The lines of an export: header, records, checkpoints, end; anything else is garbage.

A record's line is canonical JSON, so what was hashed are its own bytes without ``hash`` and ``prev_hash``. Those
stand at known places behind ``detail``; they are taken out, and nothing is written anew.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any, BinaryIO, Literal, NamedTuple

LONGEST_LINE = 8 << 20
"""Bytes of a line; no record is nearly as long."""

VERSION = "vshell audit 1"
RECORD_TAG = b"vshell audit record 1\n"
GENESIS_TAG = b"vshell audit genesis 1\n"

_TEXTS = ("action", "actor", "at", "auth_method", "hash", "outcome", "prev_hash", "source", "target")
_NAMES = frozenset((*_TEXTS, "detail", "seq"))
_HEX = frozenset("0123456789abcdef")


class Record(NamedTuple):
    """A record: its number, both hashes in hex, and its bytes before and behind its number as they were hashed."""

    seq: int
    hash: str
    prev_hash: str
    before_seq: bytes
    after_seq: bytes

    def digest(self, prev_hash: str, seq: int) -> str:
        """Return the hash that this record has behind another, with a number."""
        body = b"%s%d%s" % (self.before_seq, seq, self.after_seq)
        return sha256(RECORD_TAG + prev_hash.encode() + b"\n" + body).hexdigest()

    @property
    def fits_itself(self) -> bool:
        """Tell whether the hash is that of the content."""
        return self.digest(self.prev_hash, self.seq) == self.hash


class Line(NamedTuple):
    """Any other line: ``value`` is what it holds."""

    sort: Literal["header", "checkpoint", "end", "garbage"]
    value: Mapping[str, Any] = {}


GARBAGE = Line("garbage")


def genesis_hash(server_id: str) -> str:
    """Return the hash that stands before the first record of a server."""
    return sha256(GENESIS_TAG + server_id.encode()).hexdigest()


def read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file with their ends, one longer than ``LONGEST_LINE`` in pieces."""
    while line := stream.readline(LONGEST_LINE):
        yield line


def parse_line(line: bytes) -> Record | Line:
    """Read one line; never raises. A line that is spelled in another way than a server does is garbage."""
    try:
        value = _decoder.decode(line.decode())
        if type(value) is not dict:
            return GARBAGE
        if "seq" in value:
            return _parse_record(line.rstrip(b"\n"), value)
        return _parse_other(value) if json.dumps(value).encode() == line.rstrip(b"\n") else GARBAGE
    except (ValueError, RecursionError):  # of JSON, of UTF-8, of a number that is too long
        return GARBAGE


def is_hash(value: object) -> bool:
    """Tell whether a value is a hash, in 64 lower-case hex digits."""
    return type(value) is str and len(value) == 64 and _HEX.issuperset(value)


def _parse_record(line: bytes, value: dict[str, Any]) -> Record | Line:
    if value.keys() != _NAMES or type(value["seq"]) is not int or type(value["detail"]) is not dict:
        return GARBAGE
    for name in _TEXTS:
        if type(value[name]) is not str:
            return GARBAGE
    seq, its_hash, prev_hash = value["seq"], value["hash"], value["prev_hash"]
    if not is_hash(its_hash) or not is_hash(prev_hash) or seq < 1:
        return GARBAGE
    outcome = f',"outcome":{quoted(value["outcome"])}'
    after = f',"source":{quoted(value["source"])},"target":{quoted(value["target"])}}}'.encode()
    tail = f',"hash":"{its_hash}"{outcome},"prev_hash":"{prev_hash}","seq":{seq}'.encode() + after
    if not line.endswith(tail):
        return GARBAGE
    return Record(seq, its_hash, prev_hash, line[: -len(tail)] + f'{outcome},"seq":'.encode(), after)


def _parse_other(value: dict[str, Any]) -> Line:
    if value.keys() == {"audit", "kind", "server_id"} and all(type(each) is str for each in value.values()):
        return Line("header", value)
    if value.keys() == {"checkpoint"} and type(value["checkpoint"]) is str:
        return Line("checkpoint", value)
    if value.keys() == {"end", "hash"} and type(value["end"]) is int and is_hash(value["hash"]):
        return Line("end", value)
    return GARBAGE


def _refuse(text: str) -> Any:
    raise ValueError(text)


_decoder = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)
