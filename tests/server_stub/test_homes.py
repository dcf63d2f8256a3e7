"""A proof of whose a token is: by its digest, and noise for whoever does not have that."""

from __future__ import annotations

import hmac
import os
from dataclasses import replace
from hashlib import sha256

import pytest

from server_stub import homes, secrets
from server_stub.errors import Invalid
from tests.server_stub.test_tokens import TOKEN

MINTED = secrets.mint(0, bytes(range(256)) * 2)
ORIGIN = "https://tokens.example.com"
NAMED = "correct horse battery".replace(" ", "-")


def test_the_proof_is_the_hmac_that_is_written_down() -> None:
    nonce, salt = os.urandom(32), os.urandom(32)
    digest = sha256(MINTED.token.encode()).digest()
    known = replace(TOKEN, id=MINTED.id, digest=digest)
    proof = homes.proof(homes.key_of(known, b"noise"), ORIGIN, MINTED.id, nonce, salt)
    assert proof == hmac.digest(digest, f"vshell home\n{ORIGIN}\n{MINTED.id}\n".encode() + nonce + salt, "sha256")
    assert homes.key_of(None, b"noise") == b"noise"


def test_nothing_is_proved_of_a_string_that_its_maker_named() -> None:
    presented = secrets.named(NAMED)
    assert presented
    token = replace(TOKEN, id=presented.id, digest=presented.digest)
    assert homes.key_of(token, b"noise") == b"noise", "else who sees its id could guess it at home"


@pytest.mark.parametrize("text", ["", "ab", "g" * 64, "a" * 63, "a" * 66, " ".join(["ab"] * 32)])
def test_what_is_no_nonce(text: str) -> None:
    with pytest.raises(Invalid, match="32 bytes"):
        homes.check_nonce(text)
    assert homes.check_nonce("aB" * 32) == b"\xab" * 32
