"""The toolbar and the prompt tell who, where and how it stands."""

import pytest

from tests.vshell.prompt.talking import names
from vshell.names import ServerNames, State
from vshell.prompt.toolbar import message, toolbar


class Standing(ServerNames):
    """Names that stand as a test says."""

    def __init__(self, who: str, url: str, state: State) -> None:
        super().__init__(names)  # type: ignore[arg-type]  # never asked
        self.url = url
        self.told = state
        if who:
            self.learn("login", [{"username": who}])

    @property
    def state(self) -> State:
        """Return what the test says."""
        return self.told


@pytest.mark.parametrize(
    ("who", "url", "state", "code", "expected"),
    [
        ("", "", State("idle"), None, " no server yet "),
        ("", "https://vms.example", State("loading"), None, " vms.example | names: loading "),
        ("admin", "https://vms.example:8443", State("fresh"), 0, " admin at vms.example:8443 | exit 0 "),
        ("admin", "https://a", State("failed", "the server does not answer"), 7,
         " admin at a | exit 7 | names: the server does not answer "),
        ("a\x1b[2J", "https://a", State("failed", "x\x07\ny"), 1,
         " a\\x1b[2J at a | exit 1 | names: x\\x07\\ny "),
    ],
)  # fmt: skip
def test_the_toolbar_tells_how_it_stands(who: str, url: str, state: State, code: int | None, expected: str) -> None:
    assert "".join(part[1] for part in toolbar(Standing(who, url, state), code)) == expected


def test_trouble_stands_out() -> None:
    parts = toolbar(Standing("a", "https://a", State("failed", "trouble")), 3)
    assert [text for style, text, *_ in parts if style == "class:toolbar.trouble"] == ["exit 3", "names: trouble"]
    parts = toolbar(Standing("a", "https://a", State("loading")), 0)
    assert not [text for style, text, *_ in parts if style == "class:toolbar.trouble"]


@pytest.mark.parametrize(
    ("who", "expected"),
    [("admin", "vshell: admin> "), ("", "vshell> "), ("a\x1b]0;x\x07", "vshell: a\\x1b]0;x\\x07> ")],
)
def test_the_prompt_names_who_we_are(who: str, expected: str) -> None:
    assert "".join(part[1] for part in message(Standing(who, "", State("idle")))) == expected
