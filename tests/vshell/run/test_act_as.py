"""One line as somebody else, or at another data centre; the session is as before when it is done."""

from __future__ import annotations

import io
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from tests.vshell.commands.typing import Typist
from tests.vshell.state.test_token_origins import checked
from tests.vshell.web import Asked, Reply, Web, serving
from vshell.client import connect
from vshell.client.connect import ConnectOptions
from vshell.completion.live_names import LiveNames
from vshell.errors import Failed, Mistake, NotFound
from vshell.language.grammar import parse
from vshell.prompt.executor import learn_names
from vshell.run import act_as
from vshell.state import identity, servers, token_origins

if TYPE_CHECKING:
    pass

THEIRS = checked("L7k8ljIC")


def whoami(asked: Asked) -> Reply:
    """Say by what somebody came."""
    return Reply(200, {"username": asked.headers.get("Authorization", "nobody").removeprefix("Bearer ")})


@pytest.fixture
def here() -> Iterator[Web]:
    with serving(whoami) as web:
        yield web


@pytest.fixture
def there() -> Iterator[Web]:
    """The server of the data centre us."""
    with serving(whoami) as web:
        servers.add(servers.Server(identity.parse_origin(web.url), name="america", dc="us"), os.environ)
        yield web


@pytest.fixture
def typist(here: Web) -> Iterator[Typist]:
    """Somebody who is signed in here by the token "mine"."""
    mine = identity.parse_token("mine", "a test")
    typist = Typist(connect.connect(ConnectOptions(server=here.url, token=mine)))
    yield typist
    typist.session.client.close()


def who(typist: Typist, options: str = "") -> str:
    """Return by what a line came."""
    return typist.type(f"whoami {options} --output csv --columns username").splitlines()[1]


def test_a_token_holds_for_its_line_alone(typist: Typist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text(f"{THEIRS}\n")
    assert who(typist, f"--token {THEIRS}") == THEIRS
    assert who(typist) == "mine"
    assert who(typist, f"--token @{tmp_path}/secret") == THEIRS
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{THEIRS}\n"))
    assert who(typist, "--token -") == THEIRS
    with pytest.raises(Mistake):
        typist.type("whoami --token 'a b'")
    assert who(typist) == "mine"


def test_a_token_that_is_known_to_be_of_another_server_goes_there(typist: Typist, here: Web, there: Web) -> None:
    token_origins.store_origins({"L7k8ljIC": there.url}, os.environ)
    assert who(typist, f"--token {THEIRS}") == THEIRS
    assert (len(here.asked), len(there.asked)) == (0, 1)


def test_another_data_centre_is_not_shown_this_ones_credential(
    typist: Typist, there: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VSHELL_TOKEN", "mine-too")
    assert who(typist, "--dc us") == "nobody"
    assert who(typist, f"--dc us --token {THEIRS}") == THEIRS
    assert [asked.headers.get("Authorization") for asked in there.asked] == [None, f"Bearer {THEIRS}"]


def test_a_token_that_is_known_to_be_of_one_data_centre_is_not_shown_to_another(
    typist: Typist, here: Web, there: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.add(servers.Server(identity.parse_origin(here.url), name="europe", dc="eu"), os.environ)
    token_origins.store_origins({"L7k8ljIC": here.url}, os.environ)
    with pytest.raises(Mistake, match="of the data centre 'eu'"):
        typist.type(f"whoami --dc us --token {THEIRS}")
    monkeypatch.setenv("VSHELL_TOKEN", THEIRS)
    with pytest.raises(Mistake, match="of the data centre 'eu'"):
        connect.find_target(ConnectOptions(dc="us"))
    assert there.asked == []
    assert who(typist, f"--dc eu --token {THEIRS}") == THEIRS


def test_an_unknown_data_centre_is_told_with_those_there_are(typist: Typist, there: Web, here: Web) -> None:
    with pytest.raises(NotFound) as raised:
        typist.type("whoami --dc zz")
    assert raised.value.hint == "Yours are: us (america)"
    assert here.asked == []


def test_of_several_servers_in_a_data_centre_one_must_be_named_or_in_use(typist: Typist, there: Web) -> None:
    servers.add(servers.Server("https://other.example", name="other", dc="us"), os.environ)
    with pytest.raises(Mistake, match="Several of your servers are in us"):
        typist.type("whoami --dc us")
    servers.use("america", os.environ)
    assert who(typist, "--dc us") == "nobody"


def test_such_a_line_is_not_rehearsed_with_others(typist: Typist) -> None:
    class Rehearsed(type(typist.session.client)):  # type: ignore[misc]  # any connection that changes nothing
        is_dry_run = True

    typist.session.client = Rehearsed.at("https://x.invalid")
    with pytest.raises(Failed, match="cannot be tried together"):
        typist.type(f"whoami --token {THEIRS}")


def test_who_is_warned(monkeypatch: pytest.MonkeyPatch, typist: Typist, capsys: pytest.CaptureFixture[str]) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, arguments, warned in (
        (Screen(), ["vshell", "--token", THEIRS], True),
        (Screen(), ["vshell", "-c", f"whoami --token={THEIRS}"], True),
        (Screen(), ["vshell"], False),
        (io.StringIO(), ["vshell", "--token", THEIRS], False),
    ):
        notes: list[str] = []
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setattr(sys, "argv", arguments)
        monkeypatch.setattr(typist.session.out, "note", notes.append)
        act_as.warn_if_seen(THEIRS, typist.session)
        assert notes == ([act_as.SEEN] if warned else [])


def test_what_a_lent_line_did_is_not_the_sessions_to_undo_or_to_learn_from(here: Web) -> None:
    here.answer = lambda asked: Reply(201, {"id": "L7k8ljIC", "token": "made"})
    mine = identity.parse_token("mine", "a test")
    typist = Typist(connect.connect(ConnectOptions(server=here.url, token=mine)), interactive=True)
    learned: list[object] = []
    names = types.SimpleNamespace(learn=lambda noun, rows: learned.append(rows))
    for line, counts in ((f"apitoken create --token {THEIRS}", False), ("apitoken create", True)):
        result = typist.type(line)
        assert "L7k8ljIC" in result
        learn_names(parse(line), {"id": "L7k8ljIC"}, cast("LiveNames", names))
        assert (bool(typist.history.steps), bool(learned)) == (counts, counts)
    typist.session.client.close()
