"""Canaries: secrets made up for a test, and the search for copies of them where none may be."""

from __future__ import annotations

import base64
import re
import threading
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from vshell.formats.text import tokens_in

PAUSE_SECONDS = 0.02
SHORTEST = 16
"""Bytes of a secret that are too many for chance."""


def codings(secret: bytes) -> set[bytes]:
    """Return the ways in which a copy may be written: raw, in JSON, base64 at any offset, hex, URL-coded."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode()}
    found |= {urllib.parse.quote_from_bytes(secret, safe=safe).encode() for safe in ("", "/")}
    found |= {urllib.parse.quote_from_bytes(secret, safe="").lower().encode()}
    with suppress(UnicodeDecodeError):
        found.add(secret.decode().encode("ascii", "backslashreplace"))
    for lead in range(3):
        # What stands before a secret shifts its base64; only what depends on it alone is looked for.
        written = base64.b64encode(b"\0" * lead + secret)[(0, 2, 3)[lead] :]
        whole = written[: len(written) // 4 * 4 - 4]
        found |= {whole, whole.replace(b"+", b"-").replace(b"/", b"_")}
    return found


class Canaries:
    """Secrets by their names; what is searched is what nobody could have by chance."""

    def __init__(self, secrets: Mapping[str, str | bytes]) -> None:
        self._names: dict[bytes, str] = {}
        for name, secret in secrets.items():
            self.add(name, secret)

    def add(self, name: str, secret: str | bytes) -> None:
        """Look for one more; of a token, a text, that is the part behind the dot, since its id is public."""
        raw = secret.rpartition(".")[2].encode() if isinstance(secret, str) else secret
        assert len(raw) >= SHORTEST, "it could be found by chance"
        self._names |= dict.fromkeys(codings(raw), name)
        self._pattern = re.compile(b"|".join(re.escape(each) for each in sorted(self._names, key=len, reverse=True)))

    def add_tokens_in(self, text: str) -> int:
        """Look for all tokens that a text holds, too; return how many they are."""
        found = {text[start:end] for start, end in tokens_in(text)}
        for token in found:
            self.add(f"a token that was shown ({token[:8]})", token)
        return len(found)

    def within(self, content: bytes) -> set[str]:
        """Return the names of those of which a copy is in the content."""
        return {self._names[match] for match in self._pattern.findall(content)}

    def lines_with(self, content: bytes) -> list[bytes]:
        """Return the lines in which a copy is, to find out whence it came."""
        return [line for line in content.splitlines() if self._pattern.search(line)]

    def in_files(self, folders: Iterable[Path], allowed: Mapping[Path, set[str]]) -> dict[str, set[str]]:
        """Return, by file, which have a copy in it; ``allowed`` says which files may hold what."""
        found = {}
        for folder in folders:
            for path in folder.rglob("*"):
                if path.is_file() and not path.is_symlink():
                    copies = self.within(path.read_bytes()) | self.within(str(path).encode())
                    if copies - allowed.get(path, set()):
                        found[str(path)] = copies
        return found

    @contextmanager
    def watched_processes(self) -> Iterator[set[str]]:
        """Look at the arguments and the environment of all processes while the block runs; return what was found."""
        found: set[str] = set()
        over = threading.Event()

        def watch() -> None:
            while not over.wait(PAUSE_SECONDS):
                for process in Path("/proc").glob("[0-9]*"):
                    for place in ("cmdline", "environ"):
                        with suppress(OSError):
                            copies = self.within((process / place).read_bytes())
                            found.update(f"{place}: {name}" for name in copies)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield found
        finally:
            over.set()
            watcher.join()
