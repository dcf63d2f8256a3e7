"""Tokens as they are given, and the header they become."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from vshell.errors import Failed, Mistake, NotAllowed
from vshell.state.credentials import (
    Credential,
    parse_token,
    read_environment_token,
    read_password_argument,
    read_token_argument,
)

TOKEN = "L7k8ljIC.jm1P5Y0ONaJfUJhslJbAjRAyr9jcy89X"


def test_the_three_ways_to_give_a_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\nmore\n")
    stdin = io.StringIO(f"{TOKEN}\napitoken list\n")
    assert read_token_argument(TOKEN, stdin).token == TOKEN
    assert read_token_argument(f"@{tmp_path / 'token'}", stdin).token == TOKEN
    assert read_token_argument("-", stdin).token == TOKEN
    assert stdin.read() == "apitoken list\n"


@pytest.mark.parametrize("text", ["", "   ", "a b", "a\nb", "tökén", "a\x00b"])
def test_what_cannot_be_a_token_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse_token(text, "VSHELL_TOKEN")
    assert not text.strip() or text not in caught.value.sentence


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="cannot be read: No such file"):
        read_token_argument(f"@{tmp_path / 'none'}", io.StringIO())
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(Failed, match="not text"):
        read_token_argument(f"@{tmp_path / 'binary'}", io.StringIO())


def test_without_standard_input_no_token_comes_from_it() -> None:
    """Where a program is started with its standard input closed, Python has none."""
    with pytest.raises(Mistake, match="standard input is empty"):
        read_token_argument("-", None)


def test_the_environment() -> None:
    assert read_environment_token({}) is None
    assert read_environment_token({"VSHELL_TOKEN": "  "}) is None
    found = read_environment_token({"VSHELL_TOKEN": f" {TOKEN}\n"})
    assert found is not None
    assert (found.token, found.source) == (TOKEN, "VSHELL_TOKEN")


def test_a_token_is_a_bearer_and_a_password_is_basic() -> None:
    assert Credential("x", token="t").header() == "Bearer t"
    assert Credential("x", "bob", password="pä:ss").header() == "Basic Ym9iOnDDpDpzcw=="


def test_a_terminal_that_is_the_input_is_asked_unseen_and_in_ci_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    class Typed(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda question: asked.append(question) or TOKEN)  # type: ignore[func-returns-value]  # append gives None
    typed = Typed("seen by everybody")
    assert read_token_argument("-", typed).token == TOKEN
    assert read_password_argument("-", typed) == TOKEN
    assert asked == ["Token: ", "Password: "]
    monkeypatch.setenv("CI", "1")
    for taken in (lambda: read_token_argument("-", typed), lambda: read_password_argument("-", typed)):
        with pytest.raises(NotAllowed, match="CI is set"):
            taken()
    assert typed.read() == "seen by everybody"
