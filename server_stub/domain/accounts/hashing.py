"""Password hashing: argon2id, with a bound on how much of it runs and waits at the same time.

- Parameters are OWASP's floor for argon2id (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane.
- At most 2 hashes run at once and 6 more wait; the next gets SlowDown. So a flood of sign-ins takes
  two processors and 38 MiB, and not every thread of the server.
- A name that does not exist costs the same as one that does: `verify(None, ...)` hashes all the same.

Tokens never come here: they are looked up by SHA-256 (see `token_format`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server_stub.domain.accounts.managers import normalize_password
from server_stub.domain.base.errors import SlowDown

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
SALT_BYTES = 16
RUNNING, WAITING = 2, 6

# Salt and hash of zeros: no password is known that gives it, and checking one takes the full time.
_DUMMY = f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${'A' * 22}${'A' * 43}"


class Hasher:
    """The one hasher of a process; it guards how many hashes run and wait."""

    def __init__(self, running: int = RUNNING, waiting: int = WAITING) -> None:
        self._argon2 = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, salt_len=SALT_BYTES
        )
        self._running = BoundedSemaphore(running)
        self._admitted = BoundedSemaphore(running + waiting)

    def hash(self, password: str, salt: bytes) -> str:
        """Hash a password with 16 fresh random bytes; raises SlowDown when too many wait."""
        with self._place():
            return self._argon2.hash(_encode(password), salt=salt)

    def verify(self, encoded: str | None, password: str) -> bool:
        """Tell whether a password is the one of a hash; None never is, and takes as long. Raises SlowDown."""
        with self._place():
            try:
                return self._argon2.verify(encoded or _DUMMY, _encode(password)) and encoded is not None
            except (VerificationError, InvalidHashError):
                return False

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._admitted.acquire(blocking=False):
            raise SlowDown("too many people are signing in just now", "Try again in a moment.", retry_after_seconds=1)
        try:
            with self._running:
                yield
        finally:
            self._admitted.release()


def _encode(password: str) -> bytes:
    return normalize_password(password).encode("utf-8", "surrogatepass")
