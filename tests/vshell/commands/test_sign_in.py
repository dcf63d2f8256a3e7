"""login, logout and whoami against a real HTTP server, with the session kept where it was agreed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from tests.vshell.commands.typing import Typist
from tests.vshell.keyring_backends import Memory
from tests.vshell.web import Asked, Reply, Web, serving
from vshell.client import connect
from vshell.client.client import HttpClient
from vshell.client.connect import ConnectOptions
from vshell.errors import Failed, Mistake, NotAllowed
from vshell.state.identity import Credential
from vshell.state.stored_secrets import find_session

pytestmark = pytest.mark.usefixtures("memory_keyring")


def answer(asked: Asked) -> Reply:
    """Play the server's part: one user, sessions a and r, a banner."""
    path = asked.path.removeprefix("/api/latest")
    if path == "/token/":
        right = asked.json == {"username": "bob", "password": "right"}
        return Reply(200, {"access": "a", "refresh": "r"}) if right else Reply(401, {"detail": "Wrong."})
    if path == "/vms/1/login_banner/":
        return Reply(200, {"login_banner": "Welcome\x1b[2J"})
    if path == "/login/approved/":
        row = {"id": "L7k8ljIC", "name": "vshell on build-7\x1b[2J", "created": "2026-11-22T02:50:36.306231Z"}
        return Reply(200, [row])
    if asked.headers.get("Authorization") == "Bearer a":
        return Reply(201 if path == "/logout/" else 200, None if path == "/logout/" else {"id": 4, "username": "bob"})
    return Reply(401, {"detail": "Who?"})


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(answer) as running:
        yield running


def connected(web: Web) -> HttpClient:
    """Return a connection as the program makes it."""
    return connect.connect(ConnectOptions(server=web.url))


def test_a_session_is_kept_in_the_keyring_and_used_by_the_next_shell(web: Web) -> None:
    typist = Typist(connected(web), secret="right")
    told = typist.type("login --username bob")
    assert told == f"Signed in as bob at {web.url}; the session is kept in your keyring.\n"
    assert typist.asked == [f"Password of bob at {web.url}: "]
    assert typist.err.getvalue() == (
        "Welcome\\x1b[2J\n"
        "Terminals got these tokens of yours within the last 7 days:\n"
        "  L7k8ljIC  vshell on build-7\\x1b[2J, 2026-11-22T02:50:36.306231Z\n"
        "If there is one that you did not mean to approve, end it with: token:revoke ID\n"
    )
    assert "right" not in str(Memory.kept)
    typist.session.client.close()
    again = Typist(connected(web))
    assert "the session in the keyring" in again.type("whoami")
    assert again.type("logout") == f"Signed out bob at {web.url}.\n"
    assert Memory.kept == {}
    assert find_session(web.url, os.environ) is None
    with pytest.raises(NotAllowed, match="Who"):
        again.type("whoami")
    again.session.client.close()


def test_a_wrong_password_keeps_nothing(web: Web) -> None:
    typist = Typist(connected(web), secret="wrong")
    with pytest.raises(NotAllowed, match="Wrong") as caught:
        typist.type("login --username bob")
    assert caught.value.hint == "Check the user name and the password."
    assert Memory.kept == {}
    typist.session.client.close()


def test_a_file_by_explicit_choice(web: Web, home: Path) -> None:
    typist = Typist(connected(web), secret="right")
    told = typist.type("login --username bob --store file")
    (path,) = (home / ".config" / "vshell" / "sessions").iterdir()
    assert str(path) in told
    assert Memory.kept == {}
    typist.session.client.close()


def test_until_the_shell_ends(web: Web, home: Path) -> None:
    typist = Typist(connected(web), secret="right")
    assert "until this shell ends" in typist.type("login --username bob --store none")
    assert typist.type("whoami --output csv --columns username") == "username\nbob\n"
    assert find_session(web.url, os.environ) is None
    assert typist.type("logout").startswith("Signed out bob")
    typist.session.client.close()


@pytest.mark.parametrize("yes", [True, False])
def test_without_a_keyring_a_person_is_asked_before_anything_is_written(web: Web, home: Path, yes: bool) -> None:
    keyring.set_keyring(fail.Keyring())
    typist = Typist(connected(web), interactive=True, confirm=lambda question: yes, secret="right")
    told = typist.type("login --username bob")
    assert typist.asked[0].startswith("There is no keyring to use: none is running. Keep the session in ")
    assert (home / ".config" / "vshell" / "sessions").exists() is yes
    assert ("in the file" if yes else "until this shell ends") in told
    typist.session.client.close()


@pytest.mark.parametrize(("line", "interactive"), [("login", False), ("login --store keyring", True)])
def test_without_a_keyring_nothing_is_sent_that_cannot_be_kept(web: Web, line: str, interactive: bool) -> None:
    keyring.set_keyring(fail.Keyring())
    typist = Typist(connected(web), interactive=interactive, secret="right")
    with pytest.raises(Failed, match="no keyring to keep the session in") as caught:
        typist.type(f"{line} --username bob")
    assert "login --store file" in (caught.value.hint or "")
    assert (web.asked, typist.asked) == ([], [])


def test_a_user_name_is_asked_for(web: Web) -> None:
    typist = Typist(connected(web), secret="right")
    with pytest.raises(Mistake, match="needs a user name"):
        typist.type("login")
    typist.session.ask = lambda question: "bob\n"
    assert typist.type("login").startswith("Signed in as bob")
    typist.session.client.close()


def test_without_a_password_there_is_a_next_step(web: Web) -> None:
    with pytest.raises(NotAllowed, match="needs a password"):
        Typist(connected(web)).type("login --username bob")


def test_what_is_no_session_cannot_be_ended(web: Web) -> None:
    for credential, why in ((None, "not signed in"), (Credential("--token", token="x"), "you are here by --token")):
        with pytest.raises(Failed, match=why):
            Typist(HttpClient.at(web.url, credential)).type("logout")


def test_a_session_in_a_locked_keyring_can_be_replaced(web: Web) -> None:
    typist = Typist(connected(web), secret="right")
    typist.type("login --username bob")
    typist.session.client.close()
    keyring.set_keyring(fail.Keyring())
    typist = Typist(connected(web), secret="right")
    with pytest.raises(NotAllowed, match="lies in the keyring"):
        typist.type("whoami")
    assert "in the file" in typist.type("login --username bob --store file")
    assert typist.type("whoami --output ids") == "4\n"
    typist.session.client.close()


def test_after_signing_out_the_local_administrator_is_back(web: Web, tmp_path: Path) -> None:
    (tmp_path / "t").write_text("local")
    typist = Typist(connected(web), secret="right")
    typist.type("login --username bob")
    typist.session.client.close()
    place = connect.make_target(
        connect.servers.Server(web.url, token_file=str(tmp_path / "t")),
    )
    typist = Typist(connect.connect(ConnectOptions(), where=lambda: place))
    typist.type("logout")
    credential = typist.session.client.credential
    assert credential is not None
    assert credential.token == "local"
    typist.session.client.close()
