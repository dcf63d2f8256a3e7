"""What the grammar says when a line is wrong: one sentence each, and the next step.

``typed`` is always what stands in the line, never what a variable stood for.
"""

from collections.abc import Collection, Iterable, Sequence

from vshell.formats.text import quote
from vshell.kinds.plain import either
from vshell.language.variables import WordError
from vshell.registry.tree import Command, Parameter

_LET_FORM = "Write it as: let t = apitoken create"
_WATCH_FORM = "Write it as: watch 5s apitoken list"
LET_WITHOUT_NAME = WordError("let needs the name of a variable.", _LET_FORM)
LET_WITHOUT_EQUALS = WordError("let needs an '=' behind the name.", _LET_FORM)
LET_WITHOUT_COMMAND = WordError("let needs a command behind the '='.", _LET_FORM)
OPEN_QUOTE = WordError("The quote opened here is not closed.", "Close it, or write \\ before it.")
WATCH_COMES_FIRST = WordError("watch stands at the beginning of a line, and only once.", _WATCH_FORM)
WATCH_WITHOUT_COMMAND = WordError("watch needs a command to run.", _WATCH_FORM)
NO_TARGET_WITH_LET = WordError(
    "let keeps the result in a variable, so it goes nowhere else.", "Leave out one of the two."
)
NOTHING_FOLLOWS = WordError("The line ends in a backslash, but no line follows.", "Remove the backslash.")


def no_variable_name(typed: str) -> WordError:
    """Say that ``let`` was given no proper name."""
    return WordError(f"{quote(typed)} cannot name a variable; use letters, digits and '_'.", _LET_FORM)


def no_such_word(typed: str, text: str, path: str, words: Collection[str]) -> WordError:
    """Say that there is no such command word behind ``path``, or that it could be several."""
    what = f"{path} has no verb {quote(typed)}" if path else f"There is no command {quote(typed)}"
    hint = f"{path} has {_list_words(words)}." if path else "Type help to see all commands."
    return _none_or_several(what, typed, text, words, hint)


def _none_or_several(what: str, typed: str, text: str, words: Collection[str], hint: str) -> WordError:
    """Say that a word could be several, or else ``what``, with the one that was probably meant."""
    if possible := beginning_with(text, words) if text else []:
        return WordError(f"{quote(typed)} could be {either(possible)}.", "Type one more letter, or the whole word.")
    guess = nearest(text, words)
    return WordError(f"{what}; did you mean {guess}?" if guess else f"{what}.", hint)


def variable_as_command(typed: str, path: str) -> WordError:
    """Say that a command word must not come from a variable."""
    where = f"behind {path}" if path else "here"
    return WordError(f"{quote(typed)} stands where a command word is needed.", f"Write out the word {where}.")


def option_before_verb(path: str, words: Collection[str]) -> WordError:
    """Say that the verb is missing before an option."""
    return WordError(f"{path} needs a verb before its options.", f"{path} has {_list_words(words)}.")


def needs_verb(path: str, words: Collection[str]) -> WordError:
    """Say that the verb is missing."""
    return WordError(f"{path} needs a verb: {either(sorted(words))}.", f"Type help {path} for what they do.")


def no_such_option(typed: str, text: str, command: Command) -> tuple[WordError, Parameter | None]:
    """Say that the command has no such option; return the parameter too that was probably meant."""
    possible = beginning_with(text, command.options) if len(text) > 2 else []
    if possible:
        problem = WordError(f"{quote(typed)} could be {either(possible)}.", "Type the option in full.")
        meant = [command.options[spelling][0] for spelling in possible]
        return problem, next((parameter for parameter in meant if parameter.kind.secret), meant[0])
    name = text.lstrip("-").replace("_", "-")
    guess = nearest(f"--{name}", command.options) if name else None
    what = f"{command.name} has no option {quote(typed)}"
    own = [spelling for spelling, (parameter, _) in command.options.items() if not parameter.common]
    hint = f"Its options: {_list_words(own)}." if own else "It has no options of its own."
    if guess:
        return WordError(f"{what}; did you mean {guess}?", hint), command.options[guess][0]
    return WordError(f"{what}.", hint), None


def needs_value(parameter: Parameter) -> WordError:
    """Say that an option's value is missing."""
    hint = f"{parameter.kind.metavar} is {parameter.kind.explanation}; if it begins with '--', write "
    return WordError(f"{parameter.label} needs a value.", f"{hint}{parameter.label}=VALUE.")


def takes_no_value(parameter: Parameter) -> WordError:
    """Say that a switch was given a value."""
    return WordError(f"{parameter.label} takes no value.", "Write it alone, or leave it out.")


