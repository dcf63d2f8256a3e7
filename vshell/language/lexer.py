"""Words of a line, with where each stands: the lowest layer of the language.

Rules:

- White space parts words. Single quotes keep all as it is; double quotes keep all but ``\\`` before ``"``,
  ``\\``, ``$`` or a line end; elsewhere ``\\`` takes the next character as it is.
- ``\\`` at a line end continues the line. ``#`` at the beginning of a word begins a comment.
- ``$name``, ``$name.field`` and ``${name.field}`` stand for a variable's value, except in single quotes.
- A sign (``|``, ``|!``, ``>``, ``>>``) is one only where a word could begin, and never by a variable's value or in
  quotes: ``a|b`` is a word. ``\\G`` is one where nothing but another sign follows. Behind ``|!`` the rest of the
  line is one lexeme, as it is typed.
- Splitting never fails: what is missing (a quote, a variable) is told in the word.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vshell.language import messages
from vshell.language.variables import REFERENCE, WordError, resolve_reference


class Lexeme(NamedTuple):
    """A word as typed.

    ``line[start:end]`` is what was typed, ``text`` what it stands for. ``quote_word`` tells that it begins with a
    quote or a backslash. ``equals`` is where the first plain ``=`` stands, as (offset in the line, offset in
    text), or None. ``filled`` tells that a variable's value is in it. ``error`` says what is wrong with it.
    ``sign`` is the sign that it is, ``COMMAND`` for the text behind ``|!``, or "".
    """

    text: str
    start: int
    end: int
    quoted: bool = False
    equals: tuple[int, int] | None = None
    filled: bool = False
    error: WordError | None = None
    comment: bool = False
    sign: str = ""

    @property
    def name(self) -> str:
        """Return the text before the first plain ``=``."""
        return self.text[: self.equals[1]] if self.equals else self.text

    @property
    def value(self) -> "Lexeme":
        """Return what stands behind the first plain ``=``, an empty word where there is none."""
        at, cut = self.equals or (self.end - 1, len(self.text))
        return self._replace(text=self.text[cut + 1 :], start=at + 1, equals=None)


COMMAND = "command"
"""In place of a sign: the rest of the line, which is for the system's own shell."""


class Split(NamedTuple):
    """The words of a line; ``open_quote`` is the quote left open or "", ``open_at`` where it was opened.

    ``backslash`` tells that the line ends in a backslash, so that more was to come.
    """

    lexemes: list[Lexeme]
    open_quote: str = ""
    open_at: int = 0
    backslash: bool = False


_SPACE = re.compile(r"\s*")
# Most words hold nothing special; they are taken in one step. "=" is special only inside.
_PLAIN = re.compile(r"""[^\s'"\\$#=|>][^\s'"\\$=]*+(?!\S)""")
_RUN = re.compile(r"""[^\s'"\\$=]+""")
_VERTICAL = re.compile(r"\\G(?=\s*(?:\Z|[|>]|\s#))")
_SIGN = re.compile(rf"\|!?|>>?|{_VERTICAL.pattern}")
_COMMENT = re.compile(r"[^\n]*")
_SINGLE = re.compile(r"[^']*")
_DOUBLE = re.compile(r'[^"\\$]+')


def split_line(line: str, variables: Mapping[str, object] | None = None, start: int = 0) -> Split:
    """Return the words of ``line`` from the offset ``start`` on."""
    lexemes: list[Lexeme] = []
    end = len(line)
    at = _skip(line, start)
    while at < end:
        if line[at] == "#":
            stop = _end(_COMMENT, line, at)
            lexemes.append(Lexeme(line[at:stop], at, stop, comment=True))
        elif sign := _SIGN.match(line, at):
            stop = sign.end()
            lexemes.append(Lexeme(sign.group(), at, stop, sign=sign.group()))
            if sign.group() == "|!":
                return _with_command(line, stop, lexemes)
        elif plain := _PLAIN.match(line, at):
            stop = plain.end()
            lexemes.append(Lexeme(plain.group(), at, stop))
        elif line[at] == "\\" and at + 1 == end:
            return Split([*lexemes, Lexeme("", at, end, comment=True)], backslash=True)
        else:
            scan = _WordScanner(line, at, variables or {})
            stop = scan.at
            lexeme = scan.lexeme(at)
            lexemes.append(lexeme._replace(error=messages.OPEN_QUOTE) if scan.open_quote else lexeme)
            if scan.open_quote or scan.backslash:
                return Split(lexemes, scan.open_quote, scan.open_at, scan.backslash)
        at = _skip(line, stop)
    return Split(lexemes)


