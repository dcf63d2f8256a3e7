"""A proof of whose a token is: by its digest, and noise for whoever does not have that."""

from __future__ import annotations

import hmac
import os
from dataclasses import replace
from hashlib import sha256

import pytest

from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Invalid
from server_stub.domain.tokens import home_proof
from tests.server_stub.domain.tokens.test_tokens import TOKEN

MINTED = token_format.mint(0, bytes(range(256)) * 2)
ORIGIN = "https://tokens.example.com"
NAMED = "correct horse battery".replace(" ", "-")


def test_the_proof_is_the_hmac_that_is_written_down() -> None:
    nonce, salt = os.urandom(32), os.urandom(32)
    digest = sha256(MINTED.token.encode()).digest()
    known = replace(TOKEN, id=MINTED.id, digest=digest)
    proof = home_proof.proof(home_proof.key_of(known, b"noise"), ORIGIN, MINTED.id, nonce, salt)
    assert proof == hmac.digest(digest, f"vshell home\n{ORIGIN}\n{MINTED.id}\n".encode() + nonce + salt, "sha256")
    assert home_proof.key_of(None, b"noise") == b"noise"


def test_nothing_is_proved_of_a_string_that_its_maker_named() -> None:
    presented = token_format.parse_named(NAMED)
    assert presented
    token = replace(TOKEN, id=presented.id, digest=presented.digest)
    assert home_proof.key_of(token, b"noise") == b"noise", "else who sees its id could guess it at home"


@pytest.mark.parametrize("text", ["", "ab", "g" * 64, "a" * 63, "a" * 66, " ".join(["ab"] * 32)])
def test_what_is_no_nonce(text: str) -> None:
    with pytest.raises(Invalid, match="32 bytes"):
        home_proof.check_nonce(text)
    assert home_proof.check_nonce("aB" * 32) == b"\xab" * 32
