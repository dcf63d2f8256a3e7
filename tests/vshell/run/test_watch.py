"""Rounds of a command: blocks in a pipe, one place on a screen with what is new marked."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from tests.vshell.small import REGISTRY
from vshell.client.client import HttpClient
from vshell.errors import NotFound, Unreachable
from vshell.language.grammar import parse
from vshell.language.parsed_line import Watch
from vshell.output import Output
from vshell.run import watch
from vshell.run.watch import Watcher, mark_differences
from vshell.session import Session
from vshell.state.settings import Settings

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def watching(answers: list[object], watch: Watch, waits: list[float]) -> Watcher:
    """Return a watch of a command that answers so, one after the other."""
    left = list(answers)

    def run() -> str:
        answer = left.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return str(answer)

    wait: Callable[[float], None] = waits.append
    return Watcher("apitoken list", watch, run, clock=lambda: NOON, wait=wait)


def test_in_a_pipe_each_round_is_a_block() -> None:
    waits: list[float] = []
    out = io.StringIO()
    watching(["a\n", "b\n"], Watch(5, 2), waits).write_blocks(out)
    first, second = out.getvalue().split("\n\n")
    assert first.startswith("# every 5 s: apitoken list, at 2026-11-21 ")
    assert first.endswith("\na")
    assert second.endswith("\nb\n")
    assert waits == [5]


def test_on_a_screen_what_is_new_is_reversed_and_the_last_round_stays() -> None:
    waits: list[float] = []
    out = io.StringIO()
    watching(["uses 1\nsame\n", "uses 2\nsame\n"], Watch(2, 2), waits).draw_screens(out)
    drawn = out.getvalue()
    assert "uses \x1b[7m2\x1b[27m" in drawn
    assert "\x1b[7msame" not in drawn
    assert drawn.startswith("\x1b[?1049h")
    assert drawn.endswith("\x1b[?1049luses 2\nsame\n")


def test_ctrl_c_leaves_the_screen_as_it_was() -> None:
    out = io.StringIO()
    with pytest.raises(KeyboardInterrupt):
        watching(["a\n", KeyboardInterrupt()], Watch(1), []).draw_screens(out)
    assert out.getvalue().endswith("\x1b[?1049la\n")


def test_a_server_that_is_away_is_told_and_asked_again() -> None:
    out = io.StringIO()
    watching(["a\n", Unreachable("No server answers."), "b\n"], Watch(1, 3), []).draw_screens(out)
    assert "No server answers." in out.getvalue()
    assert out.getvalue().endswith("b\n")


def test_another_failure_ends_it() -> None:
    with pytest.raises(NotFound):
        watching([NotFound("Gone.")], Watch(1), []).draw_screens(io.StringIO())


def test_a_round_may_ask_until_one_has_succeeded(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.StringIO):
        screen = os.terminal_size((80, 24))

        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(watch, "Watcher", partial(Watcher, wait=lambda seconds: None))
    rounds: list[bool] = []

    def run_once(may_ask: bool) -> None:
        rounds.append(may_ask)
        if len(rounds) == 1:
            raise Unreachable("No server answers.")

    session = Session(HttpClient.at("http://localhost:1"), Output(Screen(), io.StringIO()), Settings())
    watch.watch_line(parse("watch 1s --count 4 apitoken list", registry=REGISTRY), session, run_once)
    assert rounds == [True, True, False, False]


def test_what_is_longer_than_the_screen_is_told() -> None:
    out = io.StringIO()
    watching(["line\n" * 30], Watch(1, 1), []).draw_screens(out)
    assert "8 more lines" in out.getvalue()


@pytest.mark.parametrize(
    ("before", "now", "marked"),
    [
        (["a", "b"], ["a", "b"], [[("a", False)], [("b", False)]]),
        (["a"], ["a", "b"], [[("a", False)], [("b", True)]]),
        (["x1", "y"], ["x2", "y"], [[("x", False), ("2", True)], [("y", False)]]),
        (["short"], ["longer"], [[("longer", True)]]),
        (["a", "b"], ["new", "a", "b"], [[("new", True)], [("a", False)], [("b", False)]]),
    ],
)
def test_only_what_is_new_is_marked(before: list[str], now: list[str], marked: object) -> None:
    assert mark_differences(before, now) == marked
