"""The same terminal: a token made by the device flow is revoked from where it was made.

Source: Zoho Catalyst, "Working with Tokens": "you will be able to revoke that token from the same terminal only".

A terminal has a key pair of its own and shows the public half, 32 bytes of Ed25519 as base64url, when it asks for a
token. It counts where the terminal was signed in then as the one who approves (see ``device_flow``). To revoke, it
signs: the header ``X-Vshell-Terminal: t=SECONDS,s=SIGNATURE`` holds the time as Unix seconds and the
signature, base64url, of these bytes:

    vshell revoke
    TOKEN_ID
    SECONDS

The time must be within 5 minutes of the server's. Whoever has delete_security revokes from anywhere, and the audit
record says so; so does whoever shows the token itself, for they could use it. A token without a key is revoked as any.
A rotation ends a secret too, so it takes the same.
"""

import base64
import binascii
import re
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server_stub.domain.base.errors import Forbidden, Invalid
from server_stub.domain.base.timestamps import MINUTE, SECOND

HEADER = "X-Vshell-Terminal"
KEY_BYTES = 32
SKEW = 5 * MINUTE
_SHOWN = re.compile(r"t=([0-9]{1,12}),\s*s=([A-Za-z0-9_-]{86})={0,2}")


def check_key(text: str) -> str:
    """Return a terminal's public key in its one form, base64url without padding; raises Invalid."""
    try:
        key = _bytes(text)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise Invalid("terminal_key is no Ed25519 public key", "Send its 32 bytes as base64url.")
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()


def thumbprint(key: str) -> str:
    """Return what a terminal is known by: the first 16 hex digits of the SHA-256 of its key."""
    return sha256(_bytes(key)).hexdigest()[:16]


def message(token_id: str, seconds: int) -> bytes:
    """Return what a terminal signs to revoke a token."""
    return f"vshell revoke\n{token_id}\n{seconds}".encode()


def has_signed(key: str, shown: str | None, token_id: str, now: int) -> bool:
    """Tell whether the header of a request is the terminal's signature for this token, at about `now`."""
    match = _SHOWN.fullmatch(shown or "")
    if match is None or abs(int(match[1]) * SECOND - now) > SKEW:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(_bytes(key)).verify(_bytes(match[2]), message(token_id, int(match[1])))
    except InvalidSignature:
        return False
    return True


def elsewhere(host: str) -> Forbidden:
    """Make the refusal of a revocation from another terminal; `host` is what the right one said that it is."""
    where = f"on {host}" if host else "at the terminal that it was made at"
    return Forbidden(
        "this token was made at another terminal and is revoked from there",
        f"Run token:revoke {where}, or ask somebody who has delete_security.",
        "other_terminal",
    )


def _bytes(text: str) -> bytes:
    if not re.fullmatch(r"[A-Za-z0-9_-]+={0,2}", text):
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
