"""Realms in the database: the predefined ones and those of the administrators."""

from collections.abc import Iterable

import msgspec

from server_stub.rights import PREDEFINED_REALMS, Realms
from server_stub.roles import Realm
from server_stub.store import Reads, Transaction
from server_stub.store.counters import next_id
from server_stub.store.records import Mapping

_REALMS = Mapping(Realm, "realms")
_OBJECT_TYPES = msgspec.json.Decoder(list[str])


def custom_realms(tx: Reads, permissions: Iterable[str]) -> Realms:
    """Return the custom realms and their object types, as far as these permissions name any."""
    named = {permission.partition("_")[2] for permission in permissions} - PREDEFINED_REALMS.keys()
    if not named:
        return {}
    rows = tx.rows("SELECT name, object_types FROM realms WHERE built_in = 0")
    return {name: frozenset(_OBJECT_TYPES.decode(types)) for name, types in rows if name in named}


def insert(tx: Transaction, realm: Realm) -> None:
    """Keep a new realm; raise Duplicate when the name is taken."""
    tx.change(_REALMS.insert, _REALMS.values(realm))


def new_id(tx: Transaction) -> int:
    """Return the id of the next realm; ids are never used again."""
    return next_id(tx, "realms")
