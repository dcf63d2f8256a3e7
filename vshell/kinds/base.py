"""What a kind of argument is: the meaning of one value, from the typed text to the candidate list.

Rules: ``parse`` is pure and says in one sentence what is wrong and what would be right; ``complete`` never
waits and never raises; a kind is about syntax, never about policy, which is the server's.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol


class Candidate(NamedTuple):
    """One offer for a value: the text it stands for (not yet quoted) and a remark shown beside it."""

    text: str
    meta: str = ""


class Names(Protocol):
    """What the server was last seen to hold, for completion."""

    def rows(self, noun: str) -> Sequence[Mapping[str, object]]:
        """Return the cached rows of a noun ("apitokens", "managers", ...) as the server lists them.

        Answers at once from memory, with an empty sequence when nothing is known; never raises.
        """


class NoNames:
    """Names where no server is at hand: nothing is known."""

    def rows(self, noun: str) -> Sequence[Mapping[str, object]]:
        """Return no rows."""
        return ()

    def invalidate(self) -> None:
        """Do nothing: there is nothing to fetch anew."""


class Kind:
    """A kind of argument; this base class takes any text.

    ``metavar`` stands for the value in usage lines, ``explanation`` completes "NAME is ...", ``style`` names
    its colour, ``secret`` keeps the value out of history, errors and the screen, ``takes_value`` is False for
    a switch, ``many`` is True where a value is a list and repeating the option adds to it; ``dashed`` is True where
    words with dashes are values, once the first word of the rest of a line is there.
    """

    metavar = "TEXT"
    explanation = "any text"
    style = "text"
    secret = False
    takes_value = True
    many = False
    dashed = False

    def __init__(self, metavar: str | None = None, explanation: str | None = None) -> None:
        if metavar is not None:
            self.metavar = metavar
        if explanation is not None:
            self.explanation = explanation

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.metavar!r})"

    def parse(self, text: str) -> object:
        """Return the value that ``text`` stands for.

        Raises ValueError with a sentence for the person when it stands for none.
        """
        return text

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Return what a value beginning with ``prefix`` may be; ``values`` are those already on the line."""
        return ()

    def show(self, value: object) -> str:
        """Return ``value`` as a person reads it."""
        return str(value)
