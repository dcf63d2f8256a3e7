"""A change that is sent twice is done once: the rules of the header ``Idempotency-Key``.

Source: draft-ietf-httpapi-idempotency-key-header-07. Rules:

* The key is the client's, 128 random bits or more, and the server keeps nothing of it but its digest.
* With it stand a mark of the request and the asker, and the answer sealed under the key. So a stolen database gives
  neither the secret of a token nor the password that a body held, and yet a client that lost an answer gets it.
* The same key with another request, by another, or after the asker's rights have changed is refused.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import SECOND

STORED_SECONDS = 3600
MOST_STORED = 100_000
"""How many answers are kept at most: the oldest go first."""

NONCE_BYTES = 12

_FORM = re.compile(r'"?([A-Za-z0-9._~+/=:-]{22,128})"?')  # 22 of base64 hold 128 bits


@dataclass(frozen=True, slots=True)
class Key:
    """A key as two: the digest by which a kept answer is found, and the secret under which it is sealed."""

    digest: bytes
    sealing: bytes
    marking: bytes


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What is kept for a key; ``created_at`` is UTC microseconds."""

    key_digest: bytes
    request_mark: bytes
    answer: bytes
    created_at: int


def key(header: str) -> Key:
    """Read a header's value; raise Invalid for what cannot be a key, or can be guessed."""
    match = _FORM.fullmatch(header.strip())
    if match is None:
        raise Invalid(
            "the Idempotency-Key is not one that nobody can guess",
            hint="Send 22 to 128 letters and digits that hold 128 random bits, or leave it out.",
        )
    text = match[1].encode()
    return Key(hashlib.sha256(text).digest(), _derive(text, b"sealing"), _derive(text, b"marking"))


def mark(key: Key, actor: Actor, method: str, address: str, content: bytes) -> bytes:
    """Return what a later request must have in common: what it requests, by whom, with which rights."""
    who = (actor.kind, str(actor.id), actor.token_id or "", *sorted(actor.permissions))
    realms = [f"{realm}={sorted(types)}" for realm, types in sorted(actor.custom_realms.items())]
    narrowed = (repr(actor.policies), repr(actor.scopes), *realms)
    parts = [part.encode() for part in (*who, *narrowed, method, address)]
    return mark_of(key, *parts, content)


def mark_of(key: Key, *parts: bytes) -> bytes:
    """Return what stands for all parts of a request, and for nothing else."""
    whole = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hmac.digest(key.marking, whole, "sha256")


def require_same(stored: StoredAnswer, request_mark: bytes) -> None:
    """Raise Invalid unless a kept answer is the answer to this very request."""
    if not hmac.compare_digest(stored.request_mark, request_mark):
        raise reuse_refusal()


def reuse_refusal() -> Invalid:
    """Make the refusal of a key that stands for another request."""
    return Invalid(
        "this Idempotency-Key was used for another request, or by another",
        hint="Look whether it was done; send a new key with each new request.",
        code="idempotency_key_reused",
    )


def seal(key: Key, answer: bytes, nonce: bytes) -> bytes:
    """Return an answer that only the key opens; ``nonce`` is 12 fresh bytes."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # only for such requests

    return nonce + AESGCM(key.sealing).encrypt(nonce, answer, key.digest)


def unseal(key: Key, sealed: bytes) -> bytes:
    """Return the answer that was sealed under the key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(key.sealing).decrypt(nonce, text, key.digest)


def oldest(now: int) -> int:
    """Return the time before which an answer is no longer stored, in UTC microseconds."""
    return now - STORED_SECONDS * SECOND


def _derive(key: bytes, purpose: bytes) -> bytes:
    """Return a secret for one purpose (HKDF, RFC 5869; the key is random, so a fixed salt will do)."""
    extracted = hmac.digest(b"vshell idempotency key", key, "sha256")
    return hmac.digest(extracted, purpose + b"\x01", "sha256")
