"""The answer to ``?``: all that may come at the cursor, explained, and an example; nothing waits."""

from collections.abc import Iterator

from vshell.completion.live_names import LiveNames
from vshell.formats.text import visible
from vshell.help.usage import explain_words
from vshell.language.messages import SIGN_EXAMPLES
from vshell.language.parsed_line import ParsedLine
from vshell.prompt.candidates import list_completions, usage_form
from vshell.registry.tree import Command, Node, Parameter, Registry

MOST_VALUES = 20
"""Values that are listed; a list that is longer is narrowed by typing."""

ENTER = "<Enter>"


def is_literal_question_mark(parsed: ParsedLine, cursor: int) -> bool:
    """Tell whether a ``?`` typed at the end of this line is a character of it: in a quote or a comment, behind \\\\."""
    behind_word = next((word for word in parsed.words if word.start < cursor <= word.end), None)
    comment = behind_word is not None and behind_word.role == "comment" and parsed.line[behind_word.start] == "#"
    return bool(parsed.open_quote) or comment or parsed.line[:cursor].endswith("\\")


def explain_line(parsed: ParsedLine, names: LiveNames, registry: Registry, width: int) -> str:
    """Return the answer for a line that ends at the cursor, within ``width`` columns."""
    wrong = next((word.error for word in parsed.words if word.error and word.end < parsed.expected.start), None)
    if wrong:
        return visible(wrong)
    rows = list(_rows(parsed, names))
    text = explain_words(rows, width) if rows else "  Nothing may come here."
    example = _example(parsed, registry)
    return f"{text}\n{explain_words([('Example', example)], width)}" if example else text


def _rows(parsed: ParsedLine, names: LiveNames) -> Iterator[tuple[str, str]]:
    """Yield what may come, one row each: how it is written, and what it is."""
    expected = parsed.expected
    found = list_completions(parsed, names)
    options = {spelling: each for each in expected.parameters for spelling in each.spellings}
    parameter = expected.value_of
    if parameter is not None:
        yield parameter.kind.metavar, f"{parameter.help} It is {parameter.kind.explanation}."
    values = [offer for offer in found if offer.text not in options]
    words = expected.value_of is None
    for offer in values if words else values[:MOST_VALUES]:
        yield visible(offer.text), visible(offer.meta)
    if not words and len(values) > MOST_VALUES:
        yield "...", f"{len(values) - MOST_VALUES} more; type a beginning to see fewer."
    shown: dict[str, Parameter] = {}
    for offer in found:
        option = options.get(offer.text)
        if option is None or option.name in shown:
            continue
        shown[option.name] = option
        if not option.common or expected.prefix:
            yield usage_form(option), offer.meta
    common = [each.spellings[0] for each in shown.values() if each.common]
    if common and not expected.prefix:
        yield "...", f"Also {', '.join(common)}: help output."
    for sign, meaning in expected.signs:
        if sign.startswith(expected.prefix):
            yield sign, meaning
    if parsed.complete and not expected.prefix:
        yield ENTER, "Runs the line."


def _example(parsed: ParsedLine, registry: Registry) -> str:
    """Return an example of the command, or of the first one that the words may lead to."""
    command = parsed.command or _first_command(parsed, registry)
    if command is None:
        return ""
    option = parsed.expected.value_of
    if any(word.role == "operator" and word.text != "\\G" for word in parsed.words):
        return SIGN_EXAMPLES.get(option.name if option else "word", "")
    fitting = (each for each in command.examples if option and any(f"{s} " in each for s in option.spellings))
    return next(fitting, command.examples[0])


def _first_command(parsed: ParsedLine, registry: Registry) -> Command | None:
    """Return the first command below the words, with the first offer for a word that is only begun."""
    node: Node | None = registry.root
    for word in parsed.words:
        if word.role == "command" and node is not None and (word.full or word.text) in node.words:
            node = node.words[word.full or word.text]
    if node is registry.root:
        return None
    while node is not None and node.command is None:
        node = next(iter(node.words.values()), None)
    return node.command if node else None
