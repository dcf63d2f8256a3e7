"""Lines at the same time: really at the same time, shown in their order, in turn where one needs another."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.vshell.small import REGISTRY
from tests.vshell.waiting import eventually
from tests.vshell.web import Asked, Reply, Web, serving
from vshell.client.client import HttpClient
from vshell.output import Output
from vshell.run import parallel
from vshell.run.results import Line, Summary
from vshell.run.script import number_lines
from vshell.session import Session
from vshell.state.settings import Settings


class Meeting:
    """A server that answers no create before so many of them have arrived."""

    def __init__(self, together: int) -> None:
        self.barrier = threading.Barrier(together, timeout=10)
        self.order: list[str] = []

    def __call__(self, asked: Asked) -> Reply:
        name = asked.json["name"]
        self.order.append(name)
        if name.startswith("together"):
            self.barrier.wait()
        if name.startswith("refused"):
            return Reply(409, {"detail": f"{name} is not to be", "code": "conflict", "hint": None})
        return Reply(201, {"id": name})


@pytest.fixture
def web() -> Iterator[Web]:
    """A server that answers at once."""
    with serving(Meeting(1)) as running:
        yield running


def ran(web: Web, *lines: str, number: int = 4, keep_going: bool = False) -> tuple[Any, str, str]:
    """Run the lines and return the outcome and what was printed."""
    out = Output(io.StringIO(), io.StringIO(), "ids")
    session = Session(HttpClient.at(web.url), out, Settings())
    session.registry = REGISTRY
    tally = Summary(out.note)
    parallel.run(number_lines(lines), session, tally, jobs=number, keep_going=keep_going)
    session.client.close()
    assert isinstance(out.stdout, io.StringIO)
    assert isinstance(out.stderr, io.StringIO)
    return tally.outcome, out.stdout.getvalue(), out.stderr.getvalue()


def test_as_many_lines_run_at_once_as_there_are_jobs() -> None:
    names = [f"together{number}" for number in range(4)]
    with serving(Meeting(4)) as web:
        outcome, printed, told = ran(web, *(f"apitoken create --name {name}" for name in names))
    assert (outcome.lines, outcome.failed, told) == (4, 0, "")
    assert printed.split() == names, "in the order of the lines, whoever was first"


def test_a_line_with_a_variable_waits_for_those_before_it_and_is_waited_for() -> None:
    meeting = Meeting(2)
    lines = (
        "apitoken create --name together1",
        "apitoken create --name together2",
        "let t = apitoken create --name alone",
        "apitoken create --name $t.id",
        "apitoken create --name together3",
        "apitoken create --name together4",
    )
    with serving(meeting) as web:
        outcome, printed, _ = ran(web, *lines)
    assert outcome.failed == 0
    assert printed.split() == ["together1", "together2", "alone", "together3", "together4"]
    assert sorted(meeting.order[:2]) == ["together1", "together2"]
    assert meeting.order[2:4] == ["alone", "alone"]


def test_the_first_failure_ends_the_run_and_what_had_begun_is_shown(web: Web) -> None:
    lines = ["apitoken create --name refused", *(f"apitoken create --name later{n}" for n in range(100))]
    outcome, printed, told = ran(web, *lines, number=2)
    assert outcome.exit_code == 5
    assert outcome.failed == 1
    assert told.startswith("-c:1: refused is not to be")
    begun = [name for asked in web.asked if (name := asked.json["name"]) != "refused"]
    assert printed.split() == sorted(begun, key=lambda name: int(name[5:]))
    assert len(begun) <= 2 * parallel.AHEAD + 2, "no more than was ahead"


def test_keeping_going_runs_all_and_tells_each_failure_in_its_order(web: Web) -> None:
    lines = [f"apitoken create --name {'refused' if n % 3 == 0 else 'x'}{n}" for n in range(30)]
    outcome, printed, told = ran(web, *lines, keep_going=True)
    assert (outcome.exit_code, outcome.lines, outcome.failed) == (5, 30, 10)
    assert printed.split() == [f"x{n}" for n in range(30) if n % 3]
    places = [line.split(": ")[0] for line in told.splitlines() if line.startswith("-c:")]
    assert places == [f"-c:{n + 1}" for n in range(0, 30, 3)]


def test_a_line_that_leaves_the_shell_is_the_last(web: Web) -> None:
    outcome, printed, _ = ran(web, "apitoken create --name a", "exit", "apitoken create --name b")
    assert printed.split() == ["a"]
    assert outcome.exit_code == 0


def test_ctrl_c_begins_nothing_more_and_shows_what_was_done(web: Web) -> None:
    out = Output(io.StringIO(), io.StringIO(), "ids")
    session = Session(HttpClient.at(web.url), out, Settings())
    session.registry = REGISTRY
    tally = Summary(out.note)

    def lines() -> Iterator[Line]:
        yield from number_lines(["apitoken create --name a", "apitoken create --name b"])
        eventually(lambda: len(web.asked) == 2, "the second line")
        raise KeyboardInterrupt

    parallel.run(lines(), session, tally, jobs=2, keep_going=False)
    session.client.close()
    assert isinstance(out.stdout, io.StringIO)
    assert out.stdout.getvalue().split() == ["a", "b"]
    assert tally.outcome.exit_code == 130


def test_trouble_with_the_output_ends_the_run(web: Web) -> None:
    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    out = Output(Broken(), io.StringIO(), "ids")
    session = Session(HttpClient.at(web.url), out, Settings())
    session.registry = REGISTRY
    lines = number_lines(["apitoken create --name a"] * 50)
    with pytest.raises(BrokenPipeError):
        parallel.run(lines, session, Summary(out.note), jobs=2, keep_going=False)
    session.client.close()


@pytest.mark.parametrize(
    ("text", "independent"),
    [
        ("apitoken create --name a", True),
        ("xyzzy", True),
        ("apit create --name a", True),
        ("let t = apitoken create", False),
        ("apitoken create --name $t.id", False),
        ("exit", False),
    ],
)
def test_what_needs_another_line_or_changes_the_shell_is_not_independent(text: str, independent: bool) -> None:
    session = Session(HttpClient.at(""), Output(io.StringIO(), io.StringIO()), Settings())
    session.registry = REGISTRY
    session.variables["t"] = {"id": 1}
    assert parallel.is_independent(Line("a", 1, text), session) is independent
