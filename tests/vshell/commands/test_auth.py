"""auth set-token, status, clear against a real HTTP server, with the token kept where it was agreed."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from tests.vshell.commands.typing import Typist
from tests.vshell.keyring_backends import Memory
from tests.vshell.small import TOKEN
from tests.vshell.web import Asked, Reply, Web, serving
from vshell.client import connect
from vshell.client.client import HttpClient
from vshell.client.connect import ConnectOptions
from vshell.errors import Failed, Mistake, NotAllowed, Unreachable
from vshell.state.credentials import Credential
from vshell.state.token_store import find

pytestmark = pytest.mark.usefixtures("memory_keyring")

SELF = {
    "active": True,
    "user": "dan",
    "token": {"id": "JhxND7ci", "name": "ci", "expiry_date": "2999-01-01T00:00:00.000000Z"},
    "permissions": [],
}


def answer(asked: Asked) -> Reply:
    """Play the server's part: one live token."""
    right = asked.headers.get("Authorization") == f"Bearer {TOKEN}"
    if asked.path == "/api/latest/apitokens/self/":
        return Reply(200, SELF) if right else Reply(401, {"detail": "the credential is not valid"})
    return Reply(200, {"id": 4, "username": "dan"}) if right else Reply(401, {"detail": "Who?"})


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(answer) as running:
        yield running


@pytest.fixture
def shell(web: Web) -> Iterator[Typist]:
    """Somebody at a shell that knows nothing yet."""
    typist = Typist(connected(web), interactive=True, secret=TOKEN)
    yield typist
    typist.session.api.close()


def connected(web: Web) -> HttpClient:
    """Return a connection as the program makes it."""
    return connect.connect(ConnectOptions(server=web.url))


def fields(typist: Typist) -> dict[str, object]:
    """Return what auth status shows."""
    shown: dict[str, object] = json.loads(typist.type("auth status --output json"))
    return shown


def test_a_token_that_is_asked_for_goes_into_the_keyring_and_is_used(web: Web, shell: Typist) -> None:
    told = shell.type("auth set-token")
    assert told == f"The token is stored in your keyring and is used at {web.url} from now on.\n"
    assert shell.asked == ["Token: "]
    assert list(Memory.kept.values()) == [TOKEN]
    assert "dan" in shell.type("whoami")
    later = Typist(connected(web))
    assert "the token in your keyring" in later.type("whoami")
    later.session.api.close()
    assert shell.err.getvalue() == ""


def test_vigos_file_by_explicit_choice(web: Web, shell: Typist, home: Path) -> None:
    told = shell.type("auth set-token --file")
    path = home / ".config" / "vigo" / "token"
    assert str(path) in told
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (TOKEN + "\n", 0o600)
    assert Memory.kept == {}


@pytest.mark.parametrize("line", ["auth set-token", "auth set-token -"])
def test_a_token_from_standard_input(web: Web, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(TOKEN + "\nrest"))
    typist = Typist(connected(web))
    typist.type(line)
    assert list(Memory.kept.values()) == [TOKEN]
    typist.session.api.close()


