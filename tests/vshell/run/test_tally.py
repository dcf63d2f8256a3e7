"""What became of the lines: told with their place, counted, summed up."""

import io

import pytest

from vshell.errors import Mistake, NotFound
from vshell.run.script import Line
from vshell.run.tally import LineResult, ScriptResult, Summary
from vshell.terminal.progress import Progress


def tally(notes: list[str], *times: float) -> Summary:
    """Return a tally whose clock shows these times."""
    left = list(times)
    return Summary(notes.append, clock=lambda: left.pop(0))


def test_a_failure_is_told_with_its_place_and_the_first_one_gives_the_exit_code() -> None:
    notes: list[str] = []
    counted = tally(notes, 0.0)
    counted.add(LineResult(Line("a.vsh", 1, "help"), None, 0.1))
    counted.add(LineResult(Line("a.vsh", 3, "x"), None, 0.1, error=NotFound("There is no x.", "See: list")))
    counted.add(LineResult(Line("a.vsh", 9, "y"), None, 0.1, error=Mistake("y is wrong.")))
    assert notes == ["a.vsh:3: There is no x.\nSee: list", "a.vsh:9: y is wrong."]
    assert counted.outcome == ScriptResult(exit_code=3, lines=3, failed=2)


@pytest.mark.parametrize(
    ("lines", "summary"),
    [
        (0, "0 lines: 0 done, 0 failed, 2.5 seconds."),
        (1, "1 line: 1 done, 0 failed, 2.5 seconds."),
        (2, "2 lines: 2 done, 0 failed, 2.5 seconds."),
    ],
)
def test_the_summary_is_one_line(lines: int, summary: str) -> None:
    counted = tally([], 10.0, 12.5)
    for number in range(lines):
        counted.add(LineResult(Line("a.vsh", number, "help"), None, 0.1))
    assert counted.summary() == summary


def test_ctrl_c_goes_before_what_failed_earlier() -> None:
    counted = tally([], 0.0)
    counted.add(LineResult(Line("a.vsh", 3, "x"), None, 0.1, error=NotFound("There is no x.")))
    counted.stop(130)
    assert counted.outcome.exit_code == 130


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_how_many_there_will_be_is_asked_once_and_only_when_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    seconds = [0.0]
    asked: list[float] = []

    def expected() -> int:
        asked.append(seconds[0])
        return 40

    stream = Terminal()
    progress = Progress("lines", stream=stream, clock=lambda: seconds[0])
    counted = Summary(str, clock=lambda: 0.0, progress=progress, expected=expected)
    for number in range(4):
        seconds[0] = 0.6 * number
        counted.add(LineResult(Line("a.vsh", number, "help"), None, 0.1))
    assert asked == [1.2]
    assert "lines: 4 of 40, 2.2/s, 16 s left" in stream.getvalue()
