"""Token strings as the server makes and finds them: the id, the secret, and the digest that is stored.

- The id is public. Its first 5 characters count the seconds since 2025-01-01 UTC: ids sort by age and
  inserts stay local (they come round again in 2054, which costs only that); the other 3 are random. Two
  tokens of one second may draw the same id: whoever stores one mints again with fresh bytes when it is taken.
- The secret is 26 random characters (154 bits) and 6 characters of checksum (see ``vshell.formats.text``), so
  a mistyped one costs no look-up.
- A server may lead its tokens with a prefix, a word and an underscore (`vgot_`). It counts in the checksum,
  and a token keeps it when the server's own prefix changes.
- Whoever holds every right may name a token's string instead (HashiCorp Vault, "Auth Backend: Token"): 4 to 256
  printable ASCII characters without a dot, so that the two forms never meet, and none of the words that programs send
  when they have no token. Its id is made from its digest.
- All that is kept is the SHA-256 of the whole string. It needs no salt and no slow hash: 154 bits cannot be
  guessed (OWASP ASVS 5.0, 6.5.2).
"""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest

from server_stub.domain.base.errors import Invalid, quote
from server_stub.domain.base.timestamps import SECOND
from vshell.formats.text import BASE62, ID_LENGTH, base62, checksum, is_token, tokens_in

FRESH_BYTES = 64
"""How many random bytes `mint` needs: it draws 29 characters from them and passes over 3 % of the bytes."""

SHORTEST_NAMED = 4
LONGEST_NAMED = 256

_BIRTH = 1_735_689_600 * SECOND  # 2025-01-01T00:00:00Z
_TIME_LENGTH, _NOISE_LENGTH, _RANDOM_LENGTH = 5, 3, 26

# A byte below 248 = 4 * 62 stands for one character with equal chance; the eight above would favour some.
_DRAW = bytes(ord(BASE62[byte % 62]) for byte in range(256))
_PASSED_OVER = bytes(range(248, 256))

_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]{0,14}_")
_LETTERS = frozenset(BASE62)
_ID = re.compile(r"[0-9A-Za-z]{8}")
_NOTHING = frozenset({"null", "none", "undefined", "true", "false"})
_NAMED = re.compile(r"[!-\-/-~](?:[ -\-/-~]*[!-\-/-~])?")


@dataclass(frozen=True, slots=True)
class Presented:
    """A well-formed token as a caller sent it: the id to look up and the digest to compare."""

    id: str
    digest: bytes = field(repr=False)

    def is_same(self, other: "Presented") -> bool:
        """Tell whether two are one token."""
        return self.id == other.id and same(self.digest, other.digest)


@dataclass(frozen=True, slots=True)
class Minted(Presented):
    """A token just made: its public id, the digest to keep, the whole string (shown once, to its maker)."""

    token: str = field(repr=False)


def mint(now: int, fresh: bytes, prefix: str = "", token_id: str | None = None) -> Minted:
    """Make a token from the time and `FRESH_BYTES` random bytes; raises ValueError if those are too few.

    With `token_id` it is a new secret for a token that has that id already.
    """
    drawn = fresh.translate(_DRAW, _PASSED_OVER).decode("ascii")
    if len(drawn) < _NOISE_LENGTH + _RANDOM_LENGTH:
        raise ValueError("too few random bytes to mint a token from")
    if token_id is None:
        seconds = (now - _BIRTH) // SECOND % 62**_TIME_LENGTH
        token_id = base62(seconds, _TIME_LENGTH) + drawn[:_NOISE_LENGTH]
    body = f"{prefix}{token_id}.{drawn[_NOISE_LENGTH : _NOISE_LENGTH + _RANDOM_LENGTH]}"
    token = body + checksum(body)
    return Minted(token_id, digest(token), token)


def parse(text: str) -> Presented | None:
    """Read a token; None for a bad form or a bad checksum, which no server needs to look up."""
    return Presented(text.rpartition("_")[2][:ID_LENGTH], digest(text)) if is_token(text) else None


def holds_token(text: str) -> bool:
    """Tell whether a text has a whole token of ours anywhere in it, by form and checksum, that ends where it ends."""
    return any(text[end : end + 1] not in _LETTERS for _, end in tokens_in(text))


def parse_any(text: str) -> Presented | None:
    """Read a token of either form, one of ours or one that its maker named; None for what can be neither."""
    return parse(text) if "." in text else parse_named(text)


def parse_named(text: str) -> Presented | None:
    """Return what a string that its maker names is looked up by; None for one that cannot be a token."""
    if not SHORTEST_NAMED <= len(text) <= LONGEST_NAMED or not _NAMED.fullmatch(text) or text.lower() in _NOTHING:
        return None
    token_digest = digest(text)
    return Presented(id_of(token_digest), token_digest)


def id_of(token_digest: bytes) -> str:
    """Return the id of a token that its maker named, from the digest of its string."""
    return base62(int.from_bytes(token_digest) % 62**ID_LENGTH, ID_LENGTH)


def made_at(token_id: str) -> int:
    """Return the second in which a token with a minted id was made, in microseconds."""
    seconds = 0
    for character in token_id[:_TIME_LENGTH]:
        seconds = seconds * 62 + BASE62.index(character)
    return _BIRTH + seconds * SECOND


def digest(text: str) -> bytes:
    """Return the SHA-256 of a whole token string, the only thing that is kept of it."""
    return sha256(text.encode()).digest()


def same(one: bytes, other: bytes) -> bool:
    """Compare two digests in a time that tells nothing about where they differ."""
    return compare_digest(one, other)


def is_id(text: str) -> bool:
    """Tell whether a text has the form of a token's id."""
    return _ID.fullmatch(text) is not None


def check_prefix(prefix: str) -> str:
    """Return the prefix a server leads its tokens with, which may be empty; raises Invalid."""
    if prefix and _PREFIX.fullmatch(prefix) is None:
        raise Invalid(
            f"{quote(prefix)} cannot lead a token",
            "Use up to 15 letters and digits, a letter first, and an underscore at the end, as in vgot_.",
        )
    return prefix
