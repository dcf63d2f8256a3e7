"""Scripts: lines as they arrive, the place of a failure, variables, Ctrl-C."""

import io
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO, cast

import pytest

from tests.vshell.small import TOKEN, Streams
from vshell.errors import Failed, NotFound
from vshell.registry.view import DisplayOptions, View
from vshell.run import script
from vshell.run.results import Line, ScriptResult, Summary
from vshell.run.script import LONGEST_LINE, number_lines, open_lines, read_lines, run_in_turn
from vshell.session import Session

ANSWERS = {
    ("POST", "/apitokens/"): {"id": "JhxND7ci", "token": TOKEN},
    ("GET", "/apitokens/JhxND7ci/"): {"id": "JhxND7ci"},
    ("PATCH", "/apitokens/JhxND7ci/revoke/"): {"id": "JhxND7ci", "name": "x", "owner": "bob"},
}


def run(lines: Iterable[Line], session: Session, *, keep_going: bool = False) -> ScriptResult:
    """Run lines in their order, and return how that ended."""
    tally = Summary(session.out.note)
    run_in_turn(lines, session, tally, keep_going=keep_going)
    return tally.outcome


def run_file(path: str, session: Session, *, keep_going: bool = False) -> ScriptResult:
    """Run the lines of a script in their order."""
    with open_lines(path, session) as lines:
        return run(lines, session, keep_going=keep_going)


def lines(text: str) -> list[tuple[int, str]]:
    return [(line.number, line.text) for line in read_lines(io.StringIO(text), "a.vsh")]


def run_text(text: str, session: Streams, *, keep_going: bool = False) -> ScriptResult:
    return run(read_lines(io.StringIO(text), "a.vsh"), session, keep_going=keep_going)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("help\nexit\n", [(1, "help"), (2, "exit")]),
        ("help", [(1, "help")]),
        ("help\r\nexit\r\n", [(1, "help"), (2, "exit")]),
        ("\n\nhelp\n", [(1, ""), (2, ""), (3, "help")]),
        ("\ufeffhelp\n", [(1, "help")]),
        ("help \\\n  a\nexit\n", [(1, "help \\\n  a"), (3, "exit")]),
        ("help \\\r\n  a\r\nexit", [(1, "help \\\r\n  a"), (3, "exit")]),
        ("help \\\\\nexit\n", [(1, "help \\\\"), (2, "exit")]),
        ("help # a \\\nexit\n", [(1, "help # a \\"), (2, "exit")]),
        ("help 'a\nexit\n", [(1, "help 'a"), (2, "exit")]),
        ('help "a\\\nb"\nexit\n', [(1, 'help "a\\\nb"'), (3, "exit")]),
        ("help \\\n", [(1, "help \\")]),
        ("help \\", [(1, "help \\")]),
    ],
)
def test_lines_are_joined_where_a_backslash_says_so(text: str, found: list[tuple[int, str]]) -> None:
    assert lines(text) == found


def test_results_come_in_the_order_of_the_lines() -> None:
    session = Streams(ANSWERS)
    outcome = run_text("help 1\n# a comment\n\nhelp \\\n  2\nlet x = help 3\nhelp $x\n", session)
    assert outcome == ScriptResult(exit_code=0, lines=4, failed=0)
    assert session.stdout.getvalue() == "1\n2\n3\n"
    assert session.stderr.getvalue() == ""


def test_a_result_is_used_in_a_later_line() -> None:
    session = Streams(ANSWERS)
    outcome = run_text("let t = apitoken create --owner bob\napitoken revoke --id $t.id --output ids\n", session)
    assert outcome.exit_code == 0
    assert session.stdout.getvalue() == "JhxND7ci\n"


def test_the_first_failing_line_ends_the_run_and_says_where() -> None:
    session = Streams(ANSWERS)
    outcome = run_text("help 1\n\napitoken revoke \\\n --id XXXXXXXX\nhelp 2\n", session)
    assert outcome == ScriptResult(exit_code=3, lines=2, failed=1)
    assert session.stdout.getvalue() == "1\n"
    assert session.stderr.getvalue() == "a.vsh:3: There is no /apitokens/XXXXXXXX/.\nLook at the list.\n"


