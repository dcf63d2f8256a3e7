"""The parser: one pass over the words of a line, from left to right, for ``vshell.language.grammar``.

What stands before a command is read first, so that the command behind it is completed, coloured and checked as
anywhere: a copied prompt, ``let NAME =``, and ``watch INTERVAL``. How a ``watch`` runs stands in ``vshell.run.watch``.

    preamble = [PROMPT] [PROGRAM] ["let" NAME "=" | watch]
    watch    = "watch" [--count N] INTERVAL [--count N]
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from vshell.kinds import Candidate, Duration, Integer, Names, Text
from vshell.language import messages
from vshell.language.lexer import Lexeme, Split, split_line
from vshell.language.parsed_line import LineError, Role, Watch, Word, WordList
from vshell.language.pipeline import PipelineParser
from vshell.language.variables import NAME, WordError
from vshell.registry.tree import Command, Node, Parameter, Registry

HELP = ("--help", "-h")
"""What calls for a command's help instead of running it, wherever it stands behind the command."""


class Parser(WordList):
    """What was understood of a line; made by parsing it whole, then only read.

    ``node`` is where the command words led, None once they led nowhere. ``given`` holds the first word for
    each parameter, also a wrong one. ``waiting`` is the option whose value is still to come, ``positionals``
    the words that may still come; ``rest_begun`` tells that all words now belong to the last of them. ``is_help``
    tells that the command is only to be explained. ``tail`` is what follows the command, None without a sign. ``led``
    counts the command words that stand before the command's own.
    """

    def __init__(self, line: str, registry: Registry, variables: Mapping[str, object]) -> None:
        super().__init__(line)
        self.registry = registry
        self.variables = variables
        before = read_preamble(line, registry.root.words, variables)
        self.words, self.error = before.words, before.error
        self.node: Node | None = None if before.broken else registry.root
        self.command: Command | None = None
        self.values: dict[str, object] = {}
        self.common: dict[str, object] = {}
        self.given: dict[str, Word] = {}
        self.waiting: Parameter | None = before.waiting
        self.positionals: list[Parameter] = []
        self.rest_begun = self.is_help = False
        self.assigns = before.assigns
        self.watch = before.watch
        self.tail: PipelineParser | None = None
        self.led = sum(word.role == "command" for word in before.words)
        self.split = before.rest
        self._read()

    def _read(self) -> None:
        lexemes = [lexeme for lexeme in self.split.lexemes if not lexeme.comment]
        for lexeme in self.split.lexemes:
            if lexeme.comment:
                self.add(lexeme, "comment")
        taken = self._read_command(lexemes)
        if self.command is None:
            self._read_unknown(lexemes[taken:])
        else:
            self.positionals += self.command.positionals
            for index, lexeme in enumerate(lexemes[taken:], taken):
                if lexeme.sign and not self._is_within_secret(lexeme):
                    self._read_tail(self.command, lexemes[index:])
                    break
                self._read_argument(self.command, lexeme)
        self._check_whole()
        if len(lexemes) < len(self.split.lexemes):
            self.words.sort(key=lambda word: word.start)  # comments were put before the rest

    def _is_within_secret(self, sign: Lexeme) -> bool:
        """Tell whether a sign is part of a secret: it stands where one is due, or in the middle of it."""
        last = self.words[-1] if self.words else None
        within = last is not None and last.secret and last.end == sign.start
        return within or (self.waiting is not None and self.waiting.kind.secret)

    def _read_tail(self, command: Command, lexemes: Sequence[Lexeme]) -> None:
        """Take what follows the command, from the first sign on."""
        if missing := self.missing():
            self.fail(missing, max(word.end for word in self.words))
        self.tail = tail = PipelineParser(lexemes, self, is_assigned=self.assigns is not None)
        if tail.vertical is not None:
            takes_output = any(parameter.name == "output" for parameter in command.common)
            if not takes_output or "output" in self.given:
                self.fail(messages.not_vertical(command, chosen=takes_output), tail.vertical.start)
            self.common["output"] = "vertical"

    # The command.

    def _read_command(self, lexemes: Sequence[Lexeme]) -> int:
        """Follow the words down the tree; return how many there were, a wrong one included."""
        for index, lexeme in enumerate(lexemes):
            node = self.node
            if node is None or not node.words:
                return index
            if lexeme.sign:
                if node is self.registry.root:
                    self.fail(messages.nothing_before(lexeme.sign), lexeme.start)
                return index
            readable = lexeme.text and not lexeme.filled and not lexeme.error
            word = node.resolve(lexeme.text) if readable else None
            if word is None:
                if node.command is not None:
                    return index
                self.node = None
                self.add(lexeme, "unknown", error=lexeme.error or self._no_such_word(node, lexeme))
                return index + 1
            self.add(lexeme, "command", full="" if word == lexeme.text else word)
            self.node = node.words[word]
            self.command = self.node.command
        return len(lexemes)

    @property
    def path(self) -> str:
        """The command words so far, in full."""
        words = [word.full or word.text for word in self.words if word.role == "command"]
        return " ".join(words[self.led :])

    def _no_such_word(self, node: Node, lexeme: Lexeme) -> WordError:
        """Return what is wrong with a word that leads nowhere behind the command words so far."""
        path, typed = self.path, self.typed_text(lexeme)
        if lexeme.filled:
            return messages.variable_as_command(typed, path)
        if self.line.startswith("-", lexeme.start) and path:
            return messages.option_before_verb(path, node.words)
        if typed == WATCH and not path:
            return messages.WATCH_COMES_FIRST
        return messages.no_such_word(typed, lexeme.text, path, node.words)

    def _read_unknown(self, lexemes: Sequence[Lexeme]) -> None:
        """Add the words behind a wrong command; the value of what is a secret elsewhere stays one."""
        secret: Parameter | None = None
        for lexeme in lexemes:
            is_option = self.line.startswith("-", lexeme.start)
            if is_option:
                secret = self.registry.find_secret(lexeme.name)
            if secret is not None and (lexeme.equals or not is_option):
                self.add(lexeme, "value", secret)
                secret = None
            else:
                self.add(lexeme, "unknown", error=lexeme.error)

    # The arguments.

    def _read_argument(self, command: Command, lexeme: Lexeme) -> None:
        """Take one word behind the command: an option, the value of one, or a word of its own."""
        is_known = lexeme.name in command.options and self.line.startswith("-", lexeme.start)
        if self.rest_begun and self.waiting is None and not is_known and self.positionals[0].kind.dashed:
            self._read_value(self.positionals[0], lexeme, "positional")
            return
        is_option = self.line.startswith("--", lexeme.start) or is_known
        if self.waiting is not None:
            waiting, self.waiting = self.waiting, None
            if not is_option:
                self._read_value(waiting, lexeme)
                return
            self.fail(messages.needs_value(waiting), lexeme.start)
        if is_option or (self.line.startswith("-", lexeme.start) and lexeme.text != "-"):
            self._read_option(command, lexeme)
        elif self.positionals:
            parameter = self.positionals[0]
            self.rest_begun = parameter.place == "rest"
            if not self.rest_begun:
                del self.positionals[0]
            self._read_value(parameter, lexeme, "positional")
        else:
            self._refuse_word(command, lexeme)

    def find_spelling(self, typed: str) -> str | None:
        """Return the option's spelling that ``typed`` is or is the only possible beginning of."""
        options = self.command.options if self.command else {}
        if typed in options:
            return typed
        possible = messages.beginning_with(typed, options)
        return possible[0] if len(possible) == 1 and len(typed) > 2 else None

    def _read_option(self, command: Command, lexeme: Lexeme) -> None:
        """Take an option, and its value where that is in the same word."""
        end = lexeme.equals[0] if lexeme.equals else lexeme.end
        typed = self.line[lexeme.start : end]
        name = Lexeme(typed if lexeme.filled else lexeme.name, lexeme.start, end)
        value = lexeme.value if lexeme.equals else None
        spelling = self.find_spelling(name.text)
        if spelling is None and value is None and name.text in HELP:
            self.is_help = True
            self.add(name, "option")
            return
        letter, _ = command.options.get(lexeme.text[:2], (None, None))
        is_typed = self.line.startswith(lexeme.text[:2], lexeme.start)
        if spelling is None and letter is not None and letter.kind.takes_value and is_typed:
            # ``-e24h``: an option of one letter and its value in one word.
            spelling, end = lexeme.text[:2], lexeme.start + 2
            name = Lexeme(spelling, lexeme.start, end)
            value = lexeme._replace(text=lexeme.text[2:], start=end, equals=None)
        if spelling is None:
            problem, meant = messages.no_such_option(typed, name.text, command)
            self.add(name, "unknown", error=problem if value else lexeme.error or problem)
            if meant is None or not meant.kind.takes_value:
                return
            parameter, switched = meant, None  # Go on as if that had been typed.
        else:
            parameter, switched = command.options[spelling]
            error = self._not_again(command, parameter, spelling)
            self.add(name, "option", parameter, error, "" if spelling == name.text else spelling)
        if parameter.kind.takes_value and value is None:
            self.waiting = parameter
        elif parameter.kind.takes_value and value is not None:
            self._read_value(parameter, value)
        else:
            self.given.setdefault(parameter.name, self.words[-1])
            if value is not None:
                self.add(value, "unknown", error=messages.takes_no_value(parameter))
            (self.common if parameter.common else self.values)[parameter.name] = switched

    def _not_again(self, command: Command, parameter: Parameter, spelling: str) -> WordError | None:
        """Return what is wrong with giving a parameter now: it, or what excludes it, was given before."""
        if parameter.name in self.given and not parameter.repeatable:
            return messages.given_twice(parameter, spelling)
        for group in command.one_of:
            other = next((name for name in self.given if name in group), None)
            if other not in (None, parameter.name) and parameter.name in group:
                return messages.exclude_each_other(command, group)
        return None

    def _read_value(self, parameter: Parameter, lexeme: Lexeme, role: Role = "value") -> None:
        """Take a parameter's value, and keep it if it is one."""
        value = self.add_value(lexeme, parameter, role)
        self.given.setdefault(parameter.name, self.words[-1])
        if self.words[-1].error is not None:
            return
        values = self.common if parameter.common else self.values
        if parameter.repeatable:
            added = value if parameter.kind.many and isinstance(value, list) else [value]
            before = values.get(parameter.name)
            value = [*before, *added] if isinstance(before, list) else added
        values[parameter.name] = value

    def _refuse_word(self, command: Command, lexeme: Lexeme) -> None:
        """Add a word that nothing has a use for; it may be part of a secret."""
        last = self.words[-1]
        secret = last.parameter if last.secret else next((p for p in command.positionals if p.kind.secret), None)
        typed = None if secret else self.typed_text(lexeme)
        of_several = last.role == "value" or isinstance(last.parameter and last.parameter.kind, Text)
        error = lexeme.error or messages.too_many(command, typed, after_value=of_several)
        self.add(lexeme, "value" if secret else "unknown", secret, error)

    # The end.

    def missing(self) -> WordError | None:
        """Return what is missing behind the words so far: a verb, a value, an option, what a sign needs."""
        command = self.command
        if command is None:
            if self.node is not None and self.node is not self.registry.root:
                return messages.needs_verb(self.path, self.node.words)
            if self.watch is not None:
                return messages.WATCH_WITHOUT_COMMAND
            return messages.LET_WITHOUT_COMMAND if self.assigns is not None else None
        if self.tail is not None:
            return self.tail.missing
        if self.waiting is not None:
            return messages.needs_value(self.waiting)
        needed = [(p.name,) for p in command.parameters if p.required] + list(command.one_of)
        lacking = next((group for group in needed if self.given.keys().isdisjoint(group)), None)
        return (
            None if lacking is None else messages.needs(command, [p for p in command.parameters if p.name in lacking])
        )

    def _check_whole(self) -> None:
        """Note what is wrong with the line as a whole."""
        command, words = self.command, self.words
        if missing := self.missing():
            self.fail(missing, max((word.end for word in words if word.role != "comment"), default=0))
        if self.watch is not None and command is not None and (command.changes or command.confirm):
            first = [word for word in words if word.role == "command"][self.led]
            self.fail(messages.not_watched(command), first.start)
        if self.tail is not None and self.tail.steps and command and command.view.shows_secret:
            sign = next(word for word in words if word.role == "operator" and word.text == "|")
            self.fail(messages.secret_filtered(command), sign.start)
        if self.split.backslash:
            self.fail(messages.NOTHING_FOLLOWS, len(self.line) - 1)


