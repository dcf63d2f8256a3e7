"""The audit record, and how each is chained to the one before.

The format is final; these lines are all that it takes to check a chain without this program.

- A record has the fields seq, at, actor, auth_method, source, action, target, outcome, detail, prev_hash and
  hash. seq counts from 1 without a gap. prev_hash is the hash of the record before, first of all the genesis.
- genesis = SHA-256("vshell audit genesis 1\\n" + server id): no record of one server fits another's chain.
- hash = SHA-256("vshell audit record 1\\n" + prev_hash + "\\n" + body), where both hashes are written as 64
  lower-case hex digits and body is the canonical JSON (RFC 8785, in UTF-8) of all fields but these two.
- at is RFC 3339 in UTC with six decimals there; inside the program it is an int like every time.
- actor is a username, `local-admin`, or empty when nobody signed in.
- detail is a JSON object of null, booleans, whole numbers, texts, lists and objects. Floats are refused: the
  same number may be written differently elsewhere. That no detail holds a secret is its writer's duty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from json import JSONDecodeError, loads
from json.encoder import encode_basestring
from typing import Literal

from server_stub.domain.base.timestamps import rfc3339

Value = None | bool | int | str | Sequence["Value"] | Mapping[str, "Value"]
Outcome = Literal["done", "refused"]

RECORD_TAG = b"vshell audit record 1\n"
GENESIS_TAG = b"vshell audit genesis 1\n"
DEEPEST = 16
LARGEST_NUMBER = 2**53 - 1  # RFC 7493, section 2.2: whole numbers that every JSON reader keeps exactly


@dataclass(frozen=True, slots=True)
class Draft:
    """What was done, or refused, to the object that was really meant; `at` is UTC in microseconds.

    Making one raises ValueError for what canonical JSON cannot hold: so a bad draft fails where it is written
    and never spoils the group of changes whose records are chained together.
    """

    at: int
    actor: str
    auth_method: str
    source: str
    action: str
    target: str
    outcome: Outcome = "done"
    detail: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        detail = _write(self.detail, 0)
        _encode(detail + self.actor + self.auth_method + self.source + self.action + self.target)


@dataclass(frozen=True, slots=True)
class Record:
    """A draft in its place in the chain; `at` is UTC in microseconds, both hashes are 64 hex digits."""

    seq: int
    at: int
    actor: str
    auth_method: str
    source: str
    action: str
    target: str
    outcome: Outcome
    detail: Mapping[str, Value]
    prev_hash: str
    hash: str


def genesis(server_id: str) -> str:
    """Return the hash that stands before the first record of a server."""
    return sha256(GENESIS_TAG + server_id.encode()).hexdigest()


def chain(previous_hash: str, draft: Draft, seq: int, detail: str | None = None) -> Record:
    """Give a draft its place after the record with this hash; `detail` is its `detail_text`, where that is known."""
    body = _encode(_object(draft, seq, detail_text(draft.detail) if detail is None else detail))
    record_hash = sha256(RECORD_TAG + previous_hash.encode() + b"\n" + body).hexdigest()
    fields = {name: getattr(draft, name) for name in Draft.__slots__}
    return Record(seq=seq, **fields, prev_hash=previous_hash, hash=record_hash)


def line(record: Record, detail: str) -> str:
    """Write a whole record, whose detail is given as it is kept, as one line of canonical JSON.

    So it is exported; without `hash` and `prev_hash` it is the very body that is hashed.
    """
    return _object(record, record.seq, detail, f',"hash":"{record.hash}"', f',"prev_hash":"{record.prev_hash}"')


def detail_text(detail: Mapping[str, Value]) -> str:
    """Write a detail as canonical JSON, the text to keep in a column; raises ValueError."""
    return _write(detail, 0)


def read_detail(text: str) -> dict[str, Value]:
    """Read a kept detail; raises ValueError unless the text is exactly what `detail_text` writes."""
    try:
        value = loads(text)
    except (JSONDecodeError, RecursionError):
        raise ValueError("the detail is not JSON") from None
    if not isinstance(value, dict) or _write(value, 0) != text:
        raise ValueError("the detail is not a canonical JSON object")
    return value


def canonical(value: Value) -> bytes:
    """Write a value as canonical JSON (RFC 8785).

    Raises ValueError for floats, numbers beyond 2**53 - 1, halves of surrogate pairs, more than 16 levels
    of nesting, and types that JSON has not.
    """
    return _encode(_write(value, 0))


def _object(content: Draft | Record, seq: int, detail: str, its_hash: str = "", previous_hash: str = "") -> str:
    # The keys stand in canonical order, so that the object is written without being built.
    return (
        f'{{"action":{encode_basestring(content.action)}'
        f',"actor":{encode_basestring(content.actor)}'
        f',"at":"{rfc3339(content.at)}"'
        f',"auth_method":{encode_basestring(content.auth_method)}'
        f',"detail":{detail}'
        f"{its_hash}"
        f',"outcome":{encode_basestring(content.outcome)}'
        f"{previous_hash}"
        f',"seq":{_write(seq, 0)}'
        f',"source":{encode_basestring(content.source)}'
        f',"target":{encode_basestring(content.target)}}}'
    )


def _encode(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text holds half of a surrogate pair") from None


def _write(value: Value, depth: int) -> str:
    # Python's own writer of strings escapes exactly what RFC 8785, section 3.2.2.2, has escaped.
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
            raise ValueError("a number is too large for JSON to hold exactly")
        return str(int(value))
    if depth == DEEPEST:
        raise ValueError(f"a value is nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        written = [f"{encode_basestring(key)}:{_write(value[key], depth + 1)}" for key in _sort_keys(value)]
        return "{" + ",".join(written) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([_write(item, depth + 1) for item in value]) + "]"
    raise ValueError(f"a {type(value).__name__} has no place in canonical JSON")


def _sort_keys(keys: Mapping[str, Value]) -> list[str]:
    try:
        together = "".join(keys)
    except TypeError:
        raise ValueError("the keys of a JSON object are texts") from None
    if together.isascii():
        return sorted(keys)
    # RFC 8785 sorts by UTF-16 code units, which beyond U+FFFF is not the order of code points.
    return sorted(keys, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
