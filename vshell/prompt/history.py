"""The history as prompt_toolkit takes it, over the files of ``vshell.state.history``."""

from collections.abc import AsyncGenerator, Callable, Iterable
from pathlib import Path
from threading import Thread

from prompt_toolkit.history import History, ThreadedHistory

from vshell.prompt.input_line import LineParser, logical_lines
from vshell.state import history
from vshell.state.private_files import NotPrivateError


class LineHistory(ThreadedHistory):
    """Keeps each line of what was entered, its secrets hidden, and reads the file in a thread."""

    def __init__(self, lines: LineParser, file: "HistoryFile") -> None:
        super().__init__(file)
        self._lines = lines

    def begin(self) -> None:
        """Begin to read the file before the editor loads its lines."""
        if self._load_thread is None:
            self._load_thread = Thread(target=self._in_load_thread, name="vshell-history", daemon=True)
            self._load_thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until the file is read, but no longer than so many seconds."""
        if self._load_thread is not None:
            self._load_thread.join(seconds)

    async def load(self) -> AsyncGenerator[str, None]:
        """Yield the lines, the newest first: at once when all are there, so that no arrow key comes before them."""
        if self._loaded:
            for line in reversed(self.get_strings()):
                yield line
            return
        async for line in super().load():
            yield line

    def append_string(self, string: str) -> None:
        """Keep the lines that may be kept."""
        for span in logical_lines(string):
            line = history.make_entry(self._lines.parse(string[span.start : span.end]))
            if line is not None and self.get_strings()[-1:] != [line]:
                super().append_string(line)


class HistoryFile(History):
    """The file of the server; lines that are typed before that is known wait for it.

    ``find`` returns the file and is called in a thread; ``now`` returns it at once, or None while it is unknown.
    ``trouble`` takes a sentence, once, when lines cannot be kept.
    """

    def __init__(
        self, find: Callable[[], Path], now: Callable[[], Path | None], trouble: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._find = find
        self._now = now
        self._trouble = trouble
        self._troubled = False
        self._first: Path | None = None
        self._waiting: list[str] = []

    def load_history_strings(self) -> Iterable[str]:
        """Return the lines, the newest first."""
        path = self._find()
        history.shorten(path)
        loaded = history.load(path)
        self._first = path
        return reversed(loaded)

    def store_string(self, string: str) -> None:
        """Write the line to the file as soon as that is known."""
        self._waiting.append(string)
        self.flush()

    def flush(self) -> None:
        """Write what waits; trouble is said once and lines then stay in memory only."""
        path = self._now() or self._first
        if path is None:
            return
        waiting, self._waiting = self._waiting, []
        try:
            for line in waiting:
                history.append(path, line)
        except (OSError, NotPrivateError) as error:
            if not self._troubled:
                self._troubled = True
                why = error.strerror if isinstance(error, OSError) else error
                self._trouble(f"The history is not kept in {path}: {why}")