WATCH = "watch"
WATCH_EXPLANATION = "Run a command again and again, and mark what changes."


class Interval(Duration):
    """A period between two runs, of whole seconds, minutes or hours; digits alone are seconds."""

    metavar = "INTERVAL"
    explanation = "a whole number of seconds, or with a unit: 5s, 2m, 1h"
    from_now = False

    def seconds(self, text: str) -> int:
        """Return the period in seconds; raises ValueError when it is none."""
        return super().seconds(f"{text}s" if text.isascii() and text.isdigit() else text)

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer usual intervals."""
        return [Candidate(text) for text in ("2s", "5s", "30s", "1m") if text.startswith(prefix)]


INTERVAL = Parameter("interval", Interval(), "Says how long to wait between two runs.", True, "positional")
COUNT = Parameter(
    "count", Integer(1, 1_000_000), "Says how often to run; until Ctrl-C if not given.", False, spellings=("--count",)
)

_PROMPT = re.compile(r"\s*((?:vcli|vshell):\s+\S+>|\$)(?=\s|$)")
_PROGRAM = re.compile(r"\s*(vcli|vigocli|catalyst|\./cells-enterprise|vault|vshell)(?=\s|$)")
_LET = re.compile(r"\s*(let)(?=\s|$)\s*([^\s=]*)\s*(=?)")
_WATCH = re.compile(rf"\s*({WATCH})(?=\s|\Z)")


class Preamble(NamedTuple):
    """The words before the command, and the ``rest`` of the line.

    ``assigns`` is the variable of a ``let``, ``watch`` how a ``watch`` repeats, ``error`` what is wrong with it;
    ``broken`` tells that no command can follow, ``waiting`` what must come first.
    """

    words: list[Word]
    error: LineError | None
    rest: Split
    assigns: str | None = None
    broken: bool = False
    watch: Watch | None = None
    waiting: Parameter | None = None


def read_preamble(
    line: str, commands: Mapping[str, Container[str]], variables: Mapping[str, object] | None = None
) -> Preamble:
    """Return what stands before the command.

    ``commands`` are the command words, each with those that may follow it. A program's name that is one of them is
    not skipped, unless what follows is another command: ``vault auth`` is one, ``vault apitoken list`` is not.
    """
    words = WordList(line)
    end = 0
    for pattern in (_PROMPT, _PROGRAM):
        match = pattern.match(line, end)
        if match and not _is_command(match.group(1), line[match.end() :].split(None, 1)[:1], commands):
            words.add(_lexeme(match, 1), "comment")
            end = match.end()
    if match := _WATCH.match(line, end):
        words.add(_lexeme(match, 1), "command")
        return _read_watch(words, split_line(line, variables, match.end()))
    assigns, broken = None, False
    if match := _LET.match(line, end):
        assigns, broken, end = _read_let(words, match), not match.group(3), match.end()
    return Preamble(words.words, words.error, split_line(line, variables, end), assigns, broken)


def _is_command(word: str, following: list[str], commands: Mapping[str, Container[str]]) -> bool:
    return word in commands and (not following or following[0] in commands[word] or following[0] not in commands)


def _lexeme(match: re.Match[str], group: int) -> Lexeme:
    return Lexeme(match.group(group), *match.span(group))


def _read_let(words: WordList, match: re.Match[str]) -> str | None:
    """Add the words of a ``let``, finished or not, and return the name of its variable."""
    name, equals = match.group(2), match.group(3)
    is_name = NAME.fullmatch(name) is not None
    words.add(_lexeme(match, 1), "command")
    if name:
        words.add(_lexeme(match, 2), "positional", error=None if is_name else messages.no_variable_name(name))
    else:
        words.fail(messages.LET_WITHOUT_NAME, match.end(1))
    if equals:
        words.add(_lexeme(match, 3), "command")
    elif is_name:
        words.fail(messages.LET_WITHOUT_EQUALS, match.end())
    return name if is_name else None


def _read_watch(words: WordList, rest: Split) -> Preamble:
    """Return the preamble with a ``watch``, finished or not."""
    left = list(rest.lexemes)
    seconds, rounds, waiting = 0, None, None
    for parameter in (COUNT, INTERVAL, COUNT):
        if parameter is COUNT:
            if not left or left[0].name != "--count" or not words.line.startswith("--count", left[0].start):
                continue
            option = left.pop(0)
            words.add(Lexeme(option.name, option.start, option.start + len(option.name)), "option", COUNT)
            if option.value.text:
                left.insert(0, option.value)
        if not left or left[0].sign or left[0].comment:
            waiting = parameter
            words.fail(messages.watch_needs(parameter), words.words[-1].end)
            break
        value = words.add_value(left.pop(0), parameter, "value" if parameter is COUNT else "positional")
        if isinstance(value, int):
            rounds = value
        elif value is not None:
            seconds = Interval().seconds(str(value))
    watch = None if waiting else Watch(seconds, rounds)
    return Preamble(words.words, words.error, rest._replace(lexemes=left), None, waiting is not None, watch, waiting)