def _with_command(line: str, at: int, lexemes: list[Lexeme]) -> Split:
    """Return the lexemes with what stands behind ``|!``, if anything does."""
    start = _end(_SPACE, line, at)
    text = line[start:].rstrip()
    if text:
        lexemes.append(Lexeme(text, start, start + len(text), quoted=True, sign=COMMAND))
    return Split(lexemes, backslash=line.endswith("\\"))


def quote_word(text: str) -> str:
    """Return ``text`` as it must be typed to be one word with just this meaning."""
    if _SAFE.fullmatch(text):
        return text
    if "'" not in text:
        return f"'{text}'"
    return '"' + re.sub(r'([\\"$])', r"\\\1", text) + '"'


def join_words(arguments: Iterable[str]) -> str:
    """Return the line that means these words, such as a program's arguments; an option's name stays plain."""
    words = []
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if equals and _OPTION.fullmatch(name):
            words.append(f"{name}={quote_word(value)}")
        else:
            words.append(quote_word(argument))
    return " ".join(words)


_SAFE = re.compile(r"[\w@%+:,./^~=-]+")
_OPTION = re.compile(r"--?[\w-]+", re.ASCII)


def _skip(line: str, at: int) -> int:
    """Return the offset of the next character that is not between words."""
    while True:
        at = _end(_SPACE, line, at)
        if not _ends_line(line, at):
            return at
        at = line.index("\n", at) + 1


def _ends_line(line: str, at: int) -> bool:
    """Tell whether a backslash and a line end stand at ``at``."""
    return line.startswith(("\\\n", "\\\r\n"), at)


def _end(pattern: re.Pattern[str], line: str, at: int) -> int:
    """Return where the match of ``pattern`` at ``at`` ends; ``at`` itself when there is none."""
    match = pattern.match(line, at)
    return match.end() if match else at


class _WordScanner:
    """One pass over one word that holds quotes, backslashes or variables; ``at`` ends behind it."""

    def __init__(self, line: str, start: int, variables: Mapping[str, object]) -> None:
        self.line = line
        self.at = start
        self.variables = variables
        self.parts: list[str] = []
        self.equals: tuple[int, int] | None = None
        self.filled = False
        self.error: WordError | None = None
        self.open_quote = ""
        self.open_at = 0
        self.backslash = False
        self._word()

    def lexeme(self, start: int) -> Lexeme:
        """Return what was read since ``start``."""
        is_quoted = self.line[start] in "'\"\\"
        text = "".join(self.parts)
        return Lexeme(text, start, self.at, is_quoted, self.equals, self.filled, self.error)

    def _word(self) -> None:
        line = self.line
        while self.at < len(line) and not line[self.at].isspace():
            character = line[self.at]
            if character == "'":
                self._single()
            elif character == '"':
                self._double()
            elif character == "\\":
                if _VERTICAL.match(line, self.at):
                    return
                self._escape()
            elif character == "$":
                self._variable()
            elif character == "=":
                if self.equals is None:
                    self.equals = (self.at, sum(map(len, self.parts)))
                self._take(self.at + 1)
            else:
                self._take(_end(_RUN, line, self.at))

    def _take(self, end: int) -> None:
        """Take the text up to ``end`` as it is."""
        self.parts.append(self.line[self.at : end])
        self.at = end

    def _single(self) -> None:
        self.open_quote, self.open_at = "'", self.at
        self.at += 1
        self._take(_end(_SINGLE, self.line, self.at))
        self._close()

    def _double(self) -> None:
        line = self.line
        self.open_quote, self.open_at = '"', self.at
        self.at += 1
        while self.at < len(line) and line[self.at] != '"':
            character = line[self.at]
            if character == "$":
                self._variable()
            elif character != "\\":
                self._take(_end(_DOUBLE, line, self.at))
            elif _ends_line(line, self.at) or line[self.at + 1 : self.at + 2] in ('"', "\\", "$", ""):
                self._escape()
            else:
                self._take(self.at + 2)
        self._close()

    def _close(self) -> None:
        """Step over the closing quote, if it is there."""
        if self.at < len(self.line):
            self.at += 1
            self.open_quote = ""

    def _escape(self) -> None:
        """Take the character after a backslash as it is; a line end after it is nothing."""
        if _ends_line(self.line, self.at):
            self.at = self.line.index("\n", self.at) + 1
            return
        self.backslash = self.at + 1 == len(self.line)
        self.at += 1
        self._take(min(self.at + 1, len(self.line)))

    def _variable(self) -> None:
        """Put the value of the variable that stands here; a ``$`` before anything else is itself."""
        reference = REFERENCE.match(self.line, self.at)
        if reference is None:
            self._take(self.at + 1)
            return
        self.at = reference.end()
        self.filled = True
        found = resolve_reference(reference.group(), self.variables)
        if isinstance(found, WordError):
            self.error = self.error or found
            self.parts.append(reference.group())
        else:
            self.parts.append(found)
