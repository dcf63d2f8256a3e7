"""Exploring at the prompt, as a person sees it on a usual and on a small screen: issue "The prompt", its bullets.

Completion while typing, colours and validation, ``?``, the toolbar, secrets, history, settings, Ctrl-C.
"""

from __future__ import annotations

import base64
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import PASSWORD, Person
from tests.processes import Server, needed
from tests.terminal import Terminal

PROMPT = "vshell: local-admin>"
SIZES = pytest.mark.parametrize("size", [(80, 24), (40, 20)], ids=["80x24", "40x20"])


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host, where bob and eve have a token each."""
    for name in ("bob", "eve"):
        assert server.call("POST", "/managers/", {"username": name}).ok
    server.create(owner="bob", name="nightly", expiry_date="180D")
    server.create(owner="eve", name="other")
    return people.on_the_host(server, tmp_path / "host")


@pytest.fixture
def at_prompt(host: Person, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """The prompt of that person, on a screen of the size that the test asks for."""
    columns, lines = getattr(request, "param", (80, 24))
    with host.at_a_terminal(columns=columns, lines=lines) as terminal:
        terminal.until(lambda here: here.line == PROMPT and "loading" not in here.text)
        yield terminal


def fresh(terminal: Terminal) -> Terminal:
    """Give the line up and wait for an empty prompt."""
    terminal.press("ctrl-c")
    terminal.until(lambda here: here.line == PROMPT)
    return terminal


def joined(terminal: Terminal) -> str:
    """Return the screen as one line, so that what is typed is found wherever it is broken."""
    return "".join(terminal.screen.display)


def told(terminal: Terminal) -> str:
    """Return the screen's words in one line, so that a sentence, which is broken at words, is found."""
    return " ".join(" ".join(terminal.screen.display).split())


def toolbar(terminal: Terminal) -> str:
    return terminal.screen.display[-1]


BOTH = pytest.mark.parametrize("at_prompt", [(80, 24), (40, 20)], ids=["80x24", "40x20"], indirect=True)


@BOTH
def test_the_menu_explains_and_finds_what_is_meant(at_prompt: Terminal) -> None:
    at_prompt.send("apitoken mod")
    at_prompt.until("Modify")
    at_prompt.press("tab", "enter")  # the one that is meant is taken, and the line runs: what it needs is told
    at_prompt.until(lambda here: "apitoken modify needs" in told(here))
    at_prompt.until(lambda here: here.line == PROMPT)
    at_prompt.send("apitoken create --date")
    at_prompt.until(lambda here: here.text.count("--expiry-date") == 2)  # one is the example's, above
    fresh(at_prompt).send("manager create ")
    at_prompt.until(lambda here: "nee" in here.line_with(" --username "))


def test_tokens_are_offered_with_owner_and_end_and_only_those_of_the_owner_on_the_line(at_prompt: Terminal) -> None:
    at_prompt.send("apitoken list --name ")
    at_prompt.until(lambda here: "nightly" in here.text)
    fresh(at_prompt).send("apitoken list --owner eve --name ")
    at_prompt.until("NAME")
    at_prompt.until(lambda here: "nightly" not in here.text)
    fresh(at_prompt).send("apitoken revoke --id nigh")
    at_prompt.until("nightly, bob, until 20")


@BOTH
def test_a_wrong_value_is_underlined_while_it_is_typed_and_the_toolbar_says_why(at_prompt: Terminal) -> None:
    at_prompt.send("apitoken create --auto 18")
    at_prompt.until("18 days")
    assert "unit" not in toolbar(at_prompt)
    at_prompt.send("y")
    at_prompt.until(lambda here: "--auto: '18y' has an unknown unit" in toolbar(here))
    row, column = next((y, line.index("18y")) for y, line in enumerate(at_prompt.screen.display) if " 18y" in line)
    at_prompt.until(lambda here: here.screen.buffer[row][here.screen.display[row].index("18y")].underscore)
    assert column
    at_prompt.press("backspace")
    at_prompt.send("D")
    at_prompt.until(lambda here: "18D -> 20" in toolbar(here) and " UTC" in toolbar(here))
    at_prompt.until(lambda here: not here.screen.buffer[row][column].underscore)


