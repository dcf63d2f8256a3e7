"""Who the shell is: the order of the ways to say so, with a real server where it is asked."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vshell.web import Asked, Reply, Web, serving
from vshell.client import connect
from vshell.client.client import Target
from vshell.client.connect import ConnectOptions
from vshell.errors import NotAllowed, ShellError
from vshell.state.identity import Credential
from vshell.state.stored_secrets import StoredSession

HERE = "http://127.0.0.1:4711"


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home)}


def keep(environment: dict[str, str], url: str = HERE, username: str = "bob") -> None:
    """Keep a session in a file."""
    StoredSession(url, username, "file", environment).write(Credential("x", username, token="kept", refresh="r"))


def test_the_order_of_the_ways_to_say_who(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "local-admin.token").write_text("local\n")
    place = Target(HERE, token_file=str(tmp_path / "local-admin.token"))

    def who(wishes: ConnectOptions = ConnectOptions()) -> str | None:  # noqa: B008 (it is frozen)
        credential = connect.sign_target(place, wishes, environment).credential
        return credential and (credential.token or f"{credential.username}:{credential.password}")

    assert connect.sign_target(Target(HERE), ConnectOptions(), environment).credential is None
    assert who() == "local"
    keep(environment)
    assert who() == "kept"
    environment["VSHELL_TOKEN"] = "environment"
    assert who() == "environment"
    assert who(ConnectOptions(username="bob")) == "kept"
    assert who(ConnectOptions(username="bob", password="p")) == "bob:p"
    assert who(ConnectOptions(token=Credential("--token", token="flag"))) == "flag"


def test_a_session_is_used_at_its_own_origin_only(environment: dict[str, str]) -> None:
    keep(environment, "https://vms.example")
    assert connect.sign_target(Target("https://vms.example:8443"), ConnectOptions(), environment).credential is None
    assert connect.sign_target(Target("http://vms.example"), ConnectOptions(), environment).credential is None


def test_another_users_session_is_not_used_for_this_one(environment: dict[str, str]) -> None:
    keep(environment)
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return "typed"

    found = connect.sign_target(Target(HERE), ConnectOptions(username="alice"), environment, ask)
    assert found.credential is not None
    assert found.credential.password == "typed"
    assert asked == [f"Password of alice at {HERE}: "]


def test_with_nobody_to_ask_there_is_a_sentence(environment: dict[str, str]) -> None:
    with pytest.raises(NotAllowed, match="no password for alice"):
        connect.sign_target(Target(HERE), ConnectOptions(username="alice"), environment, None)


def test_a_token_file_that_cannot_be_read_is_no_credential(tmp_path: Path) -> None:
    assert connect.read_local_credential(Target(HERE, token_file=str(tmp_path / "none"))) is None
    (tmp_path / "empty").write_text("")
    assert connect.read_local_credential(Target(HERE, token_file=str(tmp_path / "empty"))) is None


@pytest.fixture
def web() -> Iterator[Web]:
    def answer(asked: Asked) -> Reply:
        return Reply(200, {"access": "a", "refresh": "r"} if asked.path.endswith("/token/") else {})

    with serving(answer) as running:
        yield running


def test_one_line_shows_the_password_many_lines_a_session(web: Web, environment: dict[str, str]) -> None:
    for lasting, paths in ((False, ["/vms/"]), (True, ["/token/", "/vms/", "/logout/"])):
        web.asked.clear()
        wishes = ConnectOptions(server=web.url, username="bob", password="p", lasting=lasting)
        api = connect.connect(wishes, environment)
        api.request("GET", "/vms/")
        api.close()
        assert [asked.path.partition("latest")[2] for asked in web.asked] == paths


def test_nothing_is_looked_up_before_the_first_request(environment: dict[str, str]) -> None:
    api = connect.connect(ConnectOptions(server="nowhere"), environment)
    api.close()


def test_going_over_to_another_server_ends_the_passing_session(web: Web, environment: dict[str, str]) -> None:
    api = connect.connect(ConnectOptions(server=web.url, username="bob", password="p", lasting=True), environment)
    api.request("GET", "/vms/")
    with serving() as other:
        api.move(lambda: Target(other.url), lambda place: place)
        assert web.asked[-1].path.endswith("/logout/")
        api.request("GET", "/vms/")
        assert "Authorization" not in other.asked[0].headers
        api.close()


def test_the_local_server_is_found_with_its_token(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "t").write_text("local")
    told = {"url": HERE, "pid": os.getpid(), "token_file": str(tmp_path / "t"), "ca_file": None}
    (tmp_path / "server.json").write_text(json.dumps(told))
    for wishes in (ConnectOptions(data=tmp_path), ConnectOptions(server="http://localhost:4711")):
        environment["VSHELL_DATA"] = str(tmp_path)
        credential = connect.connect(wishes, environment).credential
        assert credential is not None
        assert credential.token == "local"


def test_what_hinders_finding_out_who_we_are_is_told_once_and_the_prompt_goes_on(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*arguments: object) -> Target:
        raise NotAllowed("The keyring is away.")

    monkeypatch.setattr(connect, "sign_target", away)
    told: list[ShellError] = []
    wishes = ConnectOptions(server="https://vms.example")
    api = connect.connect(wishes, environment, unsure=told.append)
    assert api.signed_target.credential is None
    assert api.signed_target.url == "https://vms.example"
    assert [error.sentence for error in told] == ["The keyring is away."]
    with pytest.raises(NotAllowed):
        _ = connect.connect(wishes, environment).signed_target
