"""Passwords: one answer for every wrong pair, a wait that grows and is nobody else's, new ones hashed and stored."""

import json
import threading
from collections import Counter
from typing import Any, cast

import pytest

from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base.errors import Conflict, Invalid
from server_stub.domain.base.timestamps import SECOND
from server_stub.operations import passwords
from server_stub.operations.context import ReadContext, ServerContext, WriteContext
from server_stub.operations.passwords import NewPassword
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
        lambda tx: passwords.prepare_password(
            ReadContext(tx, SITE, cast("Any", None), ""), PASSWORD, "admin", admin(tx)
        )
    )
    assert new.hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert new.replaced is None
    assert new.hash not in repr(new)


def test_a_weak_one_is_never_hashed(site: Service) -> None:
    with pytest.raises(Invalid):
        site.database.read(
            lambda tx: passwords.prepare_password(ReadContext(tx, SITE, cast("Any", None), ""), "x", "admin")
        )


def test_one_that_replaces_another_than_was_seen_is_not_kept(site: Service) -> None:
    def keep(tx: Transaction) -> None:
        change = WriteContext(tx, SITE, cast("Any", None), "")
        assert passwords.set_password(change, admin(tx), NewPassword("one", None), temporary=False) == 0
        assert admin(tx).password_hash == "one"
        with pytest.raises(Conflict):
            passwords.set_password(change, admin(tx), NewPassword("two", None), temporary=False)
        passwords.set_password(change, admin(tx), NewPassword("two", "one"), temporary=True)
        assert (admin(tx).password_hash, admin(tx).password_temporary) == ("two", True)

    site.database.write(keep, unaudited=True)


@pytest.fixture
def people(site: Service) -> Service:
    """Eve with a password, bob without one, dan disabled."""
    site.manager("eve", password=PASSWORD)
    site.manager("bob")
    number = site.manager("dan", password=PASSWORD)
    site.local.patch(f"/managers/{number}/", is_active=False)
    return site


def test_every_wrong_pair_gets_the_same_answer(people: Service) -> None:
    pairs = [("eve", "wrong"), ("bob", PASSWORD), ("dan", PASSWORD), ("nobody", PASSWORD), ("no name!", PASSWORD)]
    answers = [people.by_password(*pair).ask("GET", "/apitokens/") for pair in pairs]
    assert {(answer.status, str(answer.json), str(answer.headers)) for answer in answers} == {
        (401, str(answers[0].json), str(answers[0].headers))
    }


def test_wrong_passwords_make_one_wait_and_the_answer_says_how_long(people: Service) -> None:
    wrong, right = people.by_password("eve", "wrong"), people.by_password("eve")
    statuses = [wrong.ask("GET", "/apitokens/").status for _ in range(6)]
    assert statuses == [401] * 4 + [429] * 2
    answer = right.ask("GET", "/apitokens/")
    assert (answer.status, answer.json["code"]) == (429, "slow_down")
    seconds = int(answer.headers["retry-after"])
    people.clock.advance(seconds * SECOND)
    assert right.ask("GET", "/apitokens/").status == 200
    assert wrong.ask("GET", "/apitokens/").status == 401


@pytest.mark.parametrize("name", ["EVE", "eve", "Eve"])
def test_no_other_spelling_starts_afresh(people: Service, name: str) -> None:
    for _ in range(4):
        people.by_password("eve", "wrong").ask("GET", "/apitokens/")
    assert people.by_password(name).ask("GET", "/apitokens/").status == 429


def test_nobody_locks_out_whoever_comes_from_elsewhere_or_shows_a_token(people: Service) -> None:
    token = people.by_token("eve")
    for _ in range(10):
        people.by_password("eve", "wrong").ask("GET", "/apitokens/", source="198.51.100.1")
    assert people.by_password("eve").ask("GET", "/apitokens/", source="198.51.100.1").status == 429
    assert people.by_password("eve").ask("GET", "/apitokens/", source="203.0.113.9").status == 200
    assert token.ask("GET", "/apitokens/", source="198.51.100.1").status == 200


def test_a_burst_of_guesses_does_not_pass_before_the_first_is_counted(people: Service) -> None:
    seen: Counter[int] = Counter()

    def guess() -> None:
        seen[people.by_password("eve", "wrong").ask("GET", "/apitokens/").status] += 1

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {401: 4, 429: 8}


def test_simultaneous_right_passwords_are_not_held_against_anybody(people: Service) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(people.by_password("eve").ask("GET", "/apitokens/").status))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 6


def test_counts_outlive_the_process(people: Service) -> None:
    for _ in range(4):
        people.by_password("eve", "wrong").ask("GET", "/apitokens/")
    rows = people.database.rows("SELECT username, failures FROM sign_in_attempts")
    assert rows == [("eve", 4)]


def test_junk_names_share_one_count(people: Service) -> None:
    for number in range(4):
        people.by_password(f"no name {number}!", "x").ask("GET", "/apitokens/")
    assert len(people.database.rows("SELECT username FROM sign_in_attempts")) == 1


def test_the_record_says_whose_password_was_tried_and_holds_no_other_name(people: Service) -> None:
    """By every door; what is nobody's name is easily a password that was typed in the wrong place."""
    for name in ("bob", "BOB", "hunter2", "admin"):
        people.ask("POST", "/token/", {"username": name, "password": "wrong"})
        people.by_password(name, "wrong").ask("GET", "/apitokens/")
    people.database.write(lambda tx: None)
    rows = people.database.rows("SELECT action, detail FROM audit WHERE outcome = 'refused' ORDER BY seq")
    tried = {(action, json.loads(detail).get("account")) for action, detail in rows}
    doors = ("session.create", "apitoken.list")
    assert tried == {(action, account) for action in doors for account in ("bob", "admin", None)}
    assert "hunter2" not in str(rows)
