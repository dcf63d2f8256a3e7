"""Whose a token is: a server proves that it issued one without being shown it.

A shell that has several servers and holds a token of one of them must not show it to all. It sends the token's public
id and a nonce; the server that issued it has its SHA-256 digest, as the shell has, and answers with a salt and

    HMAC-SHA256(key = digest, message = "vshell home\\n" ORIGIN "\\n" TOKEN_ID "\\n" NONCE SALT)

- ORIGIN is the server's own address, as in https://tokens.example.com: a server that passes the question on to the
  one that issued the token gets a proof for that one's address, not for its own.
- For an id that nobody has, the key is drawn at random, and the salt is another one each time: without the token
  nothing is learnt from an answer, not even whether there is such a token.
- A digest of 154 random bits is not found by guessing. That of a string which its maker named may be, so for such a
  token the key is random too.

Source: HMAC (RFC 2104).
"""

import hmac
from hashlib import sha256

from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Invalid
from server_stub.domain.tokens.tokens import Token

TAG = b"vshell home\n"
NONCE_BYTES = SALT_BYTES = KEY_BYTES = 32


def check_nonce(text: str) -> bytes:
    """Return the bytes of a nonce, 64 hexadecimal digits; raises Invalid."""
    try:
        nonce = bytes.fromhex(text)
    except ValueError:
        nonce = b""
    if len(nonce) != NONCE_BYTES or not text.isalnum():
        raise Invalid("the nonce is not 32 bytes", "Send them as 64 hexadecimal digits.")
    return nonce


def key_of(token: Token | None, otherwise: bytes) -> bytes:
    """Return what proves that a token is known here: its digest, or random bytes where nothing may be proved."""
    if token is None or token_format.id_of(token.digest) == token.id:
        return otherwise
    return token.digest


def proof(key: bytes, origin: str, token_id: str, nonce: bytes, salt: bytes) -> bytes:
    """Return the proof for a key, 32 bytes; `origin` is the address of the server that proves."""
    return hmac.new(key, TAG + f"{origin}\n{token_id}\n".encode() + nonce + salt, sha256).digest()
