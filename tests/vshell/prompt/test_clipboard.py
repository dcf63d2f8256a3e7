"""A new token goes to the terminal's clipboard by OSC 52, through tmux and screen too."""

import base64

import pytest

from vshell.prompt.clipboard import has_clipboard, sequence, token_of

TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"
PAYLOAD = base64.b64encode(TOKEN.encode()).decode()


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"id": "427hZs6d", "token": TOKEN}, TOKEN),
        ({"token": "not.one"}, ""),
        ({"token": {"id": "427hZs6d"}}, ""),
        ({"id": "427hZs6d"}, ""),
        ([{"token": TOKEN}], ""),
        (None, ""),
    ],
)
def test_a_new_token_is_found_in_what_a_command_returned(result: object, expected: str) -> None:
    assert token_of(result) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("xterm-256color", True), ("tmux-256color", True), ("dumb", False), ("linux", False), ("", False)],
)
def test_not_every_terminal_has_a_clipboard(kind: str, expected: bool) -> None:
    assert has_clipboard({"TERM": kind}) is expected


def test_the_sequence_is_osc_52() -> None:
    plain = f"\x1b]52;c;{PAYLOAD}\x07"
    assert sequence(TOKEN, {}) == plain
    assert sequence(TOKEN, {"TMUX": "/tmp/tmux"}) == f"{plain}\x1bPtmux;\x1b{plain}\x1b\\"
    assert sequence(TOKEN, {"STY": "1.pts"}) == f"\x1bP{plain}\x1b\\"
    assert TOKEN not in sequence(TOKEN, {})
