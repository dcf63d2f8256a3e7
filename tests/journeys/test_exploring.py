"""Exploring at the prompt, as a person sees it on a usual and on a small screen: issue "The prompt", its bullets.

Completion while typing, colours and validation, ``?``, the toolbar, secrets, history, settings, Ctrl-C.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import people
from tests.journeys.people import Person
from tests.journeys.screens import PROMPT, SIZES, SMALL, USUAL, fresh, joined, told, toolbar
from tests.processes import Server
from tests.terminal import Terminal


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


BOTH = pytest.mark.parametrize("at_prompt", [USUAL, SMALL], ids=["80x24", "40x20"], indirect=True)


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


@BOTH
def test_ctrl_c_gives_the_line_up_and_ctrl_d_leaves(at_prompt: Terminal) -> None:
    at_prompt.send("apitoken create --owner 'open")
    at_prompt.until("'open")
    fresh(at_prompt).press("ctrl-d")
    assert at_prompt.wait() == 0
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
