"""Sessions and tokens between runs: where they lie, for whom, and what is refused."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from tests.vshell.keyring_backends import Memory
from tests.vshell.small import TOKEN
from vshell.errors import Failed, NotAllowed
from vshell.state import state_file
from vshell.state.identity import Credential
from vshell.state.stored_secrets import StoredSession, StoredToken, find_session, find_token

pytestmark = pytest.mark.usefixtures("memory_keyring")

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
    found = find_session(URL, environment)
    assert found is not None
    credential = found.read()
    assert credential is not None
    assert (credential.username, credential.token, credential.refresh) == ("bob", "access", "refresh")
    assert str(kept.path) in credential.source
    found.forget()
    assert not kept.path.exists()
    assert find_session(URL, environment) is None


@pytest.mark.usefixtures("memory_keyring")
def test_the_keyring_holds_one_item_for_each_origin(environment: dict[str, str]) -> None:
    StoredSession(URL, "bob", "keyring", environment).write(SESSION)
    assert list(Memory.kept) == [(f"vshell:{URL}", "bob")]
    found = find_session(URL, environment)
    assert found is not None
    assert found.read() is not None
    found.forget()
    assert Memory.kept == {}


def test_no_password_and_no_secret_is_in_the_state_file(environment: dict[str, str]) -> None:
    StoredSession(URL, "bob", "file", environment).write(SESSION)
    assert state_file.read_state(environment) == {"sessions": {URL: {"store": "file", "username": "bob"}}}


def test_the_keyring_is_not_touched_for_another_origin(environment: dict[str, str]) -> None:
    assert find_session("https://other.example", environment) is None
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
        assert find_session(URL, environment) is None
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
    state_file.change_state(environment, lambda state: state.update(sessions={URL: facts}))
    assert find_session(URL, environment) is None


OTHER = "https://other.example"


def the_file(environment: dict[str, str]) -> Path:
    """Return the file that Vigo documents."""
    return Path(environment["HOME"]) / ".config" / "vigo" / "token"


def read(origin: str, environment: dict[str, str]) -> str | None:
    """Return the token kept for an origin."""
    kept = find_token(origin, environment)
    credential = kept.read() if kept else None
    return credential.token if credential else None


def test_the_file_is_vigos_and_private(environment: dict[str, str]) -> None:
    StoredToken(URL, "file", environment, {"id": "JhxND7ci"}).write(TOKEN)
    path = the_file(environment)
    assert path.read_text() == TOKEN + "\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert read(URL, environment) == TOKEN
    assert Memory.kept == {}


def test_the_keyring_holds_one_for_each_origin(environment: dict[str, str]) -> None:
    StoredToken(URL, "keyring", environment).write(TOKEN)
    StoredToken(OTHER, "keyring", environment).write("another")
    assert Memory.kept == {(f"vshell-token:{URL}", "token"): TOKEN, (f"vshell-token:{OTHER}", "token"): "another"}
    assert (read(URL, environment), read(OTHER, environment)) == (TOKEN, "another")
    assert not the_file(environment).exists()


def test_a_token_is_never_another_servers(environment: dict[str, str]) -> None:
    StoredToken(URL, "file", environment).write(TOKEN)
    assert find_token(OTHER, environment) is None
    StoredToken(OTHER, "file", environment).write("another")
    assert find_token(URL, environment) is None
    assert read(OTHER, environment) == "another"


def test_a_file_that_could_not_be_written_is_nobodys(environment: dict[str, str]) -> None:
    """Else the next shell would send to one server what was meant for another."""
    StoredToken(URL, "file", environment).write(TOKEN)
    the_file(environment).unlink()
    the_file(environment).mkdir()
    with pytest.raises(Failed, match="could not be written"):
        StoredToken(OTHER, "file", environment).write("another")
    assert find_token(URL, environment) is None


@pytest.mark.parametrize(("first", "then"), [("file", "keyring"), ("keyring", "file")])
def test_a_new_place_empties_the_old_one(environment: dict[str, str], first: str, then: str) -> None:
    StoredToken(URL, first, environment).write("old")
    StoredToken(URL, then, environment).write(TOKEN)
    assert read(URL, environment) == TOKEN
    assert ("old" in Memory.kept.values(), the_file(environment).exists()) == (False, then == "file")


@pytest.mark.parametrize("store", ["file", "keyring"])
def test_what_is_forgotten_is_gone(environment: dict[str, str], store: str) -> None:
    StoredToken(URL, store, environment).write(TOKEN)
    kept = find_token(URL, environment)
    assert kept is not None
    kept.forget()
    assert find_token(URL, environment) is None
    assert (Memory.kept, the_file(environment).exists()) == ({}, False)
    assert kept.read() is None


def test_the_state_file_holds_no_secret(environment: dict[str, str]) -> None:
    StoredToken(URL, "keyring", environment, {"id": "JhxND7ci"}).write(TOKEN)
    assert state_file.read_state(environment) == {"tokens": {URL: {"store": "keyring", "known": {"id": "JhxND7ci"}}}}


def test_a_file_that_others_could_read_is_not_used(environment: dict[str, str]) -> None:
    kept = StoredToken(URL, "file", environment)
    kept.write(TOKEN)
    the_file(environment).chmod(0o640)
    with pytest.raises(NotAllowed, match="0640") as caught:
        kept.read()
    assert "auth set-token" in (caught.value.hint or "")


def test_a_link_is_replaced_not_followed(environment: dict[str, str], tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("precious")
    the_file(environment).parent.mkdir(parents=True)
    the_file(environment).symlink_to(elsewhere)
    StoredToken(URL, "file", environment).write(TOKEN)
    assert elsewhere.read_text() == "precious"
    assert not the_file(environment).is_symlink()


def test_without_a_keyring_a_token_has_two_ways_out_too(environment: dict[str, str]) -> None:
    keyring.set_keyring(fail.Keyring())
    kept = StoredToken(URL, "keyring", environment)
    with pytest.raises(Failed, match="no keyring to keep the token in: none is running") as caught:
        kept.write(TOKEN)
    assert "auth set-token --file" in (caught.value.hint or "")
    assert find_token(URL, environment) is None
    with pytest.raises(NotAllowed, match="lies in the keyring, which cannot be used: none is running"):
        kept.read()
    with pytest.raises(Failed, match="could not be removed"):
        kept.forget()


def test_a_place_that_cannot_be_written(environment: dict[str, str]) -> None:
    the_file(environment).mkdir(parents=True)
    with pytest.raises(Failed, match="could not be written"):
        StoredToken(URL, "file", environment).write(TOKEN)
    assert find_token(URL, environment) is None


@pytest.mark.parametrize("tokens", [[], {URL: []}, {URL: {"store": "elsewhere"}}, {URL: None}, None, "x"])
def test_a_strange_state_is_no_token(environment: dict[str, str], tokens: object) -> None:
    state_file.change_state(environment, lambda state: state.update(tokens=tokens))
    assert find_token(URL, environment) is None
    StoredToken(URL, "keyring", environment).write(TOKEN)
    assert read(URL, environment) == TOKEN


def test_what_is_known_may_be_strange(environment: dict[str, str]) -> None:
    state_file.change_state(environment, lambda state: state.update(tokens={URL: {"store": "file", "known": 7}}))
    kept = find_token(URL, environment)
    assert kept is not None
    assert (kept.known, kept.read()) == ({}, None)
