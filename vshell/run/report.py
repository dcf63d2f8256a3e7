"""The report of a script for programs: a file of JSON, one object per line of the script, written as they end.

    {"source": "setup.vsh", "line": 3, "text": "apitoken create --owner bob", "exit_code": 0, "seconds": 0.013,
     "ids": ["428BFekp"], "error": null}

Rules:

- No secret is in it: secrets in ``text`` are masked as in the history, and of a result there are only the ids.
- The file is the user's alone (mode 0600), for the lines name people and things.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from vshell.errors import Failed, visible

if TYPE_CHECKING:
    from vshell.language.parsed_line import ParsedLine
    from vshell.run.tally import LineResult


class Report:
    """A report that is being written; it replaces what was in the file. Raises Failed when it cannot be written."""

    def __init__(self, path: str) -> None:
        """Open the file at ``path``."""
        self._path = path
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        try:
            self._file = os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", buffering=1)
        except OSError as trouble:
            raise Failed(
                f"The report {visible(path)} cannot be written: {trouble.strerror}.", "Nothing was run."
            ) from None

    def __enter__(self) -> Report:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # It was told when a line was to be written.
            self._file.close()

    def add(self, done: LineResult) -> None:
        """Write what became of one line; raises Failed when it cannot be: a run without its report does not go on."""
        from vshell.formats.token_format import without_tokens

        fact = {
            "source": done.line.source,
            "line": done.line.number,
            "text": masked(done.reading),
            "exit_code": done.error.exit_code if done.error else 0,
            "seconds": round(done.seconds, 6),
            "ids": ids_of(done.result),
            "error": without_tokens(done.error.sentence) if done.error else None,
        }
        try:
            self._file.write(json.dumps(fact, ensure_ascii=False) + "\n")
        except OSError as trouble:
            raise Failed(
                f"{done.line.place}: the report {visible(self._path)} cannot be written: {trouble.strerror}.",
                "The run ends here; what was begun before has been done.",
            ) from None


def masked(reading: ParsedLine | None) -> str:
    """Return a line as it may be read by anybody: its secrets hidden, or all of it where they cannot be told apart."""
    from vshell.language.masking import HIDDEN, mask_line

    return HIDDEN if reading is None else mask_line(reading) or HIDDEN


def ids_of(result: object) -> list[str | int]:
    """Return the ids of what a command returned, never anything that could be a token."""
    from vshell.formats.token_format import tokens_in

    rows = result if isinstance(result, list) else [result]
    ids = [row.get("id") for row in rows if isinstance(row, Mapping)]
    return [each for each in ids if isinstance(each, (str, int)) and not any(tokens_in(str(each)))]
