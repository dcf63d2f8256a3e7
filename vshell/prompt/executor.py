"""Run what was entered, line by line, and tell how each ended; nothing that goes wrong ends the session."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from vshell.completion.live_names import LiveNames
from vshell.errors import Failed, Interrupted, Mistake, ShellError, Unreachable, render
from vshell.formats.token_format import is_token, tokens_in, without_tokens
from vshell.language import masking
from vshell.prompt import clipboard
from vshell.prompt.buffer_lines import Lines, logical_lines
from vshell.prompt.observe import learn
from vshell.prompt.toolbar import Standing
from vshell.terminal.questions import QuestionStopped

if TYPE_CHECKING:
    from vshell.language.parsed_line import ParsedLine
    from vshell.session import Session

Run = Callable[["ParsedLine", "Session"], object]


class Running:
    """What runs the lines; ``secret`` is the token that the last line made, until the next one."""

    def __init__(
        self,
        session: Session,
        lines: Lines,
        names: LiveNames,
        standing: Standing,
        *,
        run: Run,
        environment: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``clock`` gives seconds."""
        self.secret = ""
        self._session = session
        self._lines = lines
        self._names = names
        self._standing = standing
        self._run = run
        self._environment = environment
        self._clock = clock

    def enter(self, text: str) -> None:
        """Run the lines of what was entered, up to the first that fails."""
        if text.strip():
            self.secret = self._standing.news = ""
        spans = list(logical_lines(text))
        for number, span in enumerate(spans, 1):
            begun = self._clock()
            code = self._line(text[span.start : span.end])
            if code is not None:
                self._standing.exit_code, self._standing.seconds = code, self._clock() - begun
            left = sum(1 for later in spans[number:] if text[later.start : later.end].strip())
            if code and left:
                self._session.out.note(f"{left} more {'line was' if left == 1 else 'lines were'} not run.")
            if code or self._session.leaving:
                return

    def sent(self) -> None:
        """Note that the new token was sent to the clipboard; no terminal tells whether it took it."""
        self._standing.news = "The token was sent to your clipboard"

    def _line(self, line: str) -> int | None:
        """Run one line and return its exit code, None where there was nothing to run."""
        try:
            reading = self._lines.read(line)
            if reading.empty:
                return None
            refuse_secrets(reading)
            if reading.abbreviated and reading.complete:
                self._session.out.note(self._lines.read(reading.full_text).masked)
            result = self._run(reading, self._session)
            self._hold(result)
            learn(reading, result, self._names)
            self._session.out.stdout.flush()
        except ShellError as error:
            return self._fail(error)
        except QuestionStopped:
            return self._fail(Interrupted("Stopped by Ctrl-C at the question; nothing was changed."))
        except KeyboardInterrupt:
            self._session.out.note("")  # The terminal has shown the key behind whatever stood there.
            return self._fail(Interrupted("Stopped by Ctrl-C.", "What was sent before may have been done."))
        except OSError as error:
            return self._fail(Failed(f"This machine could not do it: {error.strerror or type(error).__name__}."))
        except Exception as error:
            # A fault of our own must not cost the person the session; its text could hold a secret.
            if self._environment.get("VSHELL_DEBUG"):
                traceback.print_exc(file=sys.stderr)
            sentence = f"The shell itself failed with {type(error).__name__}; what was sent before has been done."
            return self._fail(Failed(sentence, "Run it again with VSHELL_DEBUG=1 to see where, and report it."))
        finally:
            self._lines.forget()
        return 0

    def _fail(self, error: ShellError) -> int:
        if isinstance(error, Unreachable):
            self._names.changed()  # It is asked again for them, and the toolbar tells what comes of it.
        self._session.out.note(without_tokens(render(error)))
        return error.exit_code

    def _hold(self, result: object) -> None:
        """Hold a new token for the key that copies it."""
        self.secret = clipboard.token_of(result)
        if self.secret and clipboard.has_clipboard(self._environment):
            self._standing.news = f"{clipboard.KEY_NAME} sends the new token to your clipboard"


def refuse_secrets(reading: ParsedLine) -> None:
    """Raise Mistake for a token that was pasted, and for a line from the history whose secret is only stars."""
    line = reading.line
    words = [line[word.start : word.end].strip("'\"") for word in reading.words if not word.secret]
    pasted = next((line[start:end] for start, end in tokens_in(line)), "") if reading.command is None else ""
    pasted = pasted or next(filter(is_token, words), "")
    if pasted:
        token_id = pasted.rpartition(".")[0].rpartition("_")[2]
        raise Mistake(
            "This is a token, not a command; it was neither run nor kept.",
            f"'apitoken verify' tells what it is, 'vshell --token -' uses it; revoke it if others saw it: "
            f"apitoken revoke --id {token_id}",
        )
    for word in reading.words:
        if word.secret and word.text == masking.HIDDEN:
            raise Mistake(
                "The secret in this line was not kept.", "Type it again.", line=reading.masked, column=word.start
            )
