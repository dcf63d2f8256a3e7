"""Managers in the database, with their roles, old passwords and failed sign-ins."""

from server_stub.lockouts import Attempts
from server_stub.managers import Manager, find_username
from server_stub.store import Reads, Transaction
from server_stub.store.counters import next_id
from server_stub.store.records import Mapping

_MANAGERS = Mapping(Manager, "managers")
_SELECT = f"SELECT {_MANAGERS.columns} FROM managers"


def find(tx: Reads, manager_id: int) -> Manager | None:
    """Return a manager by id."""
    rows = tx.rows(f"{_SELECT} WHERE id = :id", {"id": manager_id})
    return _MANAGERS.load(rows[0]) if rows else None


def find_by_name(tx: Reads, username: str) -> Manager | None:
    """Return a manager by any spelling of their name."""
    name = find_username(username)
    rows = tx.rows(f"{_SELECT} WHERE username = :username", {"username": name}) if name else []
    return _MANAGERS.load(rows[0]) if rows else None


def insert(tx: Transaction, manager: Manager) -> None:
    """Keep a new manager; raise Duplicate when the name is taken."""
    tx.change(_MANAGERS.insert, _MANAGERS.values(manager))


def new_id(tx: Transaction) -> int:
    """Return the id of the next manager; ids are never used again."""
    return next_id(tx, "managers")


def give_role(tx: Transaction, manager_id: int, role_id: int) -> None:
    """Give a manager a role."""
    tx.change(
        "INSERT INTO manager_roles (manager_id, role_id) VALUES (:manager_id, :role_id) ON CONFLICT DO NOTHING",
        {"manager_id": manager_id, "role_id": role_id},
    )


def note_sign_in(tx: Transaction, manager_id: int) -> None:
    """Note when a manager last signed in."""
    tx.change("UPDATE managers SET last_login_at = :now WHERE id = :id", {"id": manager_id, "now": tx.now})


def attempts(tx: Reads, username: str, source: str) -> Attempts | None:
    """Return the failed sign-ins in a row of one name from one source."""
    rows = tx.rows(
        "SELECT failures, last_failed_at FROM sign_in_attempts WHERE username = :username AND source = :source",
        {"username": username, "source": source},
    )
    return Attempts(*rows[0]) if rows else None


def note_failure(tx: Transaction, username: str, source: str, attempts: Attempts) -> None:
    """Keep the count of failed sign-ins."""
    tx.change(
        "INSERT INTO sign_in_attempts (username, source, failures, last_failed_at) "
        "VALUES (:username, :source, :failures, :last_failed_at) ON CONFLICT (username, source) "
        "DO UPDATE SET failures = excluded.failures, last_failed_at = excluded.last_failed_at",
        {
            "username": username,
            "source": source,
            "failures": attempts.failures,
            "last_failed_at": attempts.last_failed_at,
        },
    )


def forget_failures(tx: Transaction, username: str, source: str | None = None) -> None:
    """Clear the count of failed sign-ins, of one source or of all."""
    tx.change(
        "DELETE FROM sign_in_attempts WHERE username = :username AND (:source = '' OR source = :source)",
        {"username": username, "source": source or ""},
    )
