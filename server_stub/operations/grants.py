"""What a change may give and may not take away, checked against the database of the moment.

- Nobody gives what they lack, counted with every custom realm that the permissions name.
- Built-in managers never lose a right, by whatever change: of their roles, of a role, of a realm. Since they
  are administrators from the first day, an enabled administrator always stays.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from server_stub.domain.accounts import managers, permissions
from server_stub.domain.accounts.permissions import Right
from server_stub.operations.context import ReadContext
from server_stub.store import Reads
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store


def require_grant(context: ReadContext, granted: Iterable[str], attempt: str = "give these permissions") -> None:
    """Raise Forbidden unless the actor holds every right that these permissions give (see ``permissions``)."""
    given = frozenset(granted)
    realms = role_store.custom_realms(context.tx, given | context.actor.permissions)
    permissions.require_grant(replace(context.actor, custom_realms=realms), given, attempt)


def rights_of(tx: Reads, manager_id: int) -> frozenset[Right]:
    """Return every right that a manager holds at this moment."""
    held = role_store.permissions_of(tx, manager_id)
    return permissions.rights_of(held, role_store.custom_realms(tx, held))


@contextmanager
def sparing_built_in(tx: Reads) -> Iterator[None]:
    """Let the block change something, and raise Conflict if a built-in manager lost a right by it."""
    before = {manager.id: rights_of(tx, manager.id) for manager in manager_store.built_in(tx)}
    yield
    for manager in manager_store.built_in(tx):
        managers.require_not_reduced(manager, before[manager.id], rights_of(tx, manager.id))
