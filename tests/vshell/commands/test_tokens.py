"""What the commands about tokens share."""

import io
import os

import pytest

from tests.vshell.commands.conftest import Shell
from tests.vshell.commands.typing import Typist
from tests.vshell.state.test_token_origins import checked
from tests.vshell.web import Asked, Reply, serving
from vshell.client import connect
from vshell.client.connect import ConnectOptions
from vshell.commands import _tokens
from vshell.errors import Mistake, NotAllowed
from vshell.state import terminal_key


def test_notes_become_a_mapping() -> None:
    assert _tokens.pairs(None) is None
    assert _tokens.pairs([]) is None
    assert _tokens.pairs([("a", "1"), ("b", "")]) == {"a": "1", "b": ""}
    with pytest.raises(Mistake, match="'a' is given twice"):
        _tokens.pairs([("a", "1"), ("a", "1")])


def test_an_answer_about_no_api_token_has_the_same_fields() -> None:
    flat = _tokens.flat({"active": True, "user": "local-admin", "token": None, "permissions": []})
    assert flat == {"id": None, "name": None, "expiry_date": None, "user": "local-admin", "permissions": []}


def test_an_error_of_its_own_each_time() -> None:
    assert _tokens.not_live() is not _tokens.not_live()


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
        typist.session.api.close()


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
        typist.session.api.close()
