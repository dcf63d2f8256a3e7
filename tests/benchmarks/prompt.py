"""The prompt as a person meets it, on a pseudo-terminal: the first prompt, a key's way to the menu, and to its echo.

Of the first prompt the floor is prompt_toolkit alone, with the same environment; litecli and ptpython stand on it too.
A key's way to the menu ends when an offer stands there that fits what is typed: of a token's id that means a search
among a million at the server, for what is typed before the key brings none that fits. A server that hangs takes
connections and never answers.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests import processes
from tests.benchmarks import filling, peers
from tests.benchmarks.measuring import Bar, Contestant, Report, in_turn
from tests.benchmarks.programs import installed
from tests.terminal import Terminal

ROUNDS = 40
STARTS = 10
TOKENS = 1_000_000
FLOOR = "prompt_toolkit alone"
OURS = "vshell"
VERB, ID, OWNER = "a verb", "a token's id", "an owner's token's id"
LINE = "apitoken show --id "
HANGING, UP = "echo, the server hangs", "echo, the server is up"
FLOOR_PROGRAM = """
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
WORDS = [f"word{number:02}" for number in range(18)]
completer = WordCompleter(WORDS, meta_dict=dict.fromkeys(WORDS, "a word"))
session = PromptSession("> ", completer=completer, complete_while_typing=True, bottom_toolbar="a toolbar")
while True:
    try:
        session.prompt()
    except KeyboardInterrupt:
        pass
"""

Start = Callable[[], Terminal]


def run(rounds: int) -> list[Report]:
    """Measure and return the three reports."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        processes.start_server(folder / "data").stop()  # makes the database
        filling.fill(folder / "data", TOKENS, owner="admin")
        server = stack.enter_context(processes.running(folder / "data"))
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        python = installed(folder / "environment")
        ours = [str(python.with_name("vshell"))]
        floor = functools.partial(_start, folder / "floor", [str(python), "-c", FLOOR_PROGRAM])
        up = functools.partial(_start, folder / "up", [*ours, "--data", str(server.data)])
        away = f"http://127.0.0.1:{silent.getsockname()[1]}"
        hanging = functools.partial(_start, folder / "away", [*ours, "--server", away, "--token", "a.b"])
        return [
            _first_prompts({FLOOR: floor, OURS: up}, folder, min(rounds, STARTS)),
            _menus(floor, up, rounds),
            _echoes(floor, up, hanging, rounds),
        ]


