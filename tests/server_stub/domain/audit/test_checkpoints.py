"""Checkpoints: when one is due, what is signed, and that anybody with the public key can check it."""

import base64
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server_stub.domain.audit import checkpoints
from server_stub.domain.audit.checkpoints import Checkpoint, Signer
from server_stub.domain.base.timestamps import MINUTE
from tests import chains

NOW = 1_795_298_400_000_001


SIGNER = Signer("00c0ffee00c0ffee", bytes(32))


def at(size: int, ago: int = 0) -> Checkpoint:
    """Return a checkpoint of some time ago."""
    return Checkpoint(1, size, NOW - ago, "")


@pytest.mark.parametrize(
    ("last", "head", "closing", "sizes"),
    [
        (None, 0, False, []),
        (None, 1, False, [1]),
        (None, 2_001, False, [1_000, 2_000, 2_001]),
        (at(1), 1, False, []),
        (at(1, MINUTE - 1), 999, False, []),
        (at(1), 1_000, False, [1_000]),
        (at(1_000), 1_999, False, []),
        (at(1_000), 3_500, False, [2_000, 3_000]),
        (at(1_000), 3_500, True, [2_000, 3_000, 3_500]),
        (at(5, MINUTE), 5, False, [5]),
        (at(5, MINUTE), 9, False, [9]),
        (at(5, -MINUTE), 9, False, [9]),
        (at(5), 5, True, [5]),
        (at(9, MINUTE), 5, True, []),
    ],
)
def test_when_one_is_due(last: Checkpoint | None, head: int, closing: bool, sizes: list[int]) -> None:
    assert checkpoints.due(last, head, NOW, closing) == sizes


def test_a_long_chain_is_caught_up_with_in_turns() -> None:
    sizes = checkpoints.due(None, 1_000_000, NOW)
    assert (sizes[0], sizes[-1], len(sizes)) == (1_000, 100_000, checkpoints.MOST_AT_ONCE)


def test_the_note_is_signed_as_c2sp_says() -> None:
    text = checkpoints.statement(SIGNER.server_id, 7, "ab" * 32, NOW, "cd" * 32)
    note = SIGNER.sign(text)
    assert checkpoints.text_of(note) == text
    assert checkpoints.parse_note(note) == ("vshell-audit/00c0ffee00c0ffee", 7, "ab" * 32)
    dash, name, signature = note.removeprefix(text + "\n").rstrip("\n").split(" ")
    key_name, key_id, key = SIGNER.verifier.split("+")
    assert (dash, name, key_name) == ("\u2014", SIGNER.name, SIGNER.name)
    public = base64.b64decode(key)
    assert key_id == sha256(name.encode() + b"\n" + public).digest()[:4].hex()
    signed = base64.b64decode(signature)
    assert (public[:1], signed[:4].hex()) == (b"\x01", key_id)
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(signed[4:], text.encode())
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(public[1:]).verify(signed[4:], text.replace("7", "8").encode())


def test_the_secret_is_not_shown() -> None:
    assert "secret" not in repr(SIGNER)


def test_exports_are_written_as_the_shared_vectors_say() -> None:
    assert chains.VECTORS.read_text(encoding="utf-8").split("\n") == [*chains.vectors(), ""]
    assert chains.KEY.read_text().strip() == chains.SIGNER.verifier


def test_checkpoints_stand_behind_their_records() -> None:
    records = [(number, f"r{number}") for number in (4, 5, 6)]
    signed = [Checkpoint(number, size, 0, f"c{size}") for number, size in enumerate((3, 4, 4, 6))]
    c3, c4, c6 = (checkpoints.checkpoint(f"c{size}") for size in (3, 4, 6))
    assert checkpoints.merge_lines(records, signed) == [c3, "r4", c4, c4, "r5", "r6", c6]
    assert checkpoints.merge_lines([], signed[:1]) == [c3]
    assert checkpoints.merge_lines(records, []) == ["r4", "r5", "r6"]


def test_the_frame() -> None:
    assert checkpoints.header("ab", "copy") == '{"audit": "vshell audit 1", "kind": "copy", "server_id": "ab"}'
    assert checkpoints.end(7, "ff") == '{"end": 7, "hash": "ff"}'
