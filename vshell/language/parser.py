"""One pass over the words of a line, from left to right: the work behind ``vshell.language.grammar.read``."""

from collections.abc import Mapping, Sequence

from vshell.language import messages
from vshell.language.judging import at_end, lacks, no_such_word, too_many
from vshell.language.lexer import Lexeme, Split, split
from vshell.language.messages import beginning_with
from vshell.language.parsed_line import LineError, Role, Word
from vshell.language.pipeline import PipelineParser
from vshell.language.preamble import preamble
from vshell.language.variables import WordError
from vshell.registry.parameter import Parameter
from vshell.registry.tree import Command, Node, Registry

HELP = ("--help", "-h")
"""What asks for a command's help instead of running it, wherever it stands behind the command."""


class Parser:
    """What was understood of a line; made by reading it whole, then only looked at.

    ``node`` is where the command words led, None once they led nowhere. ``given`` holds the first word for
    each parameter, also a wrong one. ``waiting`` is the option whose value is still to come, ``positionals``
    the words that may still come; ``rest_begun`` tells that all words now belong to the last of them. ``asks_help``
    tells that the command is only to be explained. ``tail`` is what follows the command, None without a sign. ``led``
    counts the command words that stand before the command's own.
    """

    def __init__(self, line: str, registry: Registry, variables: Mapping[str, object]) -> None:
        self.line = line
        self.registry = registry
        self.variables = variables
        before = preamble(line, registry.root.words)
        self.words: list[Word] = before.words
        self.node: Node | None = None if before.broken else registry.root
        self.command: Command | None = None
        self.values: dict[str, object] = {}
        self.common: dict[str, object] = {}
        self.given: dict[str, Word] = {}
        self.waiting: Parameter | None = before.waiting
        self.positionals: list[Parameter] = []
        self.rest_begun = self.asks_help = False
        self.fault = before.fault
        self.assigns = before.assigns
        self.watch = before.watch
        self.tail: PipelineParser | None = None
        self.led = sum(word.role == "command" for word in before.words)
        self.split = split(line, variables, before.end)
        self._read()

    def _read(self) -> None:
        pieces = self._without_comments(self.split)
        taken = self._command_words(pieces)
        if self.command is None:
            self._unread(pieces[taken:])
        else:
            self.positionals += self.command.positionals
            for index, piece in enumerate(pieces[taken:], taken):
                if piece.sign and not self._hides(piece):
                    self._follow(self.command, pieces[index:])
                    break
                self._argument(piece)
        self._finish()
        if len(pieces) < len(self.split.pieces):
            self.words.sort(key=lambda word: word.start)  # comments were put before the rest

    def _hides(self, piece: Lexeme) -> bool:
        """Tell whether a sign is part of a secret: it stands where one is due, or in the middle of it."""
        last = self.words[-1] if self.words else None
        within = last is not None and last.secret and last.end == piece.start
        return within or (self.waiting is not None and self.waiting.kind.secret)

    def _follow(self, command: Command, pieces: Sequence[Lexeme]) -> None:
        """Take what follows the command, from the first sign on."""
        for problem in lacks(self):
            self._fail(problem, max(word.end for word in self.words))
        self.tail = tail = PipelineParser(pieces, self._add, self._typed, kept_in_variable=self.assigns is not None)
        if tail.vertical is not None:
            takes_output = any(parameter.name == "output" for parameter in command.common)
            if not takes_output or "output" in self.given:
                self._fail(messages.not_vertical(command, chosen=takes_output), tail.vertical.start)
            self.common["output"] = "vertical"

    # The command.

    def _without_comments(self, whole: Split) -> list[Lexeme]:
        """Return the pieces without comments; the last is marked when its quote is not closed."""
        pieces = []
        for piece in whole.pieces:
            if piece.comment:
                self._add(piece, "comment")
            else:
                pieces.append(piece)
        if whole.open_quote:
            pieces[-1] = pieces[-1]._replace(error=messages.OPEN_QUOTE)
        return pieces

    def _command_words(self, pieces: Sequence[Lexeme]) -> int:
        """Follow the words down the tree; return how many there were, a wrong one included."""
        for index, piece in enumerate(pieces):
            node = self.node
            if node is None or not node.words:
                return index
            if piece.sign:
                if node is self.registry.root:
                    self._fail(messages.nothing_before(piece.sign), piece.start)
                return index
            readable = piece.text and not piece.filled and not piece.error
            word = node.meant(piece.text) if readable else None
            if word is None:
                if node.command is not None:
                    return index
                self.node = None
                self._add(piece, "unknown", problem=piece.error or no_such_word(self, node, piece))
                return index + 1
            self._add(piece, "command", full="" if word == piece.text else word)
            self.node = node.words[word]
            self.command = self.node.command
        return len(pieces)

    @property
    def path(self) -> str:
        """The command words so far, in full."""
        words = [word.full or word.text for word in self.words if word.role == "command"]
        return " ".join(words[self.led :])

    def _unread(self, pieces: Sequence[Lexeme]) -> None:
        """Keep the words behind a wrong command; the value of what is a secret elsewhere stays one."""
        secret: Parameter | None = None
        for piece in pieces:
            is_option = self.line.startswith("-", piece.start)
            if is_option:
                secret = self.registry.secret(piece.text[: piece.equals[1]] if piece.equals else piece.text)
            if secret is not None and (piece.equals or not is_option):
                self._add(piece, "value", secret)
                secret = None
            else:
                self._add(piece, "unknown", problem=piece.error)

    # The arguments.

    def _argument(self, piece: Lexeme) -> None:
        """Take one word behind the command: an option, the value of one, or a word of its own."""
        known = self._is_known(piece)
        if self.rest_begun and self.waiting is None and not known and self.positionals[0].kind.dashed:
            self._value(self.positionals[0], piece, "positional")
            return
        plain_option = self.line.startswith("--", piece.start) or known
        if self.waiting is not None:
            waiting, self.waiting = self.waiting, None
            if not plain_option:
                self._value(waiting, piece)
                return
            self._fail(messages.needs_value(waiting), piece.start)
        if plain_option or (self.line.startswith("-", piece.start) and piece.text != "-"):
            self._option(piece)
        elif self.positionals:
            parameter = self.positionals[0]
            self.rest_begun = parameter.place == "rest"
            if not self.rest_begun:
                del self.positionals[0]
            self._value(parameter, piece, "positional")
        else:
            self._too_many(piece)

    def _is_known(self, piece: Lexeme) -> bool:
        """Tell whether the piece is plainly an option of the command, in full; it may have one dash."""
        name = piece.text[: piece.equals[1]] if piece.equals else piece.text
        return name in self._options and self.line.startswith("-", piece.start)

    @property
    def _options(self) -> Mapping[str, tuple[Parameter, bool | None]]:
        return self.command.options if self.command else {}

    def spelling(self, typed: str) -> str | None:
        """Return the option's spelling that ``typed`` is or is the only possible beginning of."""
        options = self._options
        if typed in options:
            return typed
        possible = beginning_with(typed, options)
        return possible[0] if len(possible) == 1 and len(typed) > 2 else None

    def _option(self, piece: Lexeme) -> None:
        """Take an option, and its value where that is in the same word."""
        assert self.command is not None
        end, cut = piece.equals or (piece.end, len(piece.text))
        typed = self.line[piece.start : end]
        name = Lexeme(typed if piece.filled else piece.text[:cut], piece.start, end)
        spelling = self.spelling(name.text)
        if spelling is None and (self._help(name, piece) or self._attached(piece)):
            return
        if spelling is None:
            problem, meant = messages.no_such_option(typed, name.text, self.command)
            if not piece.equals:
                problem = piece.error or problem
            self._add(name, "unknown", problem=problem)
            if meant is None or not meant.kind.takes_value:
                return
            parameter, switched = meant, None  # Go on as if that had been typed.
        else:
            parameter, switched = self.command.options[spelling]
            full = "" if spelling == name.text else spelling
            self._add(
                name, "option", parameter, messages.not_again(self.command, self.given, parameter, spelling), full=full
            )
        if not parameter.kind.takes_value:
            self._switch(parameter, switched, piece)
        elif piece.equals:
            value = piece._replace(text=piece.text[cut + 1 :], start=end + 1, equals=None)
            self._value(parameter, value)
        else:
            self.waiting = parameter

    def _help(self, name: Lexeme, piece: Lexeme) -> bool:
        """Take what asks for help; tell whether it was that."""
        if name.text not in HELP or piece.equals:
            return False
        self.asks_help = True
        self._add(name, "option")
        return True

    def _attached(self, piece: Lexeme) -> bool:
        """Take ``-e24h``, an option of one letter and its value in one word; tell whether it was one."""
        assert self.command is not None
        name = Lexeme(piece.text[:2], piece.start, piece.start + 2)
        parameter, _ = self._options.get(name.text, (None, None))
        if parameter is None or not parameter.kind.takes_value or not self.line.startswith(name.text, piece.start):
            return False
        self._add(name, "option", parameter, messages.not_again(self.command, self.given, parameter, name.text))
        self._value(parameter, piece._replace(text=piece.text[2:], start=piece.start + 2, equals=None))
        return True

    def _switch(self, parameter: Parameter, value: bool | None, piece: Lexeme) -> None:
        """Keep a switch, which has no value of its own."""
        self.given.setdefault(parameter.name, self.words[-1])
        if piece.equals:
            text = Lexeme(piece.text[piece.equals[1] + 1 :], piece.equals[0] + 1, piece.end)
            self._add(text, "unknown", problem=messages.takes_no_value(parameter))
        (self.common if parameter.common else self.values)[parameter.name] = value

    def _value(self, parameter: Parameter, piece: Lexeme, role: Role = "value") -> None:
        """Take a parameter's value and keep it if it is one."""
        problem = piece.error
        value: object = None
        if problem is None:
            try:
                value = parameter.kind.parse(piece.text)
            except ValueError as error:
                filled = self._typed(piece) if piece.filled else None
                problem = messages.refused(parameter, str(error), filled)
        self._add(piece, role, parameter, problem)
        self.given.setdefault(parameter.name, self.words[-1])
        if problem is None:
            kept = self.common if parameter.common else self.values
            if parameter.repeatable:
                added = value if parameter.kind.many and isinstance(value, list) else [value]
                before = kept.get(parameter.name)
                value = [*before, *added] if isinstance(before, list) else added
            kept[parameter.name] = value

    def _too_many(self, piece: Lexeme) -> None:
        """Refuse a word that nothing asked for; it may be part of a secret."""
        assert self.command is not None
        problem, secret = too_many(self, self.command, piece)
        self._add(piece, "value" if secret else "unknown", secret, problem)

    # The end.

    def _finish(self) -> None:
        """Tell what is wrong with the line as a whole."""
        for problem, column in at_end(self):
            self._fail(problem, column)

    # Keeping.

    def _typed(self, piece: Lexeme) -> str:
        return self.line[piece.start : piece.end]

    def _fail(self, problem: WordError, column: int) -> None:
        """Note what is wrong, if it is the first thing."""
        if self.fault is None:
            self.fault = LineError(problem.sentence, problem.hint, column)

    def _add(
        self,
        piece: Lexeme,
        role: Role,
        parameter: Parameter | None = None,
        problem: WordError | None = None,
        full: str = "",
    ) -> None:
        """Keep a word with its role, and what is wrong with it."""
        error = problem.sentence if problem else None
        self.words.append(Word(piece.text, piece.start, piece.end, role, parameter, error, piece.quoted, full))
        if problem is not None:
            self._fail(problem, piece.start)
