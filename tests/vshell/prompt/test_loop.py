"""The conversation: keys in, lines run, and nothing that ends it but leaving."""

import io
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from tests.processes import Server
from tests.terminal import Terminal
from tests.vshell.prompt.talking import CTRL_C, CTRL_D, ENTER, Nowhere, paste, talk
from tests.vshell.small import REGISTRY, TOKEN, Streams
from tests.vshell.web import Asked, Reply, serving
from vshell.errors import Mistake
from vshell.language.parsed_line import ParsedLine
from vshell.prompt.loop import converse
from vshell.registry.tree import Registry
from vshell.registry.view import TEXT
from vshell.session import Session
from vshell.state import history

REAL_TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"
PROMPT = re.compile(r"vshell(: local-admin)?>")
MADE: dict[tuple[str, str], object] = {("POST", "/apitokens/"): {"id": "JhxND7ci", "token": TOKEN}}


class Recording:
    """Runs nothing and remembers every line."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, reading: ParsedLine, session: Session) -> object:
        """Remember the line."""
        self.lines.append(reading.line)
        return None


def lines_run(keys: str, state: Path) -> list[str]:
    recording = Recording()
    talk(keys, state, run=recording)
    return recording.lines


def kept(state: Path) -> list[str]:
    return history.load(state / "vshell" / "history" / "local.jsonl")


def test_a_line_is_run_and_its_result_shown(tmp_path: Path) -> None:
    code, session = talk(f"apitoken create --owner bob{ENTER}", tmp_path, MADE)
    assert session.stdout.getvalue() == f"made JhxND7ci, {TOKEN}\n"
    assert session.stderr.getvalue() == ""
    assert code == 0


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", []),
        (ENTER * 3, []),
        (f"# only this{ENTER}", []),
        (f"send GET /a{ENTER}send GET /b{ENTER}", ["send GET /a", "send GET /b"]),
        (f"send GET /a \\{ENTER}{{}}{ENTER}", ["send GET /a \\\n{}"]),
        (f"send GET '/a{ENTER}b'{ENTER}", ["send GET '/a\nb'"]),
        (f"send GET /wrong{CTRL_C}send GET /right{ENTER}", ["send GET /right"]),
        (f"send GET '/open{ENTER}{CTRL_C}send GET /right{ENTER}", ["send GET /right"]),
        (paste("send GET /a\nsend GET /b \\\n{}\n") + ENTER, ["send GET /a", "send GET /b \\\n{}"]),
        (paste("vcli: admin> send GET /a\nvcli: admin> send GET /b") + ENTER,
         ["vcli: admin> send GET /a", "vcli: admin> send GET /b"]),
        (f"exit{ENTER}send GET /a{ENTER}", ["exit", "send GET /a"]),
    ],
)  # fmt: skip
def test_what_is_typed_or_pasted_is_run(keys: str, expected: list[str], tmp_path: Path) -> None:
    assert lines_run(keys, tmp_path) == expected


def test_leaving_is_a_command_too(tmp_path: Path) -> None:
    code, session = talk(f"exit{ENTER}send GET /a{ENTER}", tmp_path)
    assert session.stdout.getvalue() == ""
    assert code == 0


def test_nothing_behind_a_line_that_fails_is_run(tmp_path: Path) -> None:
    code, session = talk(paste("send GET /a\nwrong\nsend GET /b\n\nsend GET /c") + ENTER, tmp_path)
    assert session.stdout.getvalue() == "GET /a None\n"
    assert session.stderr.getvalue().endswith("2 more lines were not run.\n")
    assert code == 2


def test_a_mistake_is_shown_under_its_column_and_the_session_goes_on(tmp_path: Path) -> None:
    code, session = talk(f"apitoken create --expiry-date 6q{ENTER}send GET /b{ENTER}", tmp_path)
    told = session.stderr.getvalue().splitlines()
    assert told[1] == "  apitoken create --expiry-date 6q"
    assert told[2] == "  " + " " * 30 + "^"
    assert session.stdout.getvalue() == "GET /b None\n"
    assert code == 0


def test_the_exit_code_is_that_of_the_last_line(tmp_path: Path) -> None:
    code, _ = talk(f"apitoken list{ENTER}{ENTER}# a comment{ENTER}", tmp_path)
    assert code == 3


@pytest.mark.parametrize(
    ("error", "told", "code"),
    [
        (KeyboardInterrupt(), "\nStopped by Ctrl-C.\n", 130),
        (RuntimeError("a secret"), "The shell itself failed with RuntimeError; what was sent", 1),
        (PermissionError(13, "Permission denied", "/x"), "This machine could not do it: Permission denied.\n", 1),
    ],
)
def test_whatever_a_command_raises_is_told(error: BaseException, told: str, code: int, tmp_path: Path) -> None:
    def run(reading: ParsedLine, session: Session) -> object:
        raise error

    ended, session = talk(f"send GET /a{ENTER}", tmp_path, run=run)
    assert session.stderr.getvalue().startswith(told)
    assert "secret" not in session.stderr.getvalue()
    assert ended == code


def test_a_short_form_is_run_and_told_in_full(tmp_path: Path) -> None:
    _, session = talk(f"apit cr --own bob{ENTER}", tmp_path, MADE)
    assert session.stderr.getvalue() == "apitoken create --owner bob\n"
    assert "JhxND7ci" in session.stdout.getvalue()


def test_a_secret_in_a_short_form_is_not_told(tmp_path: Path) -> None:
    _, session = talk(f"man cr --user bob --pass hunter2{ENTER}", tmp_path)
    assert session.stderr.getvalue() == "manager create --username bob --password ***\n"


def test_variables_are_known_to_the_next_line(tmp_path: Path) -> None:
    keys = f"let t = apitoken create{ENTER}send GET /x/$t.id{ENTER}"
    _, session = talk(keys, tmp_path, MADE)
    assert session.stdout.getvalue() == "GET /x/JhxND7ci None\n"


def test_a_line_that_begins_with_a_space_is_run_and_not_kept(tmp_path: Path) -> None:
    _, session = talk(f" send GET /a{ENTER}send GET /b{ENTER}", tmp_path)
    assert session.stdout.getvalue() == "GET /a None\nGET /b None\n"
    assert kept(tmp_path) == ["send GET /b"]


def test_a_secret_is_not_kept(tmp_path: Path) -> None:
    talk(f"manager create --username bob --password hunter2{ENTER}", tmp_path)
    assert kept(tmp_path) == ["manager create --username bob --password ***"]
    files = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any("hunter2" in text for text in files)


@pytest.mark.parametrize("line", [REAL_TOKEN, f"send GET /x {REAL_TOKEN} {REAL_TOKEN}", f"apitoken list {REAL_TOKEN}"])
def test_a_token_is_never_told_back(line: str, tmp_path: Path) -> None:
    code, session = talk(f"{line}{ENTER}", tmp_path)
    assert session.stdout.getvalue() == ""
    assert REAL_TOKEN[9:] not in session.stderr.getvalue()
    assert code == 2


def test_a_pasted_token_is_neither_run_nor_kept(tmp_path: Path) -> None:
    _, session = talk(paste(REAL_TOKEN) + ENTER, tmp_path)
    assert session.stderr.getvalue().startswith("This is a token, not a command; it was neither run nor kept.")
    assert kept(tmp_path) == []


def test_where_a_fault_of_our_own_lies_is_shown_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(reading: ParsedLine, session: Session) -> object:
        raise RuntimeError("here")

    talk(f"send GET /a{ENTER}", tmp_path, run=run)
    assert capsys.readouterr().err == ""
    talk(f"send GET /a{ENTER}", tmp_path, run=run, environment={"VSHELL_DEBUG": "1"})
    assert "RuntimeError: here" in capsys.readouterr().err


def test_stars_from_the_history_are_no_secret(tmp_path: Path) -> None:
    code, session = talk(f"manager create --username bob --password ***{ENTER}", tmp_path)
    assert session.stdout.getvalue() == ""
    assert session.stderr.getvalue().startswith("The secret in this line was not kept.\n")
    assert code == 2


class Typist(io.StringIO):
    """Standard input of a person who presses Ctrl-C before everything else."""

    pressed = False

    def readline(self, size: int | None = -1, /) -> str:
        """Raise KeyboardInterrupt once, then return the lines."""
        if not self.pressed:
            self.pressed = True
            raise KeyboardInterrupt
        return super().readline(-1 if size is None else size)


def test_a_dumb_terminal_survives_ctrl_c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Typist("send GET /a\n"))
    session = Streams()
    session.client = cast("Any", Nowhere({}))
    environment = {"TERM": "dumb", "XDG_STATE_HOME": str(tmp_path)}
    assert converse(lambda: session, registry=REGISTRY, environment=environment) == 0
    assert session.stdout.getvalue() == "GET /a None\n"


# On a real terminal.


def shell(url: str, token: str, state: Path, *more: str, columns: int = 80, **environment: str) -> Terminal:
    """Start a shell at a prompt."""
    program = [sys.executable, "-m", "tests.vshell.prompt.a_shell", url, token, *more]
    inherited = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "VIRTUAL_ENV") if name in os.environ}
    places = {"XDG_STATE_HOME": str(state), "XDG_CONFIG_HOME": str(state / "config")}
    return Terminal(program, {**inherited, **places, **environment}, columns=columns)


def fresh_prompt(terminal: Terminal, number: int) -> None:
    """Wait for the prompt of this number, whole with its toolbar: keys before it stands are the terminal's."""
    terminal.until(lambda seen: seen.text.count("vshell") == number and seen.screen.display[-1].strip())


