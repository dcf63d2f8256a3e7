"""Answers that no HTTP server is needed for; the rest is in test_client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from vshell.client.client import read_value
from vshell.client.error_responses import LONGEST_SENTENCE, read_error, sign_in_hint
from vshell.errors import Conflict, SlowDown, Unreachable


@dataclass
class Canned:
    status_code: int
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


def test_a_sentence_has_an_end() -> None:
    told = read_error(Canned(409, b'{"detail": "' + b"x" * 5000 + b'"}'), "https://vms.example")
    assert isinstance(told, Conflict)
    assert len(told.sentence) == LONGEST_SENTENCE


def test_slow_down_without_a_number_of_seconds() -> None:
    told = read_error(Canned(429), "https://vms.example")
    assert isinstance(told, SlowDown)
    assert told.hint == "Wait a moment and type the line again."


@pytest.mark.parametrize("status", [502, 504])
def test_a_proxy_without_its_server_is_unreachable(status: int) -> None:
    assert isinstance(read_error(Canned(status, b"<html>", {}), "https://vms.example"), Unreachable)


def test_text_that_is_not_utf_8_is_still_text() -> None:
    assert read_value(Canned(200, b"\xff", {"Content-Type": "text/plain"}), "x") == "\ufffd"


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        ("Set a new one: manager set_password", "Set a new one with: vshell -u bob manager set_password"),
        ("Sign in with: login", "Check the user name and the password."),
        (None, "Check the user name and the password."),
        ("Wait 3 seconds.", "Wait 3 seconds."),
    ],
)
def test_who_is_signing_in_is_not_told_to_sign_in(hint: str | None, expected: str) -> None:
    assert sign_in_hint(hint, "bob") == expected
