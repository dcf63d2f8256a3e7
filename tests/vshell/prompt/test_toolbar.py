"""The toolbar and the prompt tell who, where, until when and how it stands, in any width."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.vshell.prompt.talking import names
from vshell.completion.live_names import LiveNames, State
from vshell.prompt.toolbar import Status, TypedLine, length, message, title, toolbar

NOW = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Known(LiveNames):
    """Names that stand as a test says."""

    def __init__(self, who: str, url: str, state: State, **login: str) -> None:
        super().__init__(names)  # type: ignore[arg-type]  # never asked
        self.url = url
        self.told = state
        if who:
            self.learn("login", [{"username": who, **login}])

    @property
    def state(self) -> State:
        """Return what the test says."""
        return self.told


FRESH = State("fresh")


def parts(
    known: LiveNames, status: Status | None = None, typed: TypedLine | None = None, width: int = 200
) -> list[tuple[str, str]]:
    shown = toolbar(known, status or Status(), typed or TypedLine(), width, NOW)
    return [(style, text) for style, text, *_ in shown]


def told(known: LiveNames, status: Status | None = None, typed: TypedLine | None = None, width: int = 200) -> str:
    return "".join(text for _, text in parts(known, status, typed, width))


@pytest.mark.parametrize(
    ("who", "url", "state", "code", "expected"),
    [
        ("", "", State("idle"), None, " no server yet "),
        ("", "https://vms.example", State("loading"), None, " vms.example | names: loading "),
        ("admin", "https://vms.example:8443", FRESH, 0, " admin at vms.example:8443 | exit 0 | 12 ms "),
        ("admin", "https://a", State("failed", "the server does not answer"), 7,
         " admin at a | exit 7 | 12 ms | names: the server does not answer "),
        ("a\x1b[2J", "https://a", State("failed", "x\x07\ny"), 1,
         " a\\x1b[2J at a | exit 1 | 12 ms | names: x\\x07\\ny "),
    ],
)  # fmt: skip
def test_it_tells_how_it_stands(who: str, url: str, state: State, code: int | None, expected: str) -> None:
    status = Status(exit_code=code, seconds=None if code is None else 0.0123)
    assert told(Known(who, url, state), status) == expected


@pytest.mark.parametrize(
    ("left", "expected", "style"),
    [
        (timedelta(days=30), "ends in 30 d", "class:toolbar"),
        (2 * HOUR, "ends in 2 h", "class:toolbar"),
        (HOUR, "ends in 1 h", "class:toolbar.warning"),
        (timedelta(minutes=6), "ends in 6 min", "class:toolbar.warning"),
        (timedelta(minutes=5), "ends in 5 min", "class:toolbar.trouble"),
        (timedelta(), "ended: sign in with login", "class:toolbar.trouble"),
    ],
)
def test_the_end_of_the_credential_is_yellow_at_an_hour_and_red_at_five_minutes(
    left: timedelta, expected: str, style: str
) -> None:
    known = Known("bob", "https://a", FRESH, expires_at=(NOW + left).isoformat())
    assert (style, expected) in parts(known)


def test_a_sign_in_lives_as_long_as_it_renews_itself() -> None:
    ends = {"expires_at": (NOW + HOUR).isoformat(), "renewable_until": (NOW + 5 * HOUR).isoformat()}
    assert "ends in 5 h" in told(Known("bob", "https://a", FRESH, **ends))
    assert "ends" not in told(Known("bob", "https://a", FRESH, expires_at="one day"))


def test_trouble_stands_out() -> None:
    found = parts(Known("a", "https://a", State("failed", "trouble")), Status(exit_code=3))
    assert [text for style, text in found if style == "class:toolbar.trouble"] == ["exit 3", "names: trouble"]
    assert "class:toolbar.trouble" not in dict(parts(Known("a", "https://a", State("loading")), Status(exit_code=0)))


def test_the_keyring_is_told() -> None:
    assert ("class:toolbar", "keyring") in parts(Known("a", "https://a", FRESH), Status(credential="keyring"))
    away = Status(credential="keyring: it is locked", keyring_trouble=True)
    assert ("class:toolbar.warning", "keyring: it is locked") in parts(Known("a", "https://a", FRESH), away)


FULL = Status(exit_code=0, seconds=3.4, credential="keyring", news="Ctrl-O sends the new token")
ENDING = {"expires_at": (NOW + HOUR).isoformat()}


def test_the_least_important_goes_first_where_room_is_short() -> None:
    known = Known("bob", "https://vms.example:8443", FRESH, **ENDING)
    status = Status(exit_code=0, seconds=3.4, credential="keyring")
    assert told(known, status) == " bob at vms.example:8443 | ends in 1 h | keyring | exit 0 | 3.4 s "
    assert told(known, status, width=60) == " bob at vms.example:8443 | ends in 1 h | keyring | exit 0 "
    assert told(known, status, width=40) == " bob at vms.example:8443 | ends in 1 h "
    assert told(known, status, width=24) == " bob | ends in 1 h "
    failed = Status(exit_code=7, seconds=3.4)
    known.told = State("failed", "the server does not answer")
    assert "the server does not answer" in told(known, failed, width=40)


@pytest.mark.parametrize("width", [10, 20, 40, 80])
def test_it_never_wraps(width: int) -> None:
    known = Known("名前" * 10, "https://a", State("failed", "y" * 50), **ENDING)
    typed = TypedLine("why it is wrong " * 10, "180D -> 2027-05-20 14:03 UTC")
    for status in (FULL, Status()):
        assert len(told(known, status, typed, width=width)) <= width


def test_why_the_line_is_wrong_and_what_is_meant_come_first() -> None:
    known = Known("bob", "https://vms.example:8443", FRESH)
    typed = TypedLine("", "180D -> 2027-05-20 14:03 UTC")
    assert told(known, FULL, typed, width=80).startswith(" Ctrl-O sends the new token | 180D -> 2027-05-20 14:03 UTC")
    assert told(known, Status(exit_code=0), typed, width=40).startswith(" 180D -> 2027-05-20 14:03 UTC")
    wrong = TypedLine("--expiry-date: '1y' has an unknown unit; years have a capital Y: '1Y'.", "")
    assert told(known, Status(), wrong, width=40) == " --expiry-date: '1y' has an unknown ... "


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0004, "0 ms"),
        (0.9, "900 ms"),
        (3.44, "3.4 s"),
        (60, "1 min"),
        (7_199, "1 h"),
        (90_000, "25 h"),
        (1e6, "11 d"),
    ],
)
def test_lengths_are_short(seconds: float, expected: str) -> None:
    assert length(seconds) == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [("admin", "vshell: admin> "), ("", "vshell> "), ("a\x1b]0;x\x07", "vshell: a\\x1b]0;x\\x07> ")],
)
def test_the_prompt_names_who_we_are(who: str, expected: str) -> None:
    known = Known(who, "", State("idle"))
    assert "".join(part[1] for part in message(known)) == expected
    assert "".join(part[1] for part in message(known, short=True)) == "> "


def test_the_title_names_who_and_where() -> None:
    assert title(Known("a\x07", "https://b:8443", FRESH)) == "vshell: a\\x07 at b:8443"
    assert title(Known("", "", FRESH)) == "vshell:"
