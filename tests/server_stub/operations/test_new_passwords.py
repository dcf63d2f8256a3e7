"""A new password between its hashing and its keeping."""

from typing import Any, cast

import pytest

from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base.errors import Conflict, Invalid
from server_stub.operations import new_passwords
from server_stub.operations.context import ReadContext, ServerContext, WriteContext
from server_stub.operations.new_passwords import NewPassword
from server_stub.store import Transaction
from server_stub.store import managers as manager_store
from tests.server_stub.conftest import PASSWORD, Service

SITE = ServerContext("", "", bytes, cast("Any", None))


def admin(tx: Any) -> Manager:
    """Return a manager who is there."""
    found = manager_store.find(tx, 2)
    assert found is not None
    return found


def test_the_hash_is_argon2id_and_never_shown(site: Service) -> None:
    new = site.database.read(
        lambda tx: new_passwords.prepared(ReadContext(tx, SITE, cast("Any", None), ""), PASSWORD, "admin", admin(tx))
    )
    assert new.hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert new.replaced is None
    assert new.hash not in repr(new)


def test_a_weak_one_is_never_hashed(site: Service) -> None:
    with pytest.raises(Invalid):
        site.database.read(
            lambda tx: new_passwords.prepared(ReadContext(tx, SITE, cast("Any", None), ""), "x", "admin")
        )


def test_one_that_replaces_another_than_was_seen_is_not_kept(site: Service) -> None:
    def keep(tx: Transaction) -> None:
        change = WriteContext(tx, SITE, cast("Any", None), "")
        assert new_passwords.keep(change, admin(tx), NewPassword("one", None), temporary=False) == 0
        assert admin(tx).password_hash == "one"
        with pytest.raises(Conflict):
            new_passwords.keep(change, admin(tx), NewPassword("two", None), temporary=False)
        new_passwords.keep(change, admin(tx), NewPassword("two", "one"), temporary=True)
        assert (admin(tx).password_hash, admin(tx).password_temporary) == ("two", True)

    site.database.write(keep, unaudited=True)
