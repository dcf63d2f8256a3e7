"""The shell on a system without POSIX: issue 4, "Windows-safe code paths".

No Windows runs here. What can be shown is that the shell itself needs nothing that Windows lacks: it is run as a
program to which the modules and names that are only on POSIX are gone, and which is told that it is on Windows. The
interpreter and other people's packages look at the real system, so they are imported before. The types are checked
for that platform in CI (``mypy --platform win32``), which sees what no run comes past.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.journeys import people
from tests.journeys.people import Person
from tests.processes import Server
from tests.terminal import Terminal

ELSEWHERE = """
import os, signal, sys
import asyncio, getpass, http.client, keyring, platformdirs, prompt_toolkit.shortcuts, requests, segno, selectors
import subprocess, tabulate, tempfile, tomllib, cryptography.hazmat.primitives.asymmetric.ed25519
for name in "fcntl termios pwd grp resource tty pty syslog readline curses spwd".split():
    sys.modules[name] = None
GONE = '''
    fork forkpty getuid geteuid getgid getegid getgroups getpgid getpgrp getppid getsid setsid setpgid setuid setgid
    killpg nice chown fchown lchown chroot fchmod fchdir mkfifo mknod posix_spawn posix_spawnp wait wait3 wait4
    openpty ttyname tcgetpgrp tcsetpgrp ctermid uname getloadavg sysconf statvfs fstatvfs sync pread pwrite pipe2
    register_at_fork sched_getaffinity O_NOFOLLOW O_NONBLOCK O_DIRECTORY O_NOCTTY O_SYNC O_DSYNC O_CLOEXEC
'''.split()
for name in GONE:
    if hasattr(os, name):
        delattr(os, name)
for name in "SIGHUP SIGKILL SIGQUIT SIGUSR1 SIGUSR2 SIGALRM SIGPIPE SIGTSTP SIGCONT SIGCHLD SIGWINCH".split():
    delattr(signal, name)
sys.platform = "win32"
"""
IMPORTS = """
import importlib, pathlib, vshell
root = pathlib.Path(vshell.__file__).parent
for path in sorted(root.rglob("*.py")):
    name = ".".join(path.relative_to(root.parent).with_suffix("").parts)
    if not name.endswith(("__main__", "__init__")):
        importlib.import_module(name)
        print(name)
"""
RUNS = "from vshell.__main__ import main\nsys.exit(main())"


def elsewhere(person: Person, *arguments: str, then: str = RUNS) -> list[str]:
    """Return the command of the shell on that other system."""
    return [sys.executable, "-c", ELSEWHERE + then, *person.flags, *arguments]


def test_each_module_of_the_shell_is_imported(tmp_path: Path) -> None:
    ran = Person(tmp_path / "home").run_as(elsewhere(Person(tmp_path / "home"), then=IMPORTS))
    assert ran.err == ""
    assert {"vshell.client.embedded_server", "vshell.prompt.loop", "vshell.commands.apitoken"} <= set(ran.out.split())


def test_lines_scripts_files_and_tab(server: Server, tmp_path: Path) -> None:
    person = people.hired(server, tmp_path, "view_security", "create_security")
    for arguments, stdin, shown in (
        (("whoami", "--output", "csv"), "", person.name),
        (("apitoken", "create", "--owner", person.name, "--name", "made"), "", "has been created"),
        ((), f"let t = apitoken create --owner {person.name}\napitoken list > list.csv\necho $t.id\n", ""),
        (("-c", "apitoken list | match made | count"), "", "1"),
        (("-c", "apitoken list --output csv |! cat"), "", "made"),
        (("alias", "add", "mine", "apitoken list --columns name"), "", "mine stands for"),
        (("mine", "--output", "csv"), "", "made"),
        (("auth", "set-token", "--file"), person.environment["VSHELL_TOKEN"] + "\n", "stored"),
        (("doctor", "--output", "csv"), "", "server,ok"),
        (("source", "nothing"), "", "nothing"),
    ):
        ran = person.run_as(elsewhere(person, *arguments), stdin=stdin)
        assert "Traceback" not in ran.err
        assert "The shell itself failed" not in ran.err
        assert shown in ran.out + ran.err, (arguments, ran)
    assert "made" in (person.home / "list.csv").read_text()
    tab = [*elsewhere(Person(person.home)), "--complete", "apitokens/{name}/id", "ma", "--server", server.url]
    assert person.run_as(tab).out.startswith("made\t")


def test_a_session_with_history_settings_and_questions(server: Server, tmp_path: Path) -> None:
    """At a terminal that prompt_toolkit is not asked about: it would look for the console of a real Windows."""
    person = people.on_the_host(server, tmp_path / "host")
    token = server.create(owner="root", name="made")["id"]
    environment = person.environment | {"TERM": "dumb"}
    with Terminal(elsewhere(person), environment, columns=120, directory=str(person.home)) as terminal:
        terminal.until(lambda here: here.line.endswith(">"))
        for line, shown in (
            ("apitoken list --columns name,owner", "| made | root  |"),
            ("set times utc", "The setting times is utc"),
            (f"apitoken revoke --id {token}", "[y/N]"),
            ("y", "has been revoked"),
            ("apitoken list --output ids > ids", ""),
            ("watch 1s --count 1 whoami", "local-admin"),
            ("history", "set times utc"),
        ):
            terminal.enter(line)
            terminal.until(lambda here, shown=shown: shown in here.text and here.screen.cursor.x > 0)
        terminal.enter("exit")
        assert terminal.wait() == 0
        assert "failed with" not in terminal.text
    (kept,) = person.home.rglob("*.jsonl")
    assert "set times utc" in kept.read_text()
