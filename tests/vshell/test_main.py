"""The program from its arguments to its exit code, as a process and against a real HTTP server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

import vshell
from tests.vshell.web import Asked, Reply, Web, serving
from vshell import __main__ as program

ROOT = Path(__file__).parent.parent.parent
TOKEN = "L7k8ljIC.jm1P5Y0ONaJfUJhslJbAjRAyr9jcy89X"
CREATED = f"ApiToken with id: L7k8ljIC has been created, your token is: {TOKEN} please keep it safe\n"


def answer(asked: Asked) -> Reply:
    """Play the server's part."""
    path = asked.path.removeprefix("/api/latest")
    if path == "/token/":
        if asked.json["password"] != "right":
            return Reply(401, {"detail": "The user name or the password is wrong."})
        return Reply(200, {"access": "a", "refresh": "r"})
    if path == "/logout/":
        return Reply(201)
    if asked.headers.get("Authorization") not in ("Bearer t", "Bearer a", "Basic Ym9iOnJpZ2h0"):
        return Reply(401, {"detail": "Authentication credentials were not provided."})
    if asked.method == "POST":
        return Reply(201, {"id": "L7k8ljIC", "token": TOKEN})
    if path.startswith("/apitokens/?") or path == "/apitokens/":
        return Reply(200, [{"id": "L7k8ljIC", "name": "Zoë"}])
    return Reply(404, {"detail": "Not found."})


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(answer) as running:
        yield running


