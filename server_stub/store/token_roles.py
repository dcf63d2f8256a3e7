"""Token roles in the database, by name."""

from server_stub.domain.tokens.vault_roles import TokenRole
from server_stub.store import Reads, Transaction
from server_stub.store.engine.row_mapping import Mapping

_ROLES = Mapping(TokenRole, "token_roles")


def find(tx: Reads, name: str) -> TokenRole | None:
    """Return a role by its name."""
    return _ROLES.find(tx, "name = :name", {"name": name}) if name.isprintable() else None


def names(tx: Reads) -> list[str]:
    """Return the names of all roles, in order."""
    return [row[0] for row in tx.rows("SELECT name FROM token_roles ORDER BY name")]


def keep(tx: Transaction, role: TokenRole) -> None:
    """Keep a new or a changed role."""
    delete(tx, role.name)
    tx.change(_ROLES.insert, _ROLES.values(role))


def delete(tx: Transaction, name: str) -> None:
    """Remove a role; what was made by it stays."""
    tx.change("DELETE FROM token_roles WHERE name = :name", {"name": name})
