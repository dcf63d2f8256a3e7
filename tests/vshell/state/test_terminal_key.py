"""What a terminal is known by: one key pair, in the keyring or a 0600 file, and signatures that the server takes."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import keyring
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.vshell.keyring_backends import Memory
from vshell.errors import NotAllowed
from vshell.state import keyring_store, paths, terminal_key


def no_keyring(*_: object) -> None:
    raise keyring_store.NoKeyringError("none is running")


def verify(public: str, shown: str, token_id: str, seconds: int) -> None:
    """Check a header as the server does; raises InvalidSignature."""
    moment, signature = (part.split("=", 1)[1] for part in shown.split(","))
    assert moment == str(seconds)
    decode = base64.urlsafe_b64decode
    message = f"vshell revoke\n{token_id}\n{seconds}".encode()
    Ed25519PublicKey.from_public_bytes(decode(public + "=")).verify(decode(signature + "=="), message)


def test_a_terminal_without_a_key_signs_nothing(home: Path) -> None:
    assert terminal_key.signature("L7k8ljIC", 1, os.environ) == {}


def test_the_key_is_made_once_and_signs_for_one_token_at_one_time(memory_keyring: None) -> None:
    public = terminal_key.public_key(os.environ)
    assert terminal_key.public_key(os.environ) == public
    shown = terminal_key.signature("L7k8ljIC", 1_700_000_000, os.environ)[terminal_key.HEADER]
    verify(public, shown, "L7k8ljIC", 1_700_000_000)
    with pytest.raises(InvalidSignature):
        verify(public, shown, "OTHER678", 1_700_000_000)
    assert Memory.kept
    assert not (paths.state_directory() / "terminal.key").exists()


def test_without_a_keyring_it_is_a_file_that_only_its_owner_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_store, "write", no_keyring)
    public = terminal_key.public_key(os.environ)
    path = paths.state_directory() / "terminal.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert terminal_key.public_key(os.environ) == public
    path.chmod(0o644)
    with pytest.raises(NotAllowed, match="key is not used"):
        terminal_key.signature("L7k8ljIC", 1, os.environ)


def test_a_key_out_of_reach_is_told_and_no_other_made(memory_keyring: None, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal_key.public_key(os.environ)
    monkeypatch.setattr(keyring_store, "read", no_keyring)
    with pytest.raises(NotAllowed, match="cannot be used: none is running"):
        terminal_key.public_key(os.environ)


def test_a_key_that_is_gone_or_damaged_is_replaced(memory_keyring: None) -> None:
    public = terminal_key.public_key(os.environ)
    keyring.set_password(terminal_key.SERVICE, terminal_key.USERNAME, "xx")
    assert terminal_key.signature("L7k8ljIC", 1, os.environ) == {}
    assert terminal_key.public_key(os.environ) != public
