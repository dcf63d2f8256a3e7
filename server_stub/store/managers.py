"""Managers in the database: their roles, the hashes of their passwords, their failed sign-ins."""

from collections.abc import Iterable
from dataclasses import asdict

from server_stub.domain.accounts.lockouts import CLEARED_AFTER, Attempts
from server_stub.domain.accounts.managers import Manager, find_username
from server_stub.store import Reads, Transaction
from server_stub.store.engine.row_mapping import Mapping, beyond
from server_stub.store.named_rows import next_id

_MANAGERS = Mapping(Manager, "managers")


def find(tx: Reads, manager_id: int) -> Manager | None:
    """Return a manager by id."""
    return _MANAGERS.find(tx, "id = :id", {"id": manager_id})


def find_by_name(tx: Reads, username: str) -> Manager | None:
    """Return a manager by any spelling of their name."""
    name = find_username(username)
    return _MANAGERS.find(tx, "username = :username", {"username": name}) if name else None


def count(tx: Reads, manager_id: int | None = None) -> int:
    """Count all managers, or the one with this id."""
    return _MANAGERS.count(tx, *_where(manager_id, 0))


def page(tx: Reads, manager_id: int | None, size: int, after: int = 0, skip: int = 0) -> list[Manager]:
    """Return up to ``size`` managers (only the one with this id, unless it is None) behind the id ``after``."""
    where, values = _where(manager_id, after)
    order = "ORDER BY id LIMIT :size OFFSET :skip"
    return _MANAGERS.find_all(tx, f"{where} {order}", {**values, "size": size, "skip": skip})


def named_so(tx: Reads, manager_id: int | None, prefix: str, size: int, after: str = "") -> list[Manager]:
    """Return up to ``size`` managers whose names begin with ``prefix``, in the order of the names behind ``after``.

    With a ``manager_id`` only that one counts.
    """
    where, values = _where(manager_id, 0)
    return _MANAGERS.find_all(
        tx,
        f"{where} AND username > :name AND username >= :prefix AND username < :beyond ORDER BY username LIMIT :size",
        {**values, "name": after, "prefix": prefix.lower(), "beyond": beyond(prefix.lower()), "size": size},
    )


def _where(manager_id: int | None, after: int) -> tuple[str, dict[str, object]]:
    if manager_id is None:
        return "id > :after", {"after": after}
    return "id > :after AND id = :id", {"after": after, "id": manager_id}


def built_in(tx: Reads) -> list[Manager]:
    """Return the built-in managers."""
    return _MANAGERS.find_all(tx, "built_in = 1 ORDER BY id")


def insert(tx: Transaction, manager: Manager) -> None:
    """Keep a new manager; raise Duplicate when the name is taken."""
    tx.change(_MANAGERS.insert, _MANAGERS.values(manager))


def update(tx: Transaction, manager: Manager) -> None:
    """Keep a changed manager, all but the password; raise Duplicate when the name is taken."""
    tx.change(
        "UPDATE managers SET username = :username, first_name = :first_name, last_name = :last_name, "
        "enabled = :enabled, permissions = :permissions, max_api_tokens = :max_api_tokens, "
        "password_expiration_disabled = :password_expiration_disabled, home_dc = :home_dc WHERE id = :id",
        _MANAGERS.values(manager),
    )


def delete(tx: Transaction, manager_id: int) -> None:
    """Remove a manager with all that is theirs."""
    tx.change("DELETE FROM managers WHERE id = :id", {"id": manager_id})


def new_id(tx: Transaction) -> int:
    """Return the id of the next manager; ids are never used again."""
    return next_id(tx, "managers")


def give_role(tx: Transaction, manager_id: int, role_id: int) -> None:
    """Give a manager a role."""
    tx.change(
        "INSERT INTO manager_roles (manager_id, role_id) VALUES (:manager_id, :role_id) ON CONFLICT DO NOTHING",
        {"manager_id": manager_id, "role_id": role_id},
    )


def set_roles(tx: Transaction, manager_id: int, role_ids: Iterable[int]) -> None:
    """Give a manager these roles and no others."""
    tx.change("DELETE FROM manager_roles WHERE manager_id = :manager_id", {"manager_id": manager_id})
    for role_id in role_ids:
        give_role(tx, manager_id, role_id)


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


def failures(tx: Reads, first: int, last: int) -> dict[int, int]:
    """Return how many failed sign-ins still count for the managers with the ids ``first`` to ``last``."""
    rows = tx.rows(
        "SELECT managers.id, sum(sign_in_attempts.failures) FROM sign_in_attempts "
        "JOIN managers ON managers.username = sign_in_attempts.username "
        "WHERE managers.id >= :first AND managers.id <= :last AND sign_in_attempts.last_failed_at > :since "
        "GROUP BY managers.id",
        {"first": first, "last": last, "since": tx.now - CLEARED_AFTER},
    )
    return {manager_id: int(total) for manager_id, total in rows}


def note_failure(tx: Transaction, username: str, source: str, attempts: Attempts) -> None:
    """Keep the count of failed sign-ins."""
    tx.change(
        "INSERT INTO sign_in_attempts (username, source, failures, last_failed_at) "
        "VALUES (:username, :source, :failures, :last_failed_at) ON CONFLICT (username, source) "
        "DO UPDATE SET failures = excluded.failures, last_failed_at = excluded.last_failed_at",
        {"username": username, "source": source, **asdict(attempts)},
    )


def clear_failures(tx: Transaction, username: str, source: str | None = None) -> None:
    """Clear the count of failed sign-ins, of one source or of all."""
    tx.change(
        "DELETE FROM sign_in_attempts WHERE username = :username AND (:source = '' OR source = :source)",
        {"username": username, "source": source or ""},
    )


def old_hashes(tx: Reads, manager_id: int, depth: int) -> list[str]:
    """Return the hashes of the latest ``depth`` passwords of a manager, the present one included, newest first."""
    rows = tx.rows(
        "SELECT password_hash FROM password_history WHERE manager_id = :manager_id ORDER BY set_at DESC LIMIT :depth",
        {"manager_id": manager_id, "depth": depth},
    )
    return [row[0] for row in rows]


def set_password(tx: Transaction, manager_id: int, password_hash: str, temporary: bool, depth: int) -> None:
    """Give a manager a new password, and keep the latest ``depth`` hashes for comparison with later ones."""
    values = {"manager_id": manager_id, "password_hash": password_hash, "now": tx.now}
    tx.change(
        "UPDATE managers SET password_hash = :password_hash, password_set_at = :now, password_temporary = :temporary "
        "WHERE id = :manager_id",
        {**values, "temporary": int(temporary)},
    )
    tx.change(
        "INSERT INTO password_history (manager_id, set_at, password_hash) VALUES (:manager_id, :now, :password_hash) "
        "ON CONFLICT (manager_id, set_at) DO UPDATE SET password_hash = excluded.password_hash",
        values,
    )
    tx.change(
        "DELETE FROM password_history WHERE manager_id = :manager_id AND set_at NOT IN "
        "(SELECT set_at FROM password_history WHERE manager_id = :manager_id ORDER BY set_at DESC LIMIT :depth)",
        {"manager_id": manager_id, "depth": depth},
    )
