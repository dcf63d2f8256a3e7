"""What became of the lines: told with their place, counted, summed up, and written into a report without a secret."""

import io
import json
import stat
from pathlib import Path

import pytest

from tests.vshell.small import REGISTRY
from vshell.errors import Failed, Mistake, NotFound
from vshell.language.grammar import parse
from vshell.run.results import Line, LineResult, ScriptResult, Summary, mask_parsed, open_report
from vshell.terminal.screen import Progress


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


TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"


def test_each_line_is_an_object_and_the_file_is_the_users_alone(tmp_path: Path) -> None:
    path = tmp_path / "report.jsonl"
    path.write_text("of the run before")
    path.chmod(0o600)
    text = "apitoken create --owner bob"
    with open_report(str(path)) as report:
        made = {"id": "JhxND7ci", "token": TOKEN}
        report(LineResult(Line("a.vsh", 3, text), parse(text, registry=REGISTRY), 0.25, made))
        report(LineResult(Line("a.vsh", 4, "x"), parse("x", registry=REGISTRY), 0.5, error=NotFound(f"No {TOKEN}.")))
    first, second = map(json.loads, path.read_text().splitlines())
    assert first == {
        "source": "a.vsh",
        "line": 3,
        "text": text,
        "exit_code": 0,
        "seconds": 0.25,
        "ids": ["JhxND7ci"],
        "error": None,
    }
    assert (second["exit_code"], second["ids"], second["error"]) == (3, [], "No ***.")
    assert TOKEN not in path.read_text()


def test_a_new_report_is_made_private(tmp_path: Path) -> None:
    with open_report(str(tmp_path / "new")):
        pass
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600


def test_a_report_that_cannot_be_written_is_told_before_anything_runs(tmp_path: Path) -> None:
    with (
        pytest.raises(Failed, match="cannot be written") as caught,
        open_report(str(tmp_path / "missing" / "report")),
    ):
        pass
    assert caught.value.hint == "Nothing was run."


def test_a_report_whose_disk_is_full_is_told_with_the_line() -> None:
    with (
        pytest.raises(Failed, match=r"a\.vsh:3: the report /dev/full cannot be written: No space left") as caught,
        open_report("/dev/full") as report,
    ):
        report(LineResult(Line("a.vsh", 3, "x"), parse("x", registry=REGISTRY), 0.5))
    assert caught.value.hint == "The run ends here; what was begun before has been done."


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("apitoken list --owner bob", "apitoken list --owner bob"),
        ("  apitoken list", "  apitoken list"),
        ("manager create --username bob --password hunter2", "manager create --username bob --password ***"),
        ("manager create --username bob --passwort hunter2", "manager create --username bob --passwort ***"),
        ("""send POST /x/ '{"password": "hunter2"}'""", """send POST /x/ '{"password": "***"}'"""),
        (f"apitoken revoke --id {TOKEN}", "apitoken revoke --id ***"),
    ],
)
def test_secrets_are_masked(line: str, text: str) -> None:
    assert mask_parsed(parse(line, registry=REGISTRY)) == text


def test_a_line_that_could_not_be_read_is_not_repeated() -> None:
    assert mask_parsed(None) == "***"