def test_a_mistake_is_shown_in_its_line() -> None:
    session = Streams()
    assert run_text("help\napitoken create --nmae x\n", session).exit_code == 2
    assert session.stderr.getvalue().splitlines()[:3] == [
        "a.vsh:2: apitoken create has no option '--nmae'; did you mean --name?",
        "  apitoken create --nmae x",
        "                  ^",
    ]


def test_a_word_cut_short_is_refused_and_told_in_full() -> None:
    session = Streams()
    assert run_text("apit list\n", session).exit_code == 2
    assert session.stderr.getvalue().splitlines() == [
        "a.vsh:1: 'apit' is short for apitoken, which only the prompt accepts.",
        "  apit list",
        "  ^",
        "Write: apitoken list",
    ]


def test_an_apostrophe_too_many_harms_its_own_line_only() -> None:
    session = Streams()
    outcome = run_text("help O'Brien\nhelp O'Neil\nhelp 3\n", session, keep_going=True)
    assert outcome == ScriptResult(exit_code=2, lines=3, failed=2)
    assert session.stdout.getvalue() == "3\n"


def test_keeping_going_runs_the_rest_and_counts() -> None:
    session = Streams(ANSWERS)
    outcome = run_text("apitoken revoke --id XXXXXXXX\nhelp 1\nxyzzy\nhelp 2\n", session, keep_going=True)
    assert outcome == ScriptResult(exit_code=3, lines=4, failed=2)
    assert session.stdout.getvalue() == "1\n2\n"
    told = session.stderr.getvalue().splitlines()
    assert told[0].startswith("a.vsh:1: There is no /apitokens/XXXXXXXX/.")
    assert any(line.startswith("a.vsh:3: There is no command 'xyzzy'.") for line in told)
    assert "of 4 lines" not in session.stderr.getvalue(), "the summary is told by whoever began the script"


def test_exit_leaves_the_rest_out() -> None:
    session = Streams()
    assert run_text("help 1\nexit\nhelp 2\n", session).exit_code == 0
    assert session.stdout.getvalue() == "1\n"


def test_no_secret_is_told_with_a_failure() -> None:
    session = Streams()
    run_text("manager create --username bob --password hunter2 --nix\n", session)
    assert "a.vsh:1: " in session.stderr.getvalue()
    assert "hunter2" not in session.stderr.getvalue()


def test_given_lines_are_counted() -> None:
    session = Streams()
    outcome = run(number_lines(["help 1", "xyzzy"]), session)
    assert outcome.exit_code == 2
    assert session.stderr.getvalue().startswith("-c:2: ")


# Ctrl-C.


def test_ctrl_c_tells_the_line_it_came_in() -> None:
    session = Streams()
    outcome = run_text("help 1\nbreak\nhelp 2\n", session, keep_going=True)
    assert outcome.exit_code == 130
    assert session.stdout.getvalue() == "1\n"
    assert session.stderr.getvalue().startswith("a.vsh:2: stopped by Ctrl-C in this line")


class Impatient:
    """A stream whose reader is interrupted behind the last line."""

    def __init__(self, text: str) -> None:
        self._stream = io.StringIO(text)

    def readline(self, size: int = -1) -> str:
        """Return the next line; behind the last one comes Ctrl-C instead."""
        text = self._stream.readline(size)
        if not text:
            raise KeyboardInterrupt
        return text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("help 1\nhelp 2\n", "<stdin>:2: stopped by Ctrl-C behind this line; it and those before it are done.\n"),
        ("", "Stopped by Ctrl-C before the first line.\n"),
    ],
)
def test_ctrl_c_while_waiting_tells_the_last_line(text: str, told: str) -> None:
    session = Streams()
    assert run(read_lines(cast("TextIO", Impatient(text)), "<stdin>"), session).exit_code == 130
    assert session.stderr.getvalue() == told


# What lines may hold.


def test_bytes_that_are_no_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.vsh"
    path.write_bytes(b"help 1\nhelp Zo\xeb\nhelp Zo\xc3\xab\n")
    session = Streams()
    outcome = run_file(str(path), session, keep_going=True)
    assert outcome == ScriptResult(exit_code=2, lines=3, failed=1)
    assert session.stdout.getvalue() == "1\nZoë\n"
    assert session.stderr.getvalue().startswith(f"{path}:2: This line is not UTF-8.")


