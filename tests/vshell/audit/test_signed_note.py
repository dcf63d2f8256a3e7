"""Signed notes: read strictly, believed only with a key that was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.audit import checkpoints
from server_stub.domain.audit.checkpoints import Signer
from tests import chains
from vshell.audit import signed_note

TEXT = checkpoints.statement(chains.SERVER_ID, 7, "ab" * 32, chains.BEGIN, "cd" * 32)
NOTE = chains.SIGNER.sign(TEXT)
KEYS = signed_note.parse_keys([chains.SIGNER.verifier])


def test_a_note_of_the_server() -> None:
    found = signed_note.parse_checkpoint(NOTE)
    assert found is not None
    assert (found.server_id, found.size, found.hash, found.previous) == (chains.SERVER_ID, 7, "ab" * 32, "cd" * 32)
    assert found.link == checkpoints.Checkpoint(1, 7, 0, NOTE).link
    assert signed_note.is_signed(found, KEYS)
    assert not signed_note.is_signed(found, [])


def test_one_of_several_signatures_is_enough() -> None:
    other = Signer(chains.SERVER_ID, bytes(32))
    found = signed_note.parse_checkpoint(NOTE + other.sign(TEXT).removeprefix(TEXT + "\n"))
    assert found is not None
    for signer in (chains.SIGNER, other):
        assert signed_note.is_signed(found, signed_note.parse_keys([signer.verifier]))
    assert not signed_note.is_signed(
        found, signed_note.parse_keys([Signer(chains.SERVER_ID, bytes([1] * 32)).verifier])
    )


@pytest.mark.parametrize(
    "change", [("\n7\n", "\n8\n"), ("at 2", "at 1"), ("cd", "ce"), ("\n\n", "\n"), ("\u2014", "-")]
)
def test_a_changed_note_is_none_or_not_signed(change: tuple[str, str]) -> None:
    found = signed_note.parse_checkpoint(NOTE.replace(*change, 1))
    assert found is None or not signed_note.is_signed(found, KEYS)


@given(st.text(max_size=200), st.integers(0, len(NOTE)), st.integers(0, 80))
def test_any_text_is_read_without_failing(text: str, at: int, replaced: int) -> None:
    changed = NOTE[:at] + text + NOTE[at + replaced :]
    found = signed_note.parse_checkpoint(changed)
    assert found is None or found.text.decode("utf-8", "replace") == TEXT or not signed_note.is_signed(found, KEYS)


def test_keys_are_read_from_lines() -> None:
    assert signed_note.parse_keys(["# the key", "", f" {chains.SIGNER.verifier}\n"]) == KEYS


@pytest.mark.parametrize(
    "line",
    [
        "x",
        "a+b",
        "a+00000000+AAAA",
        chains.SIGNER.verifier[:-4],
        chains.SIGNER.verifier.replace("+", "+0", 1),
        "\ud800+1+",
    ],
)
def test_what_is_no_key_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not a public key"):
        signed_note.parse_keys([line])
