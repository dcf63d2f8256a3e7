"""Finding an object by name or number, and what a strange answer means."""

import io
import os

import pytest

from tests.vshell.commands.conftest import Shell
from tests.vshell.commands.typing import Typist
from tests.vshell.state.test_token_origins import checked
from tests.vshell.web import Asked, Reply, serving
from vshell.client import connect
from vshell.client.client import HttpClient
from vshell.client.connect import ConnectOptions
from vshell.commands import _objects, manager
from vshell.commands._objects import Collection, drop_none
from vshell.errors import Failed, Mistake, NotAllowed, NotFound
from vshell.state import terminal_key

ROLES = Collection("/roles/")


def test_an_object_is_found_by_name_and_by_number(local: Shell) -> None:
    by_name = ROLES.find(local.session, {"name": "csi"})
    assert by_name == ROLES.find(local.session, {"id_": 5}) == ROLES.find(local.session, {"id": 5})
    assert local.wire.asked == ["GET /roles/", "GET /roles/5/", "GET /roles/5/"]
    for name in ("nothing", "a&b=c", "../1", "\x1b[1m"):
        with pytest.raises(NotFound, match="There is no role named"):
            ROLES.find(local.session, {"name": name})


@pytest.mark.parametrize("answer", [["x"], {"detail": 1}, "text", [{"id": "7"}]])
def test_an_answer_of_another_shape_is_a_failure(answer: object) -> None:
    with serving(lambda asked: Reply(200, answer)) as web, pytest.raises(Failed):
        ROLES.find(Typist(HttpClient.at(web.url)).session, {"name": "csi"})


def test_fields_without_a_value_are_left_out() -> None:
    assert drop_none(a=None, b=0, c="", d=[], e=False) == {"b": 0, "c": "", "d": [], "e": False}


def test_digits_are_ids() -> None:
    assert manager.name_ids({"roles": ["5", "csi", "5a", "٥"]}) == {"roles": [5, "csi", "5a", "٥"]}
    assert manager.name_ids({"last_name": "5"}) == {"last_name": "5"}


def test_notes_become_a_mapping() -> None:
    assert _objects.pairs(None) is None
    assert _objects.pairs([]) is None
    assert _objects.pairs([("a", "1"), ("b", "")]) == {"a": "1", "b": ""}
    with pytest.raises(Mistake, match="'a' is given twice"):
        _objects.pairs([("a", "1"), ("a", "1")])


def test_an_answer_about_no_api_token_has_the_same_fields() -> None:
    token = _objects.flatten_token({"active": True, "user": "local-admin", "token": None, "permissions": []})
    assert token == {"id": None, "name": None, "expiry_date": None, "user": "local-admin", "permissions": []}


def test_an_error_of_its_own_each_time() -> None:
    assert _objects.dead_token_error() is not _objects.dead_token_error()


def test_what_is_typed_is_not_seen_when_only_the_output_leads_elsewhere(
    local: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def getpass(prompt: str) -> str:
        asked.append(prompt)
        return " typed "

    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr("getpass.getpass", getpass)
    assert local.session.read_token() == "typed"
    assert asked == ["Token: "]


def elsewhere(asked: Asked) -> Reply:
    """Refuse, as the server does, what no terminal's signature goes with."""
    if terminal_key.HEADER in asked.headers:
        return Reply(200, {"revoked": 1})
    return Reply(403, {"detail": "made at another terminal", "code": "other_terminal"})


@pytest.mark.parametrize("line", ["apitoken revoke --id L7k8ljIC", "auth revoke-token tok_L7k8ljIC"])
def test_what_ends_a_token_is_signed_where_the_server_asks_for_it(line: str) -> None:
    with serving(elsewhere) as web:
        typist = Typist(connect.connect(ConnectOptions(server=web.url)), confirm=lambda question: True)
        with pytest.raises(NotAllowed, match="another terminal"):
            typist.type(line)
        assert len(web.asked) == 1, "a terminal without a key has nothing to add"
        terminal_key.public_key(os.environ)
        typist.type(line)
        assert [terminal_key.HEADER in asked.headers for asked in web.asked] == [False, False, True]
        typist.session.client.close()


def test_a_rotation_is_signed_and_a_key_out_of_reach_is_no_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    token = checked("L7k8ljIC")
    with serving(lambda asked: Reply(200, {"id": "L7k8ljIC", "token": token})) as web:
        typist = Typist(connect.connect(ConnectOptions(server=web.url)), confirm=lambda question: True)
        terminal_key.public_key(os.environ)
        assert token in typist.type("apitoken rotate --id L7k8ljIC")
        assert terminal_key.HEADER in web.asked[-1].headers

        def locked(*arguments: object) -> dict[str, str]:
            raise NotAllowed("This terminal's key lies in the keyring, which cannot be used: it is locked.")

        monkeypatch.setattr(terminal_key, "signature", locked)
        assert token in typist.type("apitoken rotate --id L7k8ljIC")
        assert terminal_key.HEADER not in web.asked[-1].headers
        typist.session.client.close()
