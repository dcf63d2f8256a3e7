"""Words of a line, with where each stands: the lowest layer of the language.

Rules:

- White space parts words. Single quotes keep all as it is; double quotes keep all but ``\\`` before ``"``,
  ``\\``, ``$`` or a line end; elsewhere ``\\`` takes the next character as it is.
- ``\\`` at a line end continues the line. ``#`` at the beginning of a word begins a comment.
- ``$name``, ``$name.field`` and ``${name.field}`` stand for a variable's value, except in single quotes.
- A sign (``|``, ``|!``, ``>``, ``>>``) is one only where a word could begin, and never by a variable's value or in
  quotes: ``a|b`` is a word. ``\\G`` is one where nothing but another sign follows. Behind ``|!`` the rest of the
  line is one lexeme, as it is typed.
- Splitting never fails: what is missing (a quote, a variable) stands in the word.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vshell.language import messages
from vshell.language.variables import REFERENCE, WordError, resolve_reference


class Lexeme(NamedTuple):
    """A word as typed.

    ``line[start:end]`` is what was typed, ``text`` what it stands for. ``equals`` is where the first plain ``=``
    stands, as (offset in the line, offset in text), or None. ``filled`` tells that a variable's value is in it.
    ``error`` says what is wrong with it. ``sign`` is the sign that it is, ``COMMAND`` for the text behind ``|!``,
    or "".
    """

    text: str
    start: int
    end: int
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


_BETWEEN_WORDS = re.compile(r"\s*+(?:\\\r?\n\s*+)*+")
# Most words hold nothing special; they are taken in one step. "=" is special only inside.
_PLAIN = re.compile(r"""[^\s'"\\$#=|>][^\s'"\\$=]*+(?!\S)""")
_VERTICAL = re.compile(r"\\G(?=\s*(?:\Z|[|>]|\s#))")
_SIGN = re.compile(rf"\|!?|>>?|{_VERTICAL.pattern}")
_COMMENT = re.compile(r"[^\n]*")
_VARIABLE = rf"(?P<variable>{REFERENCE.pattern})"
_WORD_PART = re.compile(
    rf"""'(?P<single>[^']*)'?|(?P<double>")|\\(?P<escaped>\r?\n|[\s\S]?)|{_VARIABLE}|(?P<equals>=)"""
    r"""|(?P<plain>[^\s'"\\$=]+|\$)"""
)
_QUOTED_PART = re.compile(
    rf"""(?P<double>")|\\(?P<escaped>\r?\n|["\\$]|\Z)|{_VARIABLE}|(?P<plain>[^"\\$]+|\\[\s\S]|\$)"""
)


def split_line(line: str, variables: Mapping[str, object] | None = None, start: int = 0) -> Split:
    """Return the words of ``line`` from the offset ``start`` on."""
    lexemes: list[Lexeme] = []
    end = len(line)
    at = _end(_BETWEEN_WORDS, line, start)
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
            lexeme, unfinished = _scan_word(line, at, variables or {})
            lexemes.append(lexeme)
            stop = lexeme.end
            if unfinished.open_quote or unfinished.backslash:
                return unfinished._replace(lexemes=lexemes)
        at = _end(_BETWEEN_WORDS, line, stop)
    return Split(lexemes)


def _with_command(line: str, at: int, lexemes: list[Lexeme]) -> Split:
    """Return the lexemes with what stands behind ``|!``, if anything does."""
    text = line[at:].strip()
    if text:
        start = line.index(text, at)
        lexemes.append(Lexeme(text, start, start + len(text), sign=COMMAND))
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


def _end(pattern: re.Pattern[str], line: str, at: int) -> int:
    """Return where the match of ``pattern`` at ``at`` ends; ``at`` itself when there is none."""
    match = pattern.match(line, at)
    return match.end() if match else at


def _scan_word(line: str, start: int, variables: Mapping[str, object]) -> tuple[Lexeme, Split]:
    """Return the word at ``start`` that holds quotes, backslashes or variables, and what it leaves open."""
    text = ""
    equals, error, filled = None, None, False
    quote, opened_at, backslash = "", 0, False
    at = start
    while at < len(line) and (quote or not line[at].isspace()) and (quote or not _VERTICAL.match(line, at)):
        match = (_QUOTED_PART if quote else _WORD_PART).match(line, at)
        assert match is not None
        kind, part = match.lastgroup, match[match.lastgroup or 0]
        if kind == "double":
            quote, opened_at = ("", 0) if quote else (part, at)
        elif kind == "escaped":
            backslash = not part
            text += part.strip("\r\n") if part.endswith("\n") else part  # a line end after it is nothing
        elif kind == "variable":
            filled = True
            value = resolve_reference(part, variables)
            error = error or (value if isinstance(value, WordError) else None)
            text += part if isinstance(value, WordError) else value
        else:
            if kind == "single" and match.end() - at < len(part) + 2:
                quote, opened_at = "'", at
            elif kind == "equals" and equals is None:
                equals = (at, len(text))
            text += part
        at = match.end()
    error = messages.OPEN_QUOTE if quote else error
    lexeme = Lexeme(text, start, at, equals, filled, error)
    return lexeme, Split([], quote, opened_at, backslash)
