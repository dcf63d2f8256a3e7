"""A new password on its way: checked and hashed before the writer, kept in it.

``prepared`` is slow (an argon2id hash, and one for each old password that it must not equal) and belongs into
a route's ``prepare``; ``keep`` belongs into its handler. A new password ends every sign-in of its manager and
clears their failed ones; API tokens live on.
"""

from dataclasses import dataclass, field

from server_stub.domain.accounts import passwords
from server_stub.domain.accounts.hashing import SALT_BYTES
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base.errors import Conflict
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.operations.password_check import hasher
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store


@dataclass(frozen=True, slots=True)
class NewPassword:
    """The hash to keep, and the hash that it replaces; None for a manager who had no password."""

    hash: str = field(repr=False)
    replaced: str | None = field(repr=False)


def prepared(context: ReadContext, password: str, username: str, manager: Manager | None = None) -> NewPassword:
    """Check a new password, of a manager who is there or is about to be, and hash it.

    Raises Invalid for a weak or an old one, and SlowDown when too many hashes wait.
    """
    settings = setting_store.load(context.tx).passwords
    passwords.require_strength(settings, password, username)
    replaced = None if manager is None else manager.password_hash
    depth = passwords.history_depth(settings)
    if manager is not None and depth:
        old = dict.fromkeys([replaced, *manager_store.old_hashes(context.tx, manager.id, depth)])
        known = [encoded for encoded in old if encoded is not None][:depth]
        passwords.require_unused(settings, any(hasher.verify(encoded, password) for encoded in known))
    return NewPassword(hasher.hash(password, context.server.fresh(SALT_BYTES)), replaced)


def keep(context: WriteContext, manager: Manager, new: NewPassword, temporary: bool) -> int:
    """Give a manager the prepared password and return how many tokens of their sign-ins were revoked.

    Raises Conflict if the password is no longer the one that was looked at.
    """
    if manager.password_hash != new.replaced:
        raise Conflict("the password was changed by somebody else at the same time", "Try again.")
    depth = passwords.history_depth(setting_store.load(context.tx).passwords)
    manager_store.set_password(context.tx, manager.id, new.hash, temporary, depth)
    manager_store.forget_failures(context.tx, manager.username)
    return token_store.revoke_sessions(context.tx, manager.id)
