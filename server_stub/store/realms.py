"""Realms in the database: the predefined ones and those of the administrators."""

import functools
from collections.abc import Iterable

import msgspec

from server_stub.domain.accounts.permissions import ACTIONS, PREDEFINED_REALMS, Realms
from server_stub.domain.accounts.roles import Realm
from server_stub.store import Reads
from server_stub.store.named_rows import NamedTable

TABLE = NamedTable(Realm, "realms")
_TEXTS = msgspec.json.Decoder(list[str])

find = TABLE.find
find_by_name = TABLE.find_by_name
count = TABLE.count
page = TABLE.page
insert = TABLE.insert
update = TABLE.update
delete = TABLE.delete
new_id = TABLE.new_id


def custom_realms(tx: Reads, permissions: Iterable[str]) -> Realms:
    """Return the custom realms and their object types, as far as these permissions name any."""
    named = _custom(frozenset(permissions))
    if not named:
        return {}
    rows = tx.rows("SELECT name, object_types FROM realms WHERE built_in = 0")
    return {name: frozenset(_TEXTS.decode(types)) for name, types in rows if name in named}


@functools.lru_cache(maxsize=1_024)
def _custom(permissions: frozenset[str]) -> frozenset[str]:
    """Return the names of realms in permissions that are not predefined ones."""
    return frozenset(permission.partition("_")[2] for permission in permissions) - PREDEFINED_REALMS.keys()


def in_use(tx: Reads, name: str) -> bool:
    """Tell whether a role or a manager holds a permission in a realm."""
    wanted = {f"{kind}_{name}" for kind in ACTIONS}
    rows = tx.rows("SELECT permissions FROM roles UNION ALL SELECT permissions FROM managers WHERE permissions <> '[]'")
    return any(wanted.intersection(_TEXTS.decode(row[0])) for row in rows)
