"""A parameter of a command: one argument with its kind, its help and how it is written."""

from typing import Literal, NamedTuple

from vshell.kinds import Kind


class Parameter(NamedTuple):
    """One argument of a command.

    ``name`` is what people, JSON and ``Reading.values`` call it, ``argument`` what the function calls it
    (they differ by a trailing underscore). ``place`` is "option", "positional" or "rest". ``common`` tells
    that it belongs to every command with such a view, not to the function.
    """

    name: str
    argument: str
    kind: Kind
    help: str
    required: bool
    place: Literal["option", "positional", "rest"] = "option"
    common: bool = False
    spellings: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return how a sentence calls it: "--name", or the metavar of a word without an option."""
        return self.spellings[0] if self.spellings else self.kind.metavar

    @property
    def repeatable(self) -> bool:
        """Tell whether it may be given more than once on a line."""
        return self.kind.many or self.place == "rest"

    @property
    def forms(self) -> tuple[str, ...]:
        """Return the spellings as help shows them: ``-ttl`` stands for ``--ttl`` too."""
        seen = {spelling.lstrip("-"): spelling for spelling in reversed(self.spellings)}
        return tuple(spelling for spelling in self.spellings if seen[spelling.lstrip("-")] == spelling)