def run(
    *arguments: str, web: Web | None = None, stdin: str | None = None, token: str | None = "t", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the shell as a process of its own, without a terminal."""
    if web is not None:
        environment["VSHELL_SERVER"] = web.url
    if token is not None:
        environment["VSHELL_TOKEN"] = token
    return subprocess.run(
        [sys.executable, "-m", "vshell", *arguments],
        env={"HOME": os.environ["HOME"], "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], **environment},
        input=stdin or "",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_and_version_need_nothing() -> None:
    ran = run("--version")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"vshell {vshell.__version__}\n", "")
    assert "Usage: vshell" in run("--help").stdout


def test_the_version_is_the_packages() -> None:
    assert vshell.__version__ == version("vshell")


UNNEEDED = {
    *("requests", "keyring", "tabulate", "dataclasses"),
    *("vshell.registry.tree", "vshell.commands", "vshell.formats.text"),
}
"""What neither ``--version`` nor ``--help`` needs."""


@pytest.mark.parametrize(
    ("arguments", "forbidden"),
    [
        (["--version"], UNNEEDED),
        (["--help"], UNNEEDED),
        (["apitoken", "list"], {"keyring", "prompt_toolkit", "pygments", "argparse", "platformdirs", "dataclasses"}),
        (["help"], {"keyring", "prompt_toolkit", "pygments", "requests", "tabulate", "secretstorage"}),
    ],
)
def test_what_is_not_needed_is_not_imported(web: Web, arguments: list[str], forbidden: set[str]) -> None:
    code = (
        "import sys; from vshell.__main__ import main; code = main(sys.argv[1:]); "
        "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "VSHELL_SERVER": web.url, "VSHELL_TOKEN": "t"},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert not forbidden & set(ran.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["apitoken", "create", "--name", "AWS_TOKEN", "--expiry-date", "1D", "--owner", "adminjb"], ""),
        (["-c", "apitoken create --name AWS_TOKEN --expiry-date 1D --owner adminjb"], ""),
        (["-c", "apitoken", "create", "--name", "AWS_TOKEN", "--expiry-date", "1D", "--owner", "adminjb"], ""),
        ([], "vcli: admin> apitoken create --name AWS_TOKEN --expiry-date 1D --owner adminjb\n"),
        (["-f", "-"], "# Make one.\n\napitoken create --name AWS_TOKEN \\\n  --expiry-date 1D --owner adminjb"),
    ],
)
def test_one_line_in_every_way(web: Web, arguments: list[str], stdin: str) -> None:
    ran = run(*arguments, web=web, stdin=stdin)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, CREATED, "")
    assert web.asked[0].json == {"name": "AWS_TOKEN", "expiry_date": "1D", "owner": "adminjb"}


def test_a_script_file_and_its_line(web: Web, tmp_path: Path) -> None:
    script = tmp_path / "setup.vsh"
    script.write_text("apitoken create\napitokn list\napitoken create\n")
    ran = run("-f", str(script), web=web)
    assert (ran.returncode, ran.stdout) == (2, CREATED)
    assert ran.stderr.startswith(f"{script}:2: There is no command 'apitokn'; did you mean apitoken?\n")
    ran = run("-f", str(script), "--keep-going", web=web)
    assert (ran.returncode, ran.stdout) == (2, CREATED * 2)


@pytest.mark.parametrize(
    ("arguments", "token", "code", "sentence"),
    [
        (["apitoken", "shw"], "t", 2, "apitoken has no verb 'shw'"),
        (["--outpt", "x"], "t", 2, "did you mean --output"),
        (["--output", "xml", "help"], "t", 2, "no output format 'xml'"),
        (["apitoken", "show", "--id", "AAAAAAAA"], "t", 3, "Not found."),
        (["apitoken", "list"], "wrong", 4, "Sign in with: login"),
        (["--server", "https://127.0.0.1:1", "whoami"], "t", 7, "No server answers at"),
        (["--server", "lab", "whoami"], "t", 3, "no server named 'lab'"),
    ],
)
def test_an_error_is_a_sentence_and_an_exit_code(
    web: Web, arguments: list[str], token: str, code: int, sentence: str
) -> None:
    ran = run(*arguments, web=web, token=token)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert sentence in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_password_is_basic_for_one_line_and_a_session_for_many(web: Web) -> None:
    ran = run("-u", "bob", "-p", "right", "-c", "apitoken", "list", web=web, token=None)
    assert ran.returncode == 0
    assert "can be seen by everybody" in ran.stderr
    assert [asked.path.partition("?")[0] for asked in web.asked] == ["/api/latest/apitokens/"]
    web.asked.clear()
    ran = run("-u", "bob", "-p", "-", web=web, token=None, stdin="right\napitoken list\napitoken list\n")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [asked.path.removeprefix("/api/latest").partition("?")[0] for asked in web.asked] == [
        "/token/",
        "/apitokens/",
        "/apitokens/",
        "/logout/",
    ]


def test_a_wrong_password_and_nobody_to_ask(web: Web) -> None:
    ran = run("-u", "bob", "-p", "-", web=web, token=None, stdin="wrong\nwhoami\n")
    assert ran.returncode == 4
    assert "password is wrong" in ran.stderr
    assert "login" not in ran.stderr
    ran = run("-u", "bob", "whoami", web=web, token=None)
    assert ran.returncode == 4
    assert "nobody to ask" in ran.stderr


def test_what_the_command_line_says_beats_the_environment(web: Web) -> None:
    assert run("-u", "bob", "-p", "-", "apitoken", "list", web=web, token="wrong", stdin="right\n").returncode == 0
    assert run("--token", "-", "apitoken", "list", web=web, token="wrong", stdin="t\n").returncode == 0


def test_output_is_chosen_by_flag_environment_and_setting(web: Web) -> None:
    assert run("apitoken", "list", web=web, VSHELL_OUTPUT="ids").stdout == "L7k8ljIC\n"
    assert run("--output", "csv", "apitoken", "list", "--columns", "name", web=web, VSHELL_OUTPUT="ids").stdout == (
        "name\nZoë\n"
    )
    assert run("-c", "set output jsonl", "-c", "apitoken list", web=web).stdout.endswith(
        '{"id":"L7k8ljIC","name":"Zoë"}\n'
    )
    assert run("set", "output", "ids", "--save", web=web).returncode == 0
    assert run("apitoken", "list", web=web).stdout == "L7k8ljIC\n"


def test_a_name_that_the_output_cannot_show_is_written_out(web: Web) -> None:
    ran = run("--output", "csv", "apitoken", "list", "--columns", "name", web=web, PYTHONIOENCODING="ascii")
    assert (ran.returncode, ran.stdout) == (0, "name\nZo\\xeb\n")


def test_an_empty_standard_input_is_no_failure(web: Web) -> None:
    ran = run(web=web)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_a_reader_that_goes_away_is_no_failure(web: Web) -> None:
    command = f"'{sys.executable}' -m vshell -f script | head -n 1; echo ${{PIPESTATUS[0]}}"
    script = Path(os.environ["HOME"]) / "script"
    script.write_text("help language\n" * 5000)
    ran = subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=script.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout == "Writing a line\n0\n"
    assert ran.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full")
def test_a_full_disk_is_a_sentence() -> None:
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "vshell", "help"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (1, "This machine could not do it: No space left on device.\n")


def test_ctrl_c_is_130_and_says_where(web: Web) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "vshell"],
        env={**os.environ, "VSHELL_SERVER": web.url, "VSHELL_TOKEN": "t", "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("apitoken create\n")
    process.stdin.flush()
    assert process.stdout.readline() == CREATED
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "<stdin>:1: stopped by Ctrl-C" in told


def test_what_nobody_foresaw_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fall(arguments: list[str]) -> int:
        raise ZeroDivisionError("s3cret")

    monkeypatch.setattr(program, "_dispatch", fall)
    assert program.main([]) == 1
    told = capsys.readouterr().err
    assert "failed with ZeroDivisionError" in told
    assert "s3cret" not in told
    monkeypatch.setenv("VSHELL_DEBUG", "1")
    assert program.main([]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_before_anything_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "_dispatch", interrupt)
    assert program.main([]) == 130
    assert capsys.readouterr().err == "Stopped by Ctrl-C; what was sent before may have been done.\n"


def test_the_embedded_server_from_one_line_to_the_next(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    ran = run("--local", "--data", data, "whoami", "--output", "csv", "--columns", "username,source", token=None)
    assert (ran.returncode, ran.stdout) == (0, "username,source\nlocal-admin,the local server's token file\n")
    script = "api GET /healthz\nwhoami --output csv --columns username\n"
    ran = run("--local", token=None, stdin=script, VSHELL_DATA=data)
    assert ran.returncode == 0
    assert ran.stdout.endswith("username\nlocal-admin\n")
    ran = run("--local", "--data", data, "help", "whoami", token=None)
    assert ran.returncode == 0
    ran = run("--data", str(tmp_path / "nothing"), "whoami", token=None)
    assert (ran.returncode, ran.stdout) == (7, "")
    assert "No server runs in" in ran.stderr
