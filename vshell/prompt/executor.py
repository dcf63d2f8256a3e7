"""Execution of what was entered, line by line; nothing that goes wrong ends the session.

A new token is held from the line that made it until the next one, in memory alone, for the key that sends it to the
terminal's clipboard: OSC 52, which has no receipt, so it is "sent" and never "copied".
"""

import base64
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence

from vshell.completion.live_names import LiveNames
from vshell.completion.resources import NOUNS, OBJECTS
from vshell.errors import Interrupted, Mistake, ShellError, Unreachable, describe_fault, render
from vshell.formats.text import is_token, tokens_in, without_tokens
from vshell.language.masking import HIDDEN
from vshell.language.parsed_line import ParsedLine
from vshell.prompt.input_line import LineParser, logical_lines
from vshell.prompt.toolbar import Status
from vshell.session import Session
from vshell.terminal.questions import QuestionStopped

CLIPBOARD_KEY = "c-o"
CLIPBOARD_KEY_NAME = "Ctrl-O"

_WITHOUT = ("dumb", "linux", "vt")
"""Beginnings of the TERM of terminals that have no clipboard."""

Run = Callable[[ParsedLine, Session], object]


class Executor:
    """What runs the lines; ``secret`` is the token that the last line made, until the next one."""

    def __init__(
        self,
        session: Session,
        lines: LineParser,
        names: LiveNames,
        status: Status,
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
        self._status = status
        self._run = run
        self._environment = environment
        self._clock = clock

    def enter(self, text: str) -> None:
        """Run the lines of what was entered, up to the first that fails."""
        if text.strip():
            self.secret = self._status.news = ""
        spans = list(logical_lines(text))
        for number, span in enumerate(spans, 1):
            begun = self._clock()
            code = self._line(text[span.start : span.end])
            if code is not None:
                self._status.exit_code, self._status.seconds = code, self._clock() - begun
            left = sum(1 for later in spans[number:] if text[later.start : later.end].strip())
            if code and left:
                self._session.out.note(f"{left} more {'line was' if left == 1 else 'lines were'} not run.")
            if code or self._session.leaving:
                return

    def can_copy(self) -> bool:
        """Tell whether there is a new token to copy, and a clipboard that may take it."""
        return bool(self.secret) and has_clipboard(self._environment)

    def copy(self) -> str:
        """Return what sends the new token to the terminal's clipboard; no terminal tells whether it took it."""
        self._status.news = "The token was sent to your clipboard"
        return clipboard_sequence(self.secret, self._environment)

    def _line(self, line: str) -> int | None:
        """Run one line and return its exit code, None where there was nothing to run."""
        try:
            parsed = self._lines.parse(line)
            if parsed.empty:
                return None
            refuse_secrets(parsed)
            if parsed.abbreviated and parsed.complete:
                self._session.out.note(self._lines.parse(parsed.full_text).masked)
            result = self._run(parsed, self._session)
            self._hold(result)
            learn_names(parsed, result, self._names)
            self._session.out.stdout.flush()
        except ShellError as error:
            return self._fail(error)
        except QuestionStopped:
            return self._fail(Interrupted("Stopped by Ctrl-C at the question; nothing was changed."))
        except KeyboardInterrupt:
            self._session.out.note("")  # The terminal has shown the key behind whatever stood there.
            return self._fail(Interrupted("Stopped by Ctrl-C.", "What was sent before may have been done."))
        except Exception as error:
            # A fault of our own must not cost the person the session; its text could hold a secret.
            if self._environment.get("VSHELL_DEBUG") and not isinstance(error, OSError):
                traceback.print_exc(file=sys.stderr)
            return self._fail(describe_fault(error))
        finally:
            self._lines.forget()
        return 0

    def _fail(self, error: ShellError) -> int:
        if isinstance(error, Unreachable):
            self._names.invalidate()  # They are requested again, and the toolbar shows what comes of it.
        self._session.out.note(without_tokens(render(error)))
        return error.exit_code

    def _hold(self, result: object) -> None:
        """Hold a new token for the key that copies it."""
        self.secret = token_of(result)
        if self.can_copy():
            self._status.news = f"{CLIPBOARD_KEY_NAME} sends the new token to your clipboard"


def refuse_secrets(parsed: ParsedLine) -> None:
    """Raise Mistake for a token that was pasted, and for a line from the history whose secret is only stars."""
    line = parsed.line
    words = [line[word.start : word.end].strip("'\"") for word in parsed.words if not word.secret]
    pasted = next((line[start:end] for start, end in tokens_in(line)), "") if parsed.command is None else ""
    pasted = pasted or next(filter(is_token, words), "")
    if pasted:
        token_id = pasted.rpartition(".")[0].rpartition("_")[2]
        raise Mistake(
            "This is a token, not a command; it was neither run nor kept.",
            f"'apitoken verify' tells what it is, 'vshell --token -' uses it; revoke it if others saw it: "
            f"apitoken revoke --id {token_id}",
        )
    for word in parsed.words:
        if word.secret and word.text == HIDDEN:
            raise Mistake(
                "The secret in this line was not kept.", "Type it again.", line=parsed.masked, column=word.start
            )


def token_of(result: object) -> str:
    """Return the new token in a command's result, "" where there is none."""
    text = result.get("token") if isinstance(result, Mapping) else None
    return text if isinstance(text, str) and is_token(text) else ""


def has_clipboard(environment: Mapping[str, str]) -> bool:
    """Tell whether the terminal may have a clipboard that a program can write to."""
    kind = environment.get("TERM", "")
    return bool(kind) and not kind.startswith(_WITHOUT)


def clipboard_sequence(text: str, environment: Mapping[str, str]) -> str:
    """Return what has the terminal put ``text`` into its clipboard (xterm, "Operating System Commands", 52).

    Within tmux and screen it is also passed through to the terminal around them.
    """
    plain = f"\x1b]52;c;{base64.b64encode(text.encode()).decode('ascii')}\x07"
    if environment.get("TMUX"):
        return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        return f"\x1bP{plain}\x1b\\"
    return plain


def learn_names(parsed: ParsedLine, result: object, names: LiveNames) -> None:
    """Keep the names in a command's result, and drop those of what it removed."""
    command = parsed.command
    noun = OBJECTS.get(command.words[0]) if command else None
    if command is None or noun is None or parsed.common.get("dry_run") or parsed.acts_as:
        return
    if command.confirm:
        for name in set(NOUNS[noun].fields).intersection(parsed.values):
            names.forget(noun, name, parsed.values[name])
    elif isinstance(result, Mapping):
        # Of what was made the answer tells the id alone; the rest stands in the line.
        names.learn(noun, [{**(parsed.values if command.changes else {}), **result}])
    elif isinstance(result, Sequence) and not isinstance(result, str):
        names.learn(noun, result)