@pytest.mark.parametrize("end", ["\n", "", "\\\n"])
def test_a_line_too_long_is_refused_and_the_next_one_runs(end: str) -> None:
    session = Streams()
    text = "help 1\nhelp " + "x" * (3 * LONGEST_LINE) + end + ("help 2\n" if end else "")
    outcome = run_text(text, session, keep_going=True)
    assert outcome.failed == 1
    assert session.stderr.getvalue().startswith("a.vsh:2: This line is longer than 1048576 characters.")
    assert session.stdout.getvalue() == ("1\n2\n" if end else "1\n")


def test_a_line_is_run_before_the_next_one_is_there() -> None:
    reading, writing = os.pipe()
    session = Streams()
    seen = threading.Event()
    show_result = session.out.show

    def show(result: object, view: View | None, options: DisplayOptions) -> None:
        show_result(result, view, options)
        seen.set()

    session.out.show = show  # type: ignore[method-assign]  # the real one, with a signal behind it

    def feed() -> None:
        with open(writing, "w", encoding="utf-8") as pipe:
            for number in range(3):
                seen.clear()
                pipe.write(f"help {number}\n")
                pipe.flush()
                assert seen.wait(10), "the line was not run while the pipe stayed open"

    feeder = threading.Thread(target=feed)
    feeder.start()
    with open(reading, encoding="utf-8") as stream:
        assert run(read_lines(stream, "<stdin>"), session).lines == 3
    feeder.join()
    assert session.stdout.getvalue() == "0\n1\n2\n"


def test_ten_thousand_lines_keep_their_order() -> None:
    session = Streams()
    text = "".join(f"help {number}\n" for number in range(10_000))
    assert run_text(text, session).lines == 10_000
    assert session.stdout.getvalue().split() == [str(number) for number in range(10_000)]


# Files.


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFound, match="no script"):
        run_file("/nowhere/a.vsh", Streams())


def test_a_directory_is_no_script(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="cannot be read"):
        run_file(str(tmp_path), Streams())


def test_a_script_that_runs_itself_comes_to_an_end(tmp_path: Path) -> None:
    session = Streams()
    session.sources += ["a.vsh"] * script.DEEPEST
    with pytest.raises(Failed, match="runs itself"):
        run_file(str(tmp_path / "a.vsh"), session)


def test_the_scripts_being_run_are_known_while_they_run(tmp_path: Path) -> None:
    path = tmp_path / "a.vsh"
    path.write_text("help\n", encoding="utf-8")
    session = Streams()
    seen: list[list[str]] = []
    session.out.show = lambda *shown: seen.append(list(session.sources))  # type: ignore[method-assign,misc]  # instead
    run_file(str(path), session)
    assert seen == [[str(path)]]
    assert session.sources == []


def test_standard_input_is_a_file_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(b"help 1\nhelp \xff\n")
    stream: TextIO
    with path.open(encoding="ascii") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        session = Streams()
        assert run_file("-", session).exit_code == 2
        assert not stream.closed
    assert session.stdout.getvalue() == "1\n"
    assert session.stderr.getvalue().startswith("<stdin>:2: This line is not UTF-8.")


def test_standard_input_goes_on_behind_a_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(b"password\nhelp 1\n" + b"help 2\n" * 5_000 + b"help \xff\n")
    with path.open(encoding="utf-8") as stream:
        stream.readline()
        monkeypatch.setattr("sys.stdin", stream)
        session = Streams()
        assert run_file("-", session).exit_code == 2
    assert session.stdout.getvalue().startswith("1\n2\n")
    assert "This line is not UTF-8." in session.stderr.getvalue()


def test_a_place_is_file_and_line() -> None:
    assert Line("a.vsh", 3, "help").place == "a.vsh:3"


def test_what_has_something_to_run_is_counted_where_it_can_be_read_twice(tmp_path: Path) -> None:
    (tmp_path / "a.vsh").write_text("# a comment\n\nhelp\nlet h = \\\n  help\n   # another\nwhoami")
    assert script.count_lines(str(tmp_path / "a.vsh")) == 3
    os.mkfifo(tmp_path / "pipe")
    assert script.count_lines(str(tmp_path / "pipe")) is None
    assert script.count_lines(str(tmp_path / "nothing")) is None
