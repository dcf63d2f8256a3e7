"""The signature by which a terminal revokes a token that was made at it."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.devices import terminals

SECONDS = 1_790_000_000
NOW = SECONDS * SECOND
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


KEY = base64url(PRIVATE.public_key().public_bytes_raw())


def header(token_id: str = "428BFekp", seconds: int = SECONDS, private: Ed25519PrivateKey = PRIVATE) -> str:
    """Return what a terminal sends."""
    signature = private.sign(f"vshell revoke\n{token_id}\n{seconds}".encode())
    return f"t={seconds},s={base64url(signature)}"


def test_its_own_signature_within_five_minutes_is_good() -> None:
    for seconds in (SECONDS - 300, SECONDS, SECONDS + 300):
        assert terminals.has_signed(KEY, header(seconds=seconds), "428BFekp", NOW)
    assert terminals.has_signed(KEY, header() + "==", "428BFekp", NOW), "padding does no harm"


@pytest.mark.parametrize(
    "shown",
    [
        None,
        "",
        "t=,s=",
        header("428BFekq"),
        header(seconds=SECONDS - 301),
        header(seconds=SECONDS + 301),
        header(private=Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)),
        header()[:-1],
        header() + "A",
        header().replace(f"t={SECONDS}", f"t={SECONDS + 1}"),
    ],
)
def test_nothing_else_is(shown: str | None) -> None:
    assert not terminals.has_signed(KEY, shown, "428BFekp", NOW)


def test_a_key_is_32_bytes_and_is_known_by_its_thumbprint() -> None:
    assert terminals.check_key(KEY) == KEY
    assert terminals.check_key(KEY + "=") == KEY
    assert len(terminals.thumbprint(KEY)) == 16
    for text in ("", "?", "AAAA", KEY + "AAAA", "=", "A", "ü" * 43):
        with pytest.raises(Invalid):
            terminals.check_key(text)


def test_the_refusal_says_from_where_it_can_be_done() -> None:
    assert "on build-7" in (terminals.elsewhere("build-7").hint or "")
    assert "delete_security" in (terminals.elsewhere("").hint or "")