@BOTH
def test_the_grey_hint_tells_what_may_come_and_the_arrow_takes_it(at_prompt: Terminal) -> None:
    at_prompt.send("manager cr")
    at_prompt.until(lambda here: "manager create" in joined(here))
    at_prompt.press("right")
    at_prompt.send(" --user")
    at_prompt.until(lambda here: "manager create --username" in joined(here))
    at_prompt.press("right")
    at_prompt.send(" zoe")
    at_prompt.until(lambda here: "manager create --username zoe" in joined(here))
    fresh(at_prompt)
    at_prompt.send("apit")
    at_prompt.until(lambda here: here.line.endswith("apitoken"))
    at_prompt.press("right")
    at_prompt.send(" revoke --id")
    at_prompt.until(lambda here: "revoke --id ID" in joined(here))


@BOTH
def test_a_question_mark_explains_what_may_come_and_leaves_the_line(at_prompt: Terminal) -> None:
    at_prompt.send("apitoken revoke ?")
    at_prompt.until("--prefix PREFIX" if at_prompt.screen.columns > 40 else "--orphan-children")
    at_prompt.until("Also --output")
    at_prompt.until("Example  apitoken revoke --id")
    at_prompt.until(lambda here: here.line.startswith(f"{PROMPT} apitoken revoke"))
    at_prompt.send("--id ?")
    at_prompt.until("nightly, bob, until 20" if at_prompt.screen.columns > 40 else "nightly, bob")
    fresh(at_prompt).send("?")
    at_prompt.until("whoami")
    at_prompt.until(lambda here: here.line == PROMPT)
    at_prompt.enter("api GET '/apitokens/?owner=bob' --output ids")
    at_prompt.until(lambda here: "owner=bob' --output ids" in joined(here) and here.line == PROMPT)


def test_words_are_cut_short_at_the_prompt_only(host: Person, at_prompt: Terminal) -> None:
    at_prompt.enter("apit li --own bob")
    at_prompt.until("apitoken list --owner bob")
    at_prompt.until("| nightly |")
    for arguments, stdin in ((("apit", "li"), ""), (("-c", "apit li"), ""), ((), "apit li\n")):
        ran = host.run(*arguments, stdin=stdin)
        assert ran.code == 2
        assert "'apit' is short for apitoken, which only the prompt accepts." in ran.err
        assert "Write: apitoken list" in ran.err


def test_a_new_token_is_copied_by_one_key_until_the_next_line(at_prompt: Terminal) -> None:
    at_prompt.enter("apitoken create --owner bob")
    issued = people.CREATED  # its line is longer than this screen
    at_prompt.until("Ctrl-O sends the new token")
    shown = "".join(at_prompt.screen.display).replace(" ", "")
    token = shown[shown.index("youtokenis:".replace("you", "your")) + len("yourtokenis:") :][:41]
    assert issued.pattern
    at_prompt.send("\x0f")
    at_prompt.until("was sent to your clipboard")
    sent = at_prompt.written.partition(b"\x1b]52;c;")[2].partition(b"\x07")[0]
    assert base64.b64decode(sent).decode() == token
    at_prompt.enter("set output ids")
    at_prompt.until("exit 0")
    before = at_prompt.written.count(b"]52;")
    at_prompt.send("\x0f")
    at_prompt.send("# still here")
    at_prompt.until("# still here")
    assert at_prompt.written.count(b"]52;") == before


