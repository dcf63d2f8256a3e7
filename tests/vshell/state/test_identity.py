"""Tokens as they are given, and the header they become."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from vshell.errors import Failed, Mistake, NotAllowed
from vshell.state.identity import (
    Credential,
    find_authorities,
    is_loopback,
    may_carry_secrets,
    parse_fingerprint,
    parse_origin,
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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://VMS.Example:8443/", "https://vms.example:8443"),
        ("vms.example", "https://vms.example"),
        ("vms.example:8443", "https://vms.example:8443"),
        ("https://vms.example:443", "https://vms.example"),
        ("http://vms.example:80", "http://vms.example"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        (" https://vms.example ", "https://vms.example"),
    ],
)
def test_an_address_means_an_origin(typed: str, meant: str) -> None:
    assert parse_origin(typed) == meant
    assert parse_origin(meant) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ftp://vms.example",
        "https://",
        "https://vms.example:port",
        "https://vms.example:99999",
        "https://bob:secret@vms.example",
        "https://vms.example/api",
        "https://vms.example?x=1",
        "https://vms.example#x",
        "https://[::1",
        "https://a b",
    ],
)
def test_what_is_no_address_is_a_mistake(typed: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse_origin(typed)
    assert "secret" not in caught.value.sentence + (caught.value.hint or "")


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]", True),
        ("http://localhost:8443", True),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1.example", False),
        ("http://localhost.example", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, here: bool) -> None:
    assert is_loopback(url) is here
    assert may_carry_secrets(url) is here
    assert may_carry_secrets(url.replace("http:", "https:"))


@pytest.mark.parametrize("typed", ["ab" * 32, "AB:" * 31 + "AB", "SHA256:" + "ab" * 32, "sha256:" + "AB:" * 31 + "ab"])
def test_a_fingerprint_in_any_spelling(typed: str) -> None:
    assert parse_fingerprint(typed) == "ab" * 32


@pytest.mark.parametrize("typed", ["", "ab", "ab" * 33, "xy" * 32])
def test_what_is_no_fingerprint(typed: str) -> None:
    with pytest.raises(Mistake):
        parse_fingerprint(typed)


def test_the_environment_may_name_authorities() -> None:
    assert find_authorities({}) is True
    assert find_authorities({"SSL_CERT_FILE": "/a"}) == "/a"
    assert find_authorities({"SSL_CERT_FILE": "/a", "REQUESTS_CA_BUNDLE": "/b"}) == "/b"