def _start(home: Path, command: list[str]) -> Terminal:
    home.mkdir(exist_ok=True)
    return Terminal(command, {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"})


def _milliseconds(terminal: Terminal, shows: Callable[[Terminal], bool]) -> float:
    began = time.perf_counter()
    terminal.until(shows)
    return (time.perf_counter() - began) * 1_000


def _prompts(terminal: Terminal) -> bool:
    """Tell whether the cursor stands behind a prompt."""
    return terminal.line.endswith(">") and terminal.screen.cursor.x > len(terminal.line)


def _first_prompts(starts: dict[str, Start], folder: Path, rounds: int) -> Report:
    notes = []
    for name, arguments in (("litecli", [str(folder / "empty.db")]), ("ptpython", [])):
        program = peers.shell(name)
        if program is None:
            notes.append(peers.NO_SHELL.format(name=name))
        else:
            starts[name] = functools.partial(_start, folder / name, [str(program), *arguments])

    def first(start: Start) -> float:
        began = time.perf_counter()
        with start() as terminal:
            terminal.until(_prompts)
            return (time.perf_counter() - began) * 1_000

    def answering(start: Start) -> float:
        began = time.perf_counter()
        with start() as terminal:
            terminal.until(_prompts)
            terminal.send("x")
            terminal.until(lambda shown: "> x" in shown.line)
            return (time.perf_counter() - began) * 1_000

    contestants = [Contestant(name, functools.partial(first, start)) for name, start in starts.items()]
    # What is done behind the first draw holds the first key.
    contestants += [Contestant(f"{name}, a key", functools.partial(answering, start)) for name, start in starts.items()]
    bars = [Bar(OURS, 1.15, beside=FLOOR)]
    bars += [Bar(OURS, 1, beside=name) for name in ("litecli", "ptpython") if name in starts]
    title = "From the start to the first prompt, and to the echo of a key that is pressed at once"
    return Report(title, "ms", in_turn(contestants, rounds), "less", FLOOR, bars, notes)


def _menus(floor: Start, up: Start, rounds: int) -> Report:
    with floor() as bare, up() as verbs, up() as ids, up() as owners:
        numbers = itertools.count(10_090, 700)  # Of a hundred ids that begin alike, these are not among the first 50.
        contestants = [
            Contestant(FLOOR, lambda: _offered(bare, "", "w", "word01")),
            Contestant(VERB, lambda: _offered(verbs, "apitoken", " ", "revoke")),
            Contestant(ID, lambda: _searched(ids, LINE, next(numbers))),
            Contestant(OWNER, lambda: _searched(owners, "apitoken list --owner admin --parent ", next(numbers))),
        ]
        for terminal in (bare, verbs, ids, owners):
            terminal.until(_prompts)
        for terminal in (verbs, ids, owners):
            terminal.until(lambda shown: "local-admin" in shown.text and "loading" not in shown.text)
        figures = in_turn(contestants, rounds)
    bars = [Bar(name, limit, percent=percent) for name in (VERB, ID, OWNER) for percent, limit in ((50, 15), (95, 30))]
    title = f"A key's way to the menu, {TOKENS:,} tokens at the server"
    return Report(title, "ms", figures, yardstick=FLOOR, bars=bars)


def _searched(terminal: Terminal, line: str, number: int) -> float:
    """Type all of an id but its last two digits, let the menu come, and time the next digit."""
    digits = f"00{number:06}"[:7]
    return _offered(terminal, line + digits[:-1], digits[-1], digits)


def _offered(terminal: Terminal, line: str, key: str, offer: str) -> float:
    """Time a key until the menu below the line shows an offer, which it did not show before."""
    terminal.send(line)
    typed = line.rsplit(" ", 1)[-1]
    terminal.until(lambda shown: line in shown.line and (not typed.isdigit() or _below(shown, typed)))
    assert not _below(terminal, offer), "it was there before"
    terminal.send(key)
    took = _milliseconds(terminal, lambda shown: _below(shown, offer))
    terminal.press("ctrl-c")
    terminal.until(_prompts)
    return took


def _below(terminal: Terminal, text: str) -> bool:
    """Tell whether a line below the cursor's, the toolbar's aside, shows the text."""
    return any(text in line for line in terminal.screen.display[terminal.screen.cursor.y + 1 : -1])


def _echoes(floor: Start, up: Start, hanging: Start, rounds: int) -> Report:
    with floor() as bare, up() as near, hanging() as far:
        terminals = {FLOOR: bare, UP: near, HANGING: far}
        near.until("local-admin> ")
        columns = {name: _typed(terminal, "" if name == FLOOR else LINE) for name, terminal in terminals.items()}
        keys = {name: itertools.cycle("xyz") for name in terminals}

        def echoed(name: str) -> float:
            terminal, column = terminals[name], columns[name]
            terminal.send(next(keys[name]))
            took = _milliseconds(terminal, lambda shown: shown.screen.cursor.x == column + 1)
            terminal.press("backspace")
            terminal.until(lambda shown: shown.screen.cursor.x == column)
            return took

        figures = in_turn([Contestant(name, functools.partial(echoed, name)) for name in terminals], rounds)
    bars = [Bar(HANGING, limit, percent=percent) for percent, limit in ((50, 20), (95, 50))]
    return Report(f"A key's way to its echo, behind '{LINE.strip()}'", "ms", figures, bars=bars)


def _typed(terminal: Terminal, line: str) -> int:
    """Type a line at a fresh prompt and return the column where it ends."""
    terminal.until(_prompts)
    column = terminal.screen.cursor.x + len(line)
    terminal.send(line)
    terminal.until(lambda shown: shown.screen.cursor.x == column)
    return column