@BOTH
def test_a_pasted_token_is_seen_for_what_it_is(host: Person, server: Server, at_prompt: Terminal) -> None:
    token = server.create(owner="bob")["token"]
    at_prompt.paste(token)
    at_prompt.until(lambda here: "This is a token; it will be" in toolbar(here))
    at_prompt.press("enter")
    at_prompt.until(lambda here: "it was neither run nor kept" in told(here))
    at_prompt.until(lambda here: f"revoke --id {token[:8]}" in told(here))
    at_prompt.until(lambda here: here.line == PROMPT)
    at_prompt.press("ctrl-r")
    at_prompt.send(token[9:13])
    at_prompt.press("enter", "ctrl-d", "ctrl-c")
    assert token[9:] not in at_prompt.text
    kept = [path for path in host.home.rglob("*") if path.is_file()]
    assert not any(token[9:].encode() in path.read_bytes() for path in kept)


def test_the_history_is_searched_and_private(host: Person) -> None:
    with host.at_a_terminal(columns=80, lines=24) as terminal:
        terminal.until(lambda here: here.line == PROMPT)
        for line in ("apitoken list --owner bob", "apitoken list --owner eve"):
            terminal.enter(line)
            terminal.until(lambda here: here.line == PROMPT and "exit 0" in here.text)
        # The old lines come back in a moment, in which a person could type a word.
        terminal.send("apit")
        terminal.until(lambda here: here.line.endswith("apitoken"))
        terminal.press(*["backspace"] * 4)
        terminal.until(lambda here: here.line == PROMPT)
        terminal.press("ctrl-r")
        terminal.send("owner b")
        terminal.until(lambda here: f"{PROMPT} apitoken list --owner bob" in here.text.rpartition("eve")[2])
        terminal.press("enter", "enter")
        terminal.until(lambda here: here.line == PROMPT)
    (file,) = (host.home / ".local/state/vshell/history").glob("*.jsonl")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().count("--owner bob") == 2


def test_settings_hold_at_once(at_prompt: Terminal) -> None:
    at_prompt.enter("set")
    at_prompt.until("The keys of the prompt. (emacs, vi)")
    at_prompt.enter("set title on")
    at_prompt.until(lambda here: here.screen.title.startswith("vshell: local-admin at 127.0.0.1:"))
    at_prompt.enter("set transient_prompt on")
    at_prompt.until(lambda here: here.line == PROMPT)
    at_prompt.enter("set editing vi")
    at_prompt.until(lambda here: "> set editing vi" in here.text.split("\n") and here.line == PROMPT)
    at_prompt.send("help me\x1b")
    at_prompt.send("ccset editing emacs")  # the line is changed as vi does
    at_prompt.until(lambda here: here.line.startswith(f"{PROMPT} set editing emacs"))


@BOTH
def test_ctrl_c_gives_the_line_up_and_ctrl_d_leaves(at_prompt: Terminal) -> None:
    at_prompt.send("apitoken create --owner 'open")
    at_prompt.until("'open")
    fresh(at_prompt).press("ctrl-d")
    assert at_prompt.wait() == 0
    assert "Traceback" not in at_prompt.text


def test_a_server_that_goes_away_is_said_below_and_the_prompt_stays(server: Server, at_prompt: Terminal) -> None:
    server.process.terminate()
    server.process.wait()
    at_prompt.enter("apitoken list")
    at_prompt.until("No server answers at")
    at_prompt.until("exit 7")
    at_prompt.until(lambda here: "names: the server does not answer" in toolbar(here))
    assert "Traceback" not in at_prompt.text


@SIZES
def test_a_dumb_terminal_answers_in_plain_lines(host: Person, size: tuple[int, int]) -> None:
    host.environment["TERM"] = "dumb"
    with host.at_a_terminal(columns=size[0], lines=size[1]) as terminal:
        terminal.until("vshell")
        terminal.enter("apitoken ?")
        terminal.until("Example  apitoken")
        terminal.enter("apitoken list --output ids")
        terminal.until(lambda here: here.text.rstrip().endswith(">"))
        terminal.press("ctrl-d")
        assert terminal.wait() == 0
        assert b"\x1b" not in terminal.written


