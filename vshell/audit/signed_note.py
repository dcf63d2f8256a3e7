"""Signed checkpoints and the keys that sign them (c2sp.org/signed-note, tlog-checkpoint).

``cryptography`` is imported when the first signature is checked: nothing else of the shell needs it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_ED25519 = b"\x01"
_NOTE = re.compile(
    r"(?P<text>vshell-audit/(?P<server_id>[^\n]*)\n(?P<size>[1-9][0-9]{0,18})\n(?P<hash>[A-Za-z0-9+/]{43}=)\n"
    r"at (?P<at>[^\n]*)\nprevious (?P<previous>[0-9a-f]{64})\n)\n(?:\u2014 [^ \n]+ [A-Za-z0-9+/]+=*\n)+"
)
_SIGNATURE = re.compile(r"\u2014 ([^ \n]+) ([A-Za-z0-9+/]+=*)\n")


class Key(NamedTuple):
    """A public key: NAME+ID+KEY in one line."""

    name: str
    key_id: bytes
    public: bytes


class Checkpoint(NamedTuple):
    """What a checkpoint says: the hash (hex) of record ``size`` and when; ``link`` is how the next one names it."""

    server_id: str
    size: int
    hash: str
    at: str
    previous: str
    link: str
    text: bytes
    signatures: tuple[tuple[str, bytes], ...]


def parse_keys(lines: Iterable[str]) -> list[Key]:
    """Read public keys, one a line, blank lines and ``#`` remarks passed over; raises ValueError for another."""
    return [_parse_key(line.strip()) for line in lines if line.strip() and not line.startswith("#")]


def _parse_key(line: str) -> Key:
    name, key_id, encoded = (*line.split("+", 2), "", "")[:3]
    try:
        content = base64.b64decode(encoded, validate=True)
        given = bytes.fromhex(key_id)
    except ValueError:
        content = given = b""
    right = sha256(name.encode("utf-8", "replace") + b"\n" + content).digest()[:4]
    if not name or content[:1] != _ED25519 or len(content) != 33 or given != right:
        raise ValueError("This is not a public key of an audit chain, which is one line: NAME+ID+KEY.")
    return Key(name, given, content[1:])


def parse_checkpoint(note: str) -> Checkpoint | None:
    """Read a signed note, without checking who signed it; None when it is no checkpoint."""
    match = _NOTE.fullmatch(note)
    if match is None:
        return None
    text = match["text"].encode("utf-8", "replace")
    try:
        its_hash = _decode(match["hash"]).hex()
        found = tuple((name, _decode(each)) for name, each in _SIGNATURE.findall(note))
    except ValueError:
        return None
    return Checkpoint(
        match["server_id"],
        int(match["size"]),
        its_hash,
        match["at"],
        match["previous"],
        sha256(text).hexdigest(),
        text,
        found,
    )


def _decode(text: str) -> bytes:
    """Read base64 that is spelled in the one right way; raises ValueError."""
    content = base64.b64decode(text, validate=True)
    if base64.b64encode(content).decode() != text:
        raise ValueError("not the only spelling")
    return content


def is_signed(checkpoint: Checkpoint, keys: Sequence[Key]) -> bool:
    """Tell whether one of the keys signed a checkpoint; signatures of other keys count for nothing."""
    return any(
        (key.name, key.key_id) == (name, signature[:4]) and _verifies(key.public, signature[4:], checkpoint.text)
        for name, signature in checkpoint.signatures
        for key in keys
    )


def _verifies(public: bytes, signature: bytes, text: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        _load_key(public).verify(signature, text)
    except InvalidSignature:
        return False
    return True


@cache
def _load_key(public: bytes) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(public)