def test_a_token_on_the_command_line_is_warned_of(web: Web, shell: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.type(f"auth set-token {TOKEN}")
    assert shell.err.getvalue() == ""  # typed at the prompt, it is on no command line
    monkeypatch.setattr(sys, "argv", ["vshell", "auth", "set-token", TOKEN])
    shell.type(f"auth set-token {TOKEN}")
    assert "can be seen by everybody on this machine" in shell.err.getvalue()
    assert TOKEN not in shell.err.getvalue() + shell.out.getvalue()


def test_a_token_that_is_not_live_is_not_stored(shell: Typist) -> None:
    with pytest.raises(NotAllowed, match="does not take this token"):
        shell.type("auth set-token JhxND7ci.wrong")
    assert Memory.kept == {}
    assert find(shell.session.api.url, os.environ) is None


def test_without_a_token_nothing_is_stored(web: Web) -> None:
    with pytest.raises(Mistake, match="A token is needed"):
        Typist(connected(web), interactive=True, secret="").type("auth set-token")


def test_without_a_keyring_the_file_is_named_and_nothing_is_asked_or_sent(web: Web, shell: Typist) -> None:
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(Failed, match="no keyring to keep the token in") as caught:
        shell.type("auth set-token")
    assert "auth set-token --file" in (caught.value.hint or "")
    assert (shell.asked, web.asked) == ([], [])


def test_an_unencrypted_server_far_away_is_never_sent_one() -> None:
    typist = Typist(connect.connect(ConnectOptions(server="http://remote.example:8443")))
    with pytest.raises(NotAllowed, match="not encrypted"):
        typist.type(f"auth set-token {TOKEN}")
    assert Memory.kept == {}


def test_a_server_that_does_not_answer_cannot_check_it(home: Path) -> None:
    with serving(lambda asked: Reply(drop=True)) as silent:
        typist = Typist(connected(silent))
        typist.type(f"auth set-token {TOKEN}")
        assert "has not been checked" in typist.err.getvalue()
        with pytest.raises(Unreachable):
            typist.type("auth status --output json")
        shown = json.loads(typist.out.getvalue().partition("\n")[2])
        assert (shown["validity"], shown["checked"], shown["id"]) == ("unknown", None, None)
        typist.session.api.close()


def test_status_asks_the_server(web: Web, shell: Typist) -> None:
    shell.type("auth set-token")
    shown = fields(shell)
    assert {name: shown[name] for name in ("validity", "kept", "id", "name", "user", "server")} == {
        "validity": "valid",
        "kept": "in your keyring",
        "id": "JhxND7ci",
        "name": "ci",
        "user": "dan",
        "server": web.url,
    }
    assert TOKEN not in shell.out.getvalue()


def test_status_says_when_the_server_takes_it_no_more(web: Web, shell: Typist) -> None:
    shell.type("auth set-token")
    web.answer = lambda asked: Reply(401, {"detail": "no"})
    with pytest.raises(NotAllowed, match="revoked, expired, used up"):
        shell.type("auth status")
    assert "invalid" in shell.out.getvalue()


@pytest.mark.parametrize(("end", "validity"), [("2999-01-01", "unknown"), ("2001-01-01", "expired"), (None, "unknown")])
def test_status_shows_what_it_knows_when_the_server_is_away(
    web: Web, shell: Typist, end: str | None, validity: str
) -> None:
    token = {"id": "JhxND7ci", "name": "ci", "expiry_date": end and f"{end}T00:00:00.000000Z"}
    web.answer = lambda asked: Reply(200, {**SELF, "token": token})
    shell.type("auth set-token")
    before = shell.out.getvalue()
    web.answer = lambda asked: Reply(drop=True)
    with pytest.raises(Unreachable, match="what was known of the token before"):
        shell.type("auth status --output json")
    shown = json.loads(shell.out.getvalue()[len(before) :])
    assert (shown["validity"], shown["id"], shown["user"]) == (validity, "JhxND7ci", "dan")
    assert shown["checked"].startswith("20")


def test_status_without_a_token(shell: Typist) -> None:
    with pytest.raises(Failed, match="No token is stored") as caught:
        shell.type("auth status")
    assert "auth set-token" in (caught.value.hint or "")
    shell.session.api.use(Credential("the local server's token file", token="x"))
    with pytest.raises(Failed, match="No token is stored") as caught:
        shell.type("auth status")
    assert caught.value.hint == "None is needed here: you are signed in by the local server's token file."


def test_clear_removes_it_and_goes_on_without(web: Web, shell: Typist) -> None:
    shell.type("auth set-token")
    assert shell.type("auth clear") == f"The token stored for {web.url} has been removed.\n"
    assert Memory.kept == {}
    assert shell.session.api.credential is None
    with pytest.raises(Failed, match="nothing to remove"):
        shell.type("auth clear")


def test_clear_leaves_who_one_is_otherwise(web: Web, shell: Typist) -> None:
    shell.type("auth set-token")
    shell.session.api.use(Credential("--token", token="other"))
    shell.type("auth clear")
    assert shell.session.api.credential == Credential("--token", token="other")


def test_a_session_goes_before_it_and_so_does_the_variable(
    web: Web, shell: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.session.api.use(Credential("the session", "eve", token="a", refresh="r"))
    shell.type("auth set-token")
    assert "You stay signed in as eve until: logout" in shell.err.getvalue()
    shell.session.api.use(None)
    monkeypatch.setenv("VSHELL_TOKEN", "x")
    shell.type("auth set-token")
    assert "VSHELL_TOKEN is set" in shell.err.getvalue()
