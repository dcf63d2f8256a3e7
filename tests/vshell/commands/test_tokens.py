"""What the commands about tokens share."""

import io

import pytest

from tests.vshell.commands.conftest import Shell
from vshell.commands import _tokens
from vshell.errors import Mistake


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
    assert _tokens.token_from_input(local.session) == "typed"
    assert asked == ["Token: "]
