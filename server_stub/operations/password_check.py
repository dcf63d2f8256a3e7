"""Passwords at the door: the wait after wrong ones, the check, the count of failures.

One name from one source is checked by one thread at a time, so that a burst of guesses does not pass
before the first of them is counted; a right password that many clients send at once is not held against them.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from server_stub.domain.accounts import lockouts, passwords
from server_stub.domain.accounts.hashing import Hasher
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base import addresses
from server_stub.domain.base.errors import Refusal, SlowDown
from server_stub.operations.credentials import wrong
from server_stub.store import Reads
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.store.database import Database
from server_stub.store.engine import blocking

LOCKS = 64

hasher = Hasher()
_locks = [threading.Lock() for _ in range(LOCKS)]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A manager whose password was right, the state of that password, and its hash made anew where that is due."""

    manager: Manager
    state: passwords.State
    renewed_hash: str | None = field(default=None, repr=False)


def check_password(database: Database, username: str, password: str, source: str) -> SignedIn:
    """Return the manager of a right password; raise Unauthenticated or SlowDown.

    An unknown name, a disabled manager and one without a password take the same time and get the same answer.
    """
    blocking.about_to_block()
    name, network = lockouts.counted_name(username), addresses.network(source)
    with _locks[hash((name, network)) % LOCKS]:
        manager, settings, attempts, kept = database.read(_facts(username, name, network))
        usable = manager is not None and manager.enabled
        try:
            lockouts.require_open(attempts, settings.passwords, database.clock())
        except SlowDown as refusal:
            raise _of(manager, refusal) from None
        if not hasher.verify(manager.password_hash if manager and usable else None, password) or manager is None:
            failed = lockouts.add_failure(attempts, database.clock())
            database.write(lambda tx: manager_store.note_failure(tx, kept, network, failed), unaudited=True)
            raise _of(manager, wrong())
        if attempts is not None:
            database.write(lambda tx: manager_store.forget_failures(tx, kept, network), unaudited=True)
    return SignedIn(manager, passwords.state(settings.passwords, manager, database.clock()))


def renew_hash(signed_in: SignedIn, password: str, salt: bytes) -> SignedIn:
    """Hash a right password anew if its hash was made with other parameters; where too many wait, another time."""
    stored = signed_in.manager.password_hash
    if stored is not None and hasher.is_outdated(stored):
        with suppress(SlowDown):
            return replace(signed_in, renewed_hash=hasher.hash(password, salt))
    return signed_in


def _of(manager: Manager | None, refusal: Refusal) -> Refusal:
    """Say of a refusal whose password was tried; what is no manager's name may be a password itself."""
    refusal.account = manager.username if manager else None
    return refusal


def _facts(
    username: str, name: str, network: str
) -> Callable[[Reads], tuple[Manager | None, setting_store.Settings, lockouts.Attempts | None, str]]:
    def look(tx: Reads) -> tuple[Manager | None, setting_store.Settings, lockouts.Attempts | None, str]:
        found = manager_store.find_by_name(tx, username)
        kept = lockouts.stored_name(name, found is not None)
        return found, setting_store.load(tx), manager_store.attempts(tx, kept, network), kept

    return look
