"""What other threads find is told and shown; who we are is looked for beside the prompt, and once."""

from typing import Any

from tests.vshell.prompt.talking import Nowhere
from tests.vshell.small import Streams
from tests.vshell.waiting import eventually
from vshell.client.client import HttpClient, Target, TargetFinder
from vshell.errors import Unreachable
from vshell.prompt.background import Background
from vshell.prompt.toolbar import Status
from vshell.state.identity import LOCAL_SOURCE, Credential
from vshell.state.stored_secrets import KeyringAwayError, StoredSession

HERE = "http://127.0.0.1:1"


def background(api: Any) -> tuple[Background, Status, Streams]:
    session, status = Streams(), Status()
    session.client = api
    return Background(session, status, {"XDG_STATE_HOME": "/state", "HOME": "/home"}), status, session


def test_where_the_server_is_is_told_on() -> None:
    at, _, _ = background(Nowhere({}))
    told: list[Target] = []
    at.found = told.append
    at.start()
    eventually(lambda: told == [Target(HERE)], "the link")


def test_that_there_is_no_server_is_told_once_above_the_prompt() -> None:
    def nowhere() -> Target:
        raise Unreachable("No server is chosen.", "Choose one.")

    at, _, session = background(HttpClient(TargetFinder(nowhere)))
    at.start()
    eventually(lambda: bool(at._notes), "the sentence")
    at.turn()
    at.turn()
    assert session.stderr.getvalue() == "No server is chosen.\nChoose one.\n"
    assert at.history_file().name == "local.jsonl"


def test_a_keyring_that_is_away_is_told_in_one_line_and_in_the_toolbar() -> None:
    api = HttpClient.at(HERE)
    at, status, session = background(api)
    session.troubles.append(KeyringAwayError(HERE, "it is locked"))
    at.turn()
    assert (status.credential, status.keyring_trouble) == ("keyring: it is locked", True)
    assert session.stderr.getvalue().count("cannot be used: it is locked.") == 1
    api.use(Credential("the session", token="t"), StoredSession(HERE, "bob", "file", {}))
    at.turn()
    assert (status.credential, status.keyring_trouble) == ("file", False)
    api.use(Credential(LOCAL_SOURCE, token="t"))
    at.turn()
    assert status.credential == "local token"
