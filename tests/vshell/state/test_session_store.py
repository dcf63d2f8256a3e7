"""Sessions between runs: where they lie, for whom, and what is refused."""

from __future__ import annotations

import stat
import sys

import keyring
import pytest
from keyring.backends import fail

from tests.vshell.keyring_backends import Memory
from vshell.errors import Failed, NotAllowed
from vshell.state import state_file
from vshell.state.credentials import Credential
from vshell.state.session_store import StoredSession, kept_at

URL = "https://vms.example:8443"
SESSION = Credential("x", "bob", token="access", refresh="refresh")


@pytest.fixture
def environment(home: object) -> dict[str, str]:
    return {"HOME": str(home)}


def test_a_file_is_private_and_named_by_its_origin(environment: dict[str, str]) -> None:
    kept = StoredSession(URL, "bob", "file", environment)
    kept.write(SESSION)
    assert kept.path.name == "https%3A%2F%2Fvms.example%3A8443"
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.path.parent.stat().st_mode) == 0o700
    found = kept_at(URL, environment)
    assert found is not None
    credential = found.read()
    assert credential is not None
    assert (credential.username, credential.token, credential.refresh) == ("bob", "access", "refresh")
    assert str(kept.path) in credential.source
    found.forget()
    assert not kept.path.exists()
    assert kept_at(URL, environment) is None


@pytest.mark.usefixtures("memory_keyring")
def test_the_keyring_holds_one_item_for_each_origin(environment: dict[str, str]) -> None:
    StoredSession(URL, "bob", "keyring", environment).write(SESSION)
    assert list(Memory.kept) == [(f"vshell:{URL}", "bob")]
    found = kept_at(URL, environment)
    assert found is not None
    assert found.read() is not None
    found.forget()
    assert Memory.kept == {}


def test_no_password_and_no_secret_is_in_the_state_file(environment: dict[str, str]) -> None:
    StoredSession(URL, "bob", "file", environment).write(SESSION)
    assert state_file.state(environment) == {"sessions": {URL: {"store": "file", "username": "bob"}}}


def test_the_keyring_is_not_touched_for_another_origin(environment: dict[str, str]) -> None:
    assert kept_at("https://other.example", environment) is None
    assert "keyring" in sys.modules  # by this test's own imports; the shell's are looked at in test_main


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"access": 1}', "null"])
def test_a_damaged_session_is_none(environment: dict[str, str], damage: str) -> None:
    kept = StoredSession(URL, "bob", "file", environment)
    kept.write(SESSION)
    kept.path.write_text(damage)
    assert kept.read() is None


def test_a_session_that_others_could_read_is_not_used(environment: dict[str, str]) -> None:
    kept = StoredSession(URL, "bob", "file", environment)
    kept.write(SESSION)
    kept.path.chmod(0o644)
    with pytest.raises(NotAllowed, match="0644"):
        kept.read()


def test_without_a_keyring_there_is_one_sentence_and_two_ways_out(environment: dict[str, str]) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    try:
        kept = StoredSession(URL, "bob", "keyring", environment)
        with pytest.raises(Failed, match="no keyring to keep the session in: none is running") as caught:
            kept.write(SESSION)
        assert "login --store file" in (caught.value.hint or "")
        assert kept_at(URL, environment) is None
        with pytest.raises(NotAllowed, match="lies in the keyring, which cannot be used: none is running"):
            kept.read()
        with pytest.raises(Failed, match="could not be removed"):
            kept.forget()
    finally:
        keyring.set_keyring(before)


def test_another_users_session_in_the_same_file_is_not_taken_up(environment: dict[str, str]) -> None:
    bobs = StoredSession(URL, "bob", "file", environment)
    bobs.write(SESSION)
    StoredSession(URL, "alice", "file", environment).write(SESSION)
    assert bobs.read() is None


@pytest.mark.parametrize("facts", [[], {"store": "elsewhere"}, {"store": "none"}, None])
def test_a_strange_state_is_no_session(environment: dict[str, str], facts: object) -> None:
    state_file.remember(environment, lambda state: state.update(sessions={URL: facts}))
    assert kept_at(URL, environment) is None
