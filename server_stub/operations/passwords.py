"""Passwords: the check of one that is shown, and a new one on its way.

One name from one source is checked by one thread at a time, so that a burst of guesses does not pass before the first
of them is counted; a right password that many clients send at once is not held against them.

``check_password`` and ``prepare_password`` are slow (an argon2id hash, and one for each old password that a new one
must not equal) and belong into a route's ``prepare``; ``set_password`` belongs into its handler. A new password ends
every sign-in of its manager and clears their failed ones; API tokens live on.
"""

import threading
from dataclasses import dataclass, field

from server_stub.domain.accounts import lockouts, managers
from server_stub.domain.accounts.hashing import SALT_BYTES, Hasher
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base import addresses
from server_stub.domain.base.errors import Conflict, SlowDown
from server_stub.operations.context import ReadContext, SignedIn, WriteContext, wrong_credential
from server_stub.store import Reads
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.store.database import Database, about_to_block

LOCKS = 64

hasher = Hasher()
_locks = [threading.Lock() for _ in range(LOCKS)]


def check_password(database: Database, username: str, password: str, source: str) -> SignedIn:
    """Return the manager of a right password; raise Unauthenticated or SlowDown.

    An unknown name, a disabled manager and one without a password take the same time and get the same answer. A
    refusal says whose password was tried; what is no manager's name may be a password itself.
    """
    about_to_block()
    name, network = lockouts.counted_name(username), addresses.network(source)
    with _locks[hash((name, network)) % LOCKS]:
        tx = database.reader()
        manager = manager_store.find_by_name(tx, username)
        stored = lockouts.stored_name(name, manager is not None)
        settings, attempts = setting_store.load(tx), manager_store.attempts(tx, stored, network)
        usable = manager is not None and manager.enabled
        account = manager.username if manager else None
        try:
            lockouts.require_open(attempts, settings.passwords, database.clock())
        except SlowDown as refusal:
            refusal.account = account
            raise
        if not hasher.verify(manager.password_hash if manager and usable else None, password) or manager is None:
            failed = lockouts.add_failure(attempts, database.clock())
            database.write(lambda tx: manager_store.note_failure(tx, stored, network, failed), unaudited=True)
            refused = wrong_credential()
            refused.account = account
            raise refused
        if attempts is not None:
            database.write(lambda tx: manager_store.clear_failures(tx, stored, network), unaudited=True)
    return SignedIn(manager, managers.password_state(settings.passwords, manager, database.clock()))


def confirm_manager(tx: Reads, checked: SignedIn) -> Manager:
    """Return the manager whose password was checked, if it still is theirs; raise Unauthenticated."""
    manager = manager_store.find(tx, checked.manager.id)
    if manager is None or not manager.enabled or manager.password_hash != checked.manager.password_hash:
        raise wrong_credential()
    return manager


@dataclass(frozen=True, slots=True)
class NewPassword:
    """The hash to keep, and the hash that it replaces; None for a manager who had no password."""

    hash: str = field(repr=False)
    replaced: str | None = field(repr=False)


def prepare_password(context: ReadContext, password: str, username: str, manager: Manager | None = None) -> NewPassword:
    """Check a new password, of a manager who is there or is about to be, and hash it.

    Raises Invalid for a weak or an old one, and SlowDown when too many hashes wait.
    """
    settings = setting_store.load(context.tx).passwords
    managers.require_strong_password(settings, password, username)
    replaced = None if manager is None else manager.password_hash
    depth = managers.history_depth(settings)
    if manager is not None and depth:
        old = dict.fromkeys([replaced, *manager_store.old_hashes(context.tx, manager.id, depth)])
        known = [encoded for encoded in old if encoded is not None][:depth]
        managers.require_unused_password(settings, any(hasher.verify(encoded, password) for encoded in known))
    return NewPassword(hasher.hash(password, context.server.fresh(SALT_BYTES)), replaced)


def set_password(context: WriteContext, manager: Manager, new: NewPassword, temporary: bool) -> int:
    """Give a manager the prepared password and return how many tokens of their sign-ins were revoked.

    Raises Conflict if the password is no longer the one that was looked at.
    """
    if manager.password_hash != new.replaced:
        raise Conflict("the password was changed by somebody else at the same time", "Try again.")
    depth = managers.history_depth(setting_store.load(context.tx).passwords)
    manager_store.set_password(context.tx, manager.id, new.hash, temporary, depth)
    manager_store.clear_failures(context.tx, manager.username)
    return token_store.revoke_sessions(context.tx, manager.id)