@pytest.mark.parametrize(
    ("backend", "why"),
    [
        ("keyring.backends.fail.Keyring", "none is running"),
        ("keyring.backends.null.Keyring", "keyring.backends.null.Keyring keeps nothing"),
        ("no.such.Backend", "PYTHON_KEYRING_BACKEND names a backend that is not there"),
        ("tests.vshell.keyring_backends.Hanging", "it did not answer in 3 seconds"),
        (
            "tests.vshell.keyring_backends.PlaintextKeyring",
            "keyrings.alt.file.PlaintextKeyring keeps secrets as plain text",
        ),
    ],
)
def test_a_keyring_that_is_away_is_said_in_one_line_and_waited_for_by_nobody(
    server: Server, tmp_path: Path, backend: str, why: str
) -> None:
    person = _with_a_session_in_the_keyring(server, tmp_path / "laptop", {"PYTHON_KEYRING_BACKEND": backend})
    with person.at_a_terminal(columns=200, lines=24) as terminal:
        _keyring_is_said_once(terminal, why)
    assert not list(person.home.rglob("*.cfg")), "nothing was kept unasked"


def test_a_locked_keyring_is_said_in_one_line_and_opens_no_dialog(server: Server, tmp_path: Path) -> None:
    needed("dbus-run-session", "dbus")
    needed("gnome-keyring-daemon", "gnome-keyring")
    laptop = tmp_path / "laptop"
    person = _with_a_session_in_the_keyring(server, laptop, {"XDG_RUNTIME_DIR": str(laptop)})
    unlocked = "printf ci | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "
    made = unlocked + f'exec {sys.executable} -c \'from vshell import keyrings; keyrings.write("a", "b", "c")\''
    subprocess.run(
        ("dbus-run-session", "--", "sh", "-c", made),
        env=person.environment,
        check=True,
        capture_output=True,
        timeout=60,
    )
    program = ("dbus-run-session", "--", *people.PROGRAM, *person.flags)
    with Terminal(program, person.environment, columns=200, lines=24, directory=str(laptop)) as terminal:
        _keyring_is_said_once(terminal, "it is locked")


def _with_a_session_in_the_keyring(server: Server, home: Path, environment: dict[str, str]) -> Person:
    """Return somebody whose shell remembers that a session is kept in the keyring."""
    person = Person(home, ("--server", server.url), environment)
    state = person.home / ".local/state/vshell/state.json"
    state.parent.mkdir(parents=True)
    state.touch(mode=0o600)
    state.write_text(f'{{"sessions": {{"{server.url}": {{"store": "keyring", "username": "bob"}}}}}}')
    return person


def _keyring_is_said_once(terminal: Terminal, why: str) -> None:
    """Make sure that the prompt comes first, and what is wrong with the keyring beside what is typed."""
    terminal.until(lambda here: here.line == "vshell>", seconds=3)  # before the keyring is asked
    terminal.send("help exit_")
    terminal.until(lambda here: f"which cannot be used: {why}." in here.text)
    terminal.until(lambda here: f"keyring: {why}" in toolbar(here))
    assert terminal.text.count("cannot be used") == 1
    assert "help exit_" in terminal.line, "what is typed meanwhile stays"


def test_the_end_of_a_sign_in_is_told(server: Server, tmp_path: Path) -> None:
    assert server.call("PATCH", "/managers/2/password/", {"password": PASSWORD}).ok
    assert server.call("PATCH", "/vms/1/", {"access_token_lifetime": "120", "refresh_token_lifetime": "240"}).ok
    person = Person(tmp_path / "laptop", ("--server", server.url, "-u", "admin"))
    with person.at_a_terminal(columns=80, lines=24) as terminal:
        terminal.until("Password of admin")
        terminal.enter(PASSWORD)
        terminal.until(lambda here: "ends in " in toolbar(here) and " min" in toolbar(here))
        column = toolbar(terminal).index("ends in")
        assert terminal.screen.buffer[23][column].fg in ("red", "default")
        assert terminal.screen.buffer[23][column].bold
