import threading

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from server_stub.domain.accounts import hashing
from server_stub.domain.accounts.hashing import Hasher
from server_stub.domain.base.errors import SlowDown

SALT = bytes(range(16))


def test_a_hash_verifies_its_password_only() -> None:
    hasher = Hasher()
    encoded = hasher.hash("u\u0308nal \U0001f600", SALT)
    assert hasher.verify(encoded, "\u00fcnal \U0001f600")
    assert not hasher.verify(encoded, "\u00fcnal")
    assert not hasher.verify(encoded, "")


def test_the_parameters_are_owasps() -> None:
    parameters = extract_parameters(Hasher().hash("x", SALT))
    assert parameters.type is Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19 * 1024, 2, 1)


def test_nobody_costs_what_somebody_costs() -> None:
    # The same work, not the same time on a clock: a dummy that argon2 refused at once would differ here.
    assert extract_parameters(hashing._DUMMY) == extract_parameters(Hasher().hash("x", SALT))
    assert PasswordHasher().check_needs_rehash(hashing._DUMMY)


@pytest.mark.parametrize("password", ["", "x", "\0" * 32, "\ud800"])
def test_nobody_has_no_password(password: str) -> None:
    assert Hasher().verify(None, password) is False


@pytest.mark.parametrize("encoded", ["", "x", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA"])
def test_a_damaged_hash_matches_nothing(encoded: str) -> None:
    assert Hasher().verify(encoded, "") is False


def test_the_salt_decides() -> None:
    hasher = Hasher()
    assert hasher.hash("x", SALT) == hasher.hash("x", SALT) != hasher.hash("x", bytes(16))


def test_an_older_hash_is_still_checked() -> None:
    older = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("x")
    assert Hasher().verify(older, "x")
    assert not Hasher().verify(older, "y")


def test_too_many_at_once_are_told_to_slow_down() -> None:
    """Of eight that start together with room for two, at least two are done and the rest told to wait."""
    hasher = Hasher(running=1, waiting=1)
    encoded = hasher.hash("x", SALT)
    start = threading.Barrier(8)
    answers: list[bool | SlowDown] = []

    def knock() -> None:
        start.wait()
        try:
            answers.append(hasher.verify(encoded, "x"))
        except SlowDown as refusal:
            answers.append(refusal)

    threads = [threading.Thread(target=knock) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert any(isinstance(answer, SlowDown) for answer in answers)
    assert sum(answer is True for answer in answers) >= 2
    assert hasher.verify(encoded, "x"), "every place is given back"