def given_twice(parameter: Parameter, spelling: str) -> WordError:
    """Say that an option, or its opposite, stands in the line already."""
    if len(parameter.forms) > 1:
        return WordError(f"{either(parameter.forms)} was given before.", "Keep one of them.")
    return WordError(f"{spelling} is given twice.", "Keep one of them.")


def exclude_each_other(command: Command, group: Sequence[str]) -> WordError:
    """Say that only one of a group may be given."""
    labels = [parameter.label for parameter in command.parameters if parameter.name in group]
    return WordError(f"Only one of {_list_words(labels)} can be given.", "Remove the others.")


def refuse_value(parameter: Parameter, sentence: str, variable: str | None) -> WordError:
    """Say that a value is not of its parameter's kind; one from a ``variable`` is not repeated."""
    if variable is not None:
        what = f"what {quote(variable)} stands for does not fit; it takes {parameter.kind.explanation}."
        return WordError(f"{parameter.label}: {what}", "Choose another field of the variable.")
    return WordError(f"{parameter.label}: {sentence}", None)


def too_many(command: Command, typed: str | None, *, after_value: bool) -> WordError:
    """Say that a word is too many; without ``typed`` it is not repeated."""
    what = "this word" if typed is None else quote(typed)
    hint = "Put a value of several words in quotes." if after_value else f"Type help {command.name} for its options."
    return WordError(f"{command.name} has no use for {what}.", hint)


def needs(command: Command, parameters: Sequence[Parameter]) -> WordError:
    """Say that the command misses a parameter, or one of several."""
    forms = [" ".join(filter(None, [*p.spellings[:1], p.kind.metavar])) for p in parameters]
    return WordError(f"{command.name} needs {either(forms)}.", f"For example: {command.examples[0]}")


def no_such_filter(text: str, filters: Collection[str]) -> WordError:
    """Say that there is no such filter, or that it could be several."""
    hint = f"The filters are {either(sorted(filters))}; a command of the system comes behind |!"
    return _none_or_several(f"There is no filter {quote(text)}", text, text, filters, hint)


def needs_filter(filters: Collection[str]) -> WordError:
    """Say that a filter's name is missing behind ``|``."""
    return WordError(f"'|' needs a filter: {either(sorted(filters))}.", "For a command of the system write |!")


def sign_needs_value(name: str, parameter: Parameter) -> WordError:
    """Say that a filter or a sign misses what must follow it."""
    return WordError(
        f"{quote(name)} needs a {parameter.kind.metavar}.", "For example: " + SIGN_EXAMPLES[parameter.name]
    )


SIGN_EXAMPLES = {
    "word": "apitoken list | match backup",
    "file": "apitoken list > tokens.txt",
    "command": "apitoken list |! less",
}
"""A line for each thing that stands behind a sign, by the name of its parameter."""


def nothing_before(sign: str) -> WordError:
    """Say that a line begins with a sign."""
    return WordError(f"There is no command before {quote(sign)}.", "For example: apitoken list | count")


def nothing_follows(name: str, typed: str) -> WordError:
    """Say that a word is too many behind the end of a line's tail."""
    return WordError(f"Nothing can follow {quote(name)} but what it takes; {quote(typed)} is too much.", None)


def not_vertical(command: Command, *, chosen: bool) -> WordError:
    """Say that a result cannot be shown vertically: another format is ``chosen``, or there is no record."""
    if chosen:
        return WordError("\\G and --output exclude each other.", "Remove one of them.")
    return WordError(f"{command.name} shows no record, so \\G has no use here.", "Leave it out.")


def watch_needs(parameter: Parameter) -> WordError:
    """Say that ``watch`` misses its interval or its count."""
    return WordError(f"watch needs {parameter.kind.explanation}.", _WATCH_FORM)


def secret_filtered(command: Command) -> WordError:
    """Say that a filter would lose a secret that is shown once."""
    what = f"{command.name} shows a token, which no filter may leave out."
    return WordError(what, "Leave the filter out; > FILE keeps the token in a file.")


def not_watched(command: Command) -> WordError:
    """Say that a command is not one to repeat."""
    return WordError(
        f"{command.name} changes something, so it is not repeated.", "watch takes commands that only look."
    )


def beginning_with(text: str, words: Iterable[str]) -> list[str]:
    """Return the words that begin with ``text``."""
    return [word for word in words if word.startswith(text)]


def nearest(text: str, words: Iterable[str]) -> str | None:
    """Return the word that ``text`` was probably meant to be, or None."""
    if not 1 < len(text) < 64 or not text.strip("-"):
        return None
    from difflib import get_close_matches  # needed only for wrong lines

    found = get_close_matches(text.lower(), list(words), n=1)
    return found[0] if found else None


def _list_words(words: Collection[str]) -> str:
    return ", ".join(sorted(words))
