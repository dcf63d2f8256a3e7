"""What is wrong with a line as a whole, and what it lacks: a verb, a value, an option, what a sign needs behind it."""

from __future__ import annotations

from vshell.kinds import Text
from vshell.language import messages, watch_prefix
from vshell.language.lexer import Lexeme
from vshell.language.variables import WordError
from vshell.registry.parameter import Parameter
from vshell.registry.tree import Command, Node

TYPE_CHECKING = False  # the reader asks this module, which only looks at the reader
if TYPE_CHECKING:
    from vshell.language.parser import Parser


def lacks(reader: Parser) -> list[WordError]:
    """Return what is missing where the reader stands: one problem, or none."""
    if reader.command is None:
        return _before_command(reader)
    if reader.tail is not None:
        return [reader.tail.missing] if reader.tail.missing else []
    if reader.waiting is not None:
        return [messages.needs_value(reader.waiting)]
    return _of_command(reader, reader.command)


def _before_command(reader: Parser) -> list[WordError]:
    node = reader.node
    if node is not None and node is not reader.registry.root:
        return [messages.needs_verb(reader.path, node.words)]
    if reader.watch is not None:
        return [messages.WATCH_WITHOUT_COMMAND]
    return [messages.LET_WITHOUT_COMMAND] if reader.assigns is not None else []


def _of_command(reader: Parser, command: Command) -> list[WordError]:
    for parameter in command.parameters:
        if parameter.required and parameter.name not in reader.given:
            return [messages.needs(command, [parameter])]
    for group in command.one_of:
        if reader.given.keys().isdisjoint(group):
            return [messages.needs(command, [p for p in command.parameters if p.name in group])]
    return []


def at_end(reader: Parser) -> list[tuple[WordError, int]]:
    """Return what is wrong when the whole line has been read, each with its column."""
    end = max((word.end for word in reader.words if word.role != "comment"), default=0)
    found = [(problem, end) for problem in lacks(reader)]
    if reader.watch is not None and reader.command is not None and (reader.command.changes or reader.command.confirm):
        first = [word for word in reader.words if word.role == "command"][reader.led]
        found.append((messages.not_watched(reader.command), first.start))
    if reader.tail is not None and reader.tail.steps and reader.command and reader.command.view.shows_secret:
        sign = next(word for word in reader.words if word.role == "operator" and word.text == "|")
        found.append((messages.secret_filtered(reader.command), sign.start))
    if reader.split.backslash:
        found.append((messages.NOTHING_FOLLOWS, len(reader.line) - 1))
    return found


def too_many(reader: Parser, command: Command, piece: Lexeme) -> tuple[WordError, Parameter | None]:
    """Return what is wrong with a word that nothing asked for, and the secret that it may be a part of."""
    last = reader.words[-1]
    secret = last.parameter if last.secret else next((each for each in command.positionals if each.kind.secret), None)
    typed = None if secret else reader.line[piece.start : piece.end]
    of_several = last.role == "value" or isinstance(last.parameter and last.parameter.kind, Text)
    return piece.error or messages.too_many(command, typed, after_value=of_several), secret


def no_such_word(reader: Parser, node: Node, piece: Lexeme) -> WordError:
    """Return what is wrong with a word that leads nowhere behind the command words so far."""
    path, typed = reader.path, reader.line[piece.start : piece.end]
    if piece.filled:
        return messages.variable_as_command(typed, path)
    if reader.line.startswith("-", piece.start) and path:
        return messages.option_before_verb(path, node.words)
    if typed == watch_prefix.WORD and not path:
        return messages.WATCH_COMES_FIRST
    return messages.no_such_word(typed, piece.text, path, node.words)