@pytest.fixture
def at_prompt(server: Server, tmp_path: Path) -> Iterator[Terminal]:
    """A shell of local-admin at its prompt."""
    with shell(server.url, server.local_admin, tmp_path) as terminal:
        terminal.until("vshell: local-admin> ")
        terminal.until(lambda seen: "names:" not in seen.text)
        yield terminal


@pytest.fixture
def silent() -> Iterator[tuple[str, list[socket.socket]]]:
    """A server that takes connections and never answers."""
    taken: list[socket.socket] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def accept() -> None:
            while True:
                try:
                    taken.append(listener.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", taken
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in taken:
            connection.close()


def test_live_values_are_offered_with_what_they_are(at_prompt: Terminal, server: Server) -> None:
    at_prompt.send("apitoken create --name deploy --owner ad")
    at_prompt.until(lambda seen: "admin" in seen.text.split("\n")[1])
    at_prompt.press("tab", "enter", "enter")
    at_prompt.until("has been created, your token is: ")
    at_prompt.send("apitoken revoke --id ")
    at_prompt.until("deploy, admin")
    made = server.call("GET", "/apitokens/").json()[0]["id"]
    assert made in at_prompt.line_with("deploy, admin")


def test_what_was_printed_is_offered(at_prompt: Terminal, server: Server) -> None:
    server.create(owner="admin", name="elsewhere")  # after the names were read
    at_prompt.enter("apitoken list")
    at_prompt.until("| elsewhere ")
    at_prompt.send("apitoken show --id ")
    at_prompt.until("elsewhere, admin")


def test_values_that_come_late_are_offered_by_themselves(tmp_path: Path) -> None:
    typed = threading.Event()

    def answer(asked: Asked) -> Reply:
        if "/managers/" not in asked.path:
            return Reply(body={"username": "eve"} if "/login/" in asked.path else [])
        typed.wait(20)
        return Reply(body=[{"username": "bob", "full_name": "Bob the Builder"}])

    with serving(answer) as web, shell(web.url, TOKEN, tmp_path) as terminal:
        terminal.until("vshell: eve> ")
        terminal.send("apitoken create --owner ")
        terminal.until("vshell: eve> apitoken create --owner")
        typed.set()
        terminal.until("Bob the Builder")


def test_a_mistake_is_shown_under_its_column(at_prompt: Terminal) -> None:
    at_prompt.enter("apitoken create --expiry-date 6q --owner admin")
    at_prompt.until("has an unknown unit")
    lines = at_prompt.until("^").split("\n")
    caret = next(number for number, line in enumerate(lines) if line.strip() == "^")
    assert lines[caret - 1][lines[caret].index("^") :].startswith("6q ")
    at_prompt.until("exit 2")
    assert at_prompt.style_of("6q").fg == "default"


def test_colours_are_of_role_and_kind_and_a_wrong_word_is_underlined(at_prompt: Terminal) -> None:
    at_prompt.send("apitoken create --expiry-date 6M --owner admin --nam")
    at_prompt.until("--nam")
    at_prompt.until(lambda seen: seen.style_of("6M --owner").fg == "brown")
    assert at_prompt.style_of("apitoken create").bold
    assert at_prompt.style_of("--expiry-date 6M").fg == "cyan"
    assert at_prompt.style_of("admin --nam").fg == "green"
    at_prompt.press("ctrl-c")
    at_prompt.send("apitokn list ")
    at_prompt.until("apitokn list")
    at_prompt.until(lambda seen: seen.style_of("apitokn list").underscore)
    assert at_prompt.style_of("apitokn list").fg == "red"


def test_no_color_is_honoured(server: Server, tmp_path: Path) -> None:
    with shell(server.url, server.local_admin, tmp_path, NO_COLOR="1") as terminal:
        terminal.until("vshell: local-admin> ")
        terminal.enter("apitoken list --owner admin")
        terminal.until("Nothing to show.")
        colors = {cell.fg for row in terminal.screen.buffer.values() for cell in row.values()}
        assert colors == {"default"}


def test_a_dumb_terminal_has_a_plain_input_line(server: Server, tmp_path: Path) -> None:
    with shell(server.url, server.local_admin, tmp_path, TERM="dumb") as terminal:
        terminal.until("vshell")
        terminal.enter("apitoken list \\")
        terminal.until("... ")
        terminal.enter("--owner admin")
        terminal.until(lambda seen: "Nothing to show." in seen.text and PROMPT.fullmatch(seen.line))
        terminal.press("ctrl-d")
        assert terminal.wait() == 0
        assert b"\x1b" not in terminal.written
        assert kept(tmp_path) == ["apitoken list \\\n--owner admin"]


def test_keys_are_echoed_and_the_menu_comes_while_the_server_hangs(
    silent: tuple[str, list[socket.socket]], tmp_path: Path
) -> None:
    url, taken = silent
    with shell(url, TOKEN, tmp_path) as terminal:
        terminal.until("vshell> ")
        terminal.until(lambda seen: taken)  # from now on a request hangs
        terminal.send("apitoken create --")
        terminal.until("--expiry-date")
        terminal.send("owner ")
        terminal.until("vshell> apitoken create --owner")
        terminal.press("ctrl-c")
        terminal.until("names: the server does not answer")
        assert terminal.line == "vshell>"


def test_ctrl_c_stops_a_command_and_the_prompt_stays_whole(
    silent: tuple[str, list[socket.socket]], tmp_path: Path
) -> None:
    url, taken = silent
    with shell(url, TOKEN, tmp_path) as terminal:
        terminal.until("vshell> ")
        terminal.until("names: the server does not answer")
        before = len(taken)
        terminal.enter("apitoken list")
        terminal.until(lambda seen: len(taken) > before)
        terminal.press("ctrl-c")
        terminal.until("Stopped by Ctrl-C.")
        terminal.until("exit 130")
        terminal.send("apitoken li")
        terminal.until("vshell> apitoken li")
        terminal.press("ctrl-c")
        fresh_prompt(terminal, 3)
        terminal.press("ctrl-d")
        assert terminal.wait() == 130


def test_a_secret_is_neither_shown_nor_kept(server: Server, tmp_path: Path) -> None:
    with shell(server.url, server.local_admin, tmp_path, "small") as terminal:
        terminal.until("vshell: local-admin> ")
        terminal.enter("manager create --username bob --password hunter2")
        terminal.until("exit 0")
        assert "--password *******" in terminal.text
        # The old line comes back when the history is there, which a person hardly notices.
        terminal.until(lambda seen: "--password *** [" in seen.line or seen.press("up"))
        terminal.press("enter")
        terminal.until("The secret in this line was not kept.")
        terminal.until("exit 2")
        terminal.paste(f"send GET {REAL_TOKEN} x")
        terminal.until("send GET " + "*" * 41 + " x")
        assert b"hunter2" not in terminal.written
        assert REAL_TOKEN[9:].encode() not in terminal.written


def test_the_lines_of_an_earlier_shell_are_there(server: Server, tmp_path: Path) -> None:
    history.append(tmp_path / "vshell" / "history" / "local.jsonl", "apitoken list --archived")
    with shell(server.url, server.local_admin, tmp_path) as terminal:
        terminal.until("vshell: local-admin> ")
        terminal.until(lambda seen: "--archived" in seen.line or seen.press("up"))
        terminal.press("enter")
        terminal.until("Nothing to show.")


def test_forty_columns_are_enough(server: Server, tmp_path: Path) -> None:
    with shell(server.url, server.local_admin, tmp_path, columns=40) as terminal:
        terminal.until("vshell: local-admin> ")
        terminal.send("apitoken create --")
        terminal.until("--expiry-date")
        terminal.press("ctrl-c")
        terminal.until(lambda seen: seen.line == "vshell: local-admin>")
        terminal.send("# " + "x" * 50)
        terminal.until("\n" + "x" * 33)  # a line that is too long goes on at the edge, with nothing before it


def test_the_banner_is_shown_above_the_prompt(server: Server, tmp_path: Path) -> None:
    assert server.call("PATCH", "/vms/1/", {"login_banner": "Authorised \x1b[31muse only"}).status_code < 500
    server.call("PATCH", "/vms/1/", {"login_banner": "Authorised use only"})
    with shell(server.url, server.local_admin, tmp_path) as terminal:
        terminal.until("Authorised use only")
        terminal.until(lambda seen: seen.line.startswith("vshell: local-admin>"))


def test_little_of_the_shell_is_imported_before_the_first_prompt() -> None:
    program = (
        "import sys, vshell.__main__, vshell.run.program_options, vshell.terminal.questions, vshell.prompt.loop\n"
        "slow = {'json', 'pathlib', 'requests', 'tabulate', 'keyring', 'pygments', 'platformdirs'}\n"
        "print(*sorted(name for name in sys.modules if name in slow or name.startswith('vshell.')))"
    )
    command = [sys.executable, "-S", "-c", program]  # What site.py imports would hide what we do.
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    rooms = (
        "__main__",
        "errors",
        "formats",
        "prompt",
        "prompt.loop",
        "prompt.style",
        "run",
        "run.program_options",
        "terminal",
    )
    assert ran.stdout.split() == [f"vshell.{name}" for name in (*rooms, "terminal.questions")]


def test_what_hinders_the_session_is_raised_behind_the_first_prompt() -> None:
    def refuse() -> Session:
        raise Mistake("There is no such server.")

    with create_pipe_input() as pipe, pytest.raises(Mistake, match="no such server"):
        converse(refuse, registry=REGISTRY, environment={}, terminal=(pipe, DummyOutput()))


def test_ctrl_c_while_the_session_opens_leaves_a_whole_prompt(tmp_path: Path) -> None:
    session = Streams()
    session.client = cast("Any", Nowhere({}))
    waiting: list[BaseException] = [KeyboardInterrupt()]

    def opened() -> Session:
        if waiting:
            raise waiting.pop()
        return session

    with create_pipe_input() as pipe:
        pipe.send_text(f"send GET /a{ENTER}{CTRL_D}")
        places = {"XDG_STATE_HOME": str(tmp_path)}
        assert converse(opened, registry=REGISTRY, environment=places, terminal=(pipe, DummyOutput())) == 0
    assert session.stdout.getvalue() == "GET /a None\n"


@pytest.mark.parametrize("columns", [80, 40])
def test_a_wrong_server_is_told_in_place_of_the_prompt(tmp_path: Path, columns: int) -> None:
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "vshell", "--server", "lab"]
    with Terminal(command, environment, columns=columns) as terminal:
        assert terminal.wait() == 3
        assert terminal.text.startswith("There is no server named 'lab'.\nIf it is the name of a machine, write")
        assert "vshell>" not in terminal.text


def test_what_is_typed_before_the_commands_are_declared_waits_for_them(tmp_path: Path) -> None:
    registry, ran = Registry(), list[str]()

    def greet(session: Session, /) -> None:
        """Say a word."""
        ran.append("greet")

    def declare() -> None:
        registry.command("greet", view=TEXT, examples=("greet",))(greet)

    session = Streams()
    session.client = cast("Any", Nowhere({}))
    places = {"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    with create_pipe_input() as pipe:
        pipe.send_text(f"greet{ENTER}{CTRL_D}")
        converse(
            lambda: session, registry=registry, environment=places, terminal=(pipe, DummyOutput()), declare=declare
        )
    assert ran == ["greet"]
    assert session.stderr.getvalue() == ""
