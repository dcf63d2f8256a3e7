"""Kinds of argument whose meaning is in the typed text alone: words, numbers, lists, files.

Rules: ``parse`` is pure and says in one sentence what is wrong and what would be right; ``complete`` never
waits and never raises; a kind is about syntax, never about policy, which is the server's.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from vshell.errors import Mistake
from vshell.formats.text import LONGEST_USERNAME, parse_username, quote


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


class Text(Kind):
    """Any text, also an empty one."""


class Word(Kind):
    """A name of one word, such as a server's short name: letters, digits, ``_``, ``-`` and ``.``."""

    metavar = "NAME"
    explanation = "a name of letters, digits, '_', '-' and '.'"
    style = "name"

    def parse(self, text: str) -> str:
        """Return ``text``; raises ValueError when it is no such name."""
        if not re.fullmatch(r"\w[\w.-]{0,99}", text):
            raise ValueError(f"{quote(text)} cannot be a name; use letters, digits, '_', '-' and '.'.")
        return text


class NewUsername(Kind):
    """The user name of a manager to be."""

    metavar = "USERNAME"
    explanation = "a user name: letters a to z, digits and . _ - + @"

    def parse(self, text: str) -> str:
        """Return ``text``; raises ValueError when no manager can bear it."""
        if parse_username(text) is None:
            raise ValueError(
                f"{quote(text)} cannot be a user name; use letters a to z, digits and . _ - + @, "
                f"up to {LONGEST_USERNAME}, such as bob."
            )
        return text


def require_username(text: str) -> None:
    """Raise Mistake for the name of a person who is to sign in, when no manager can have it."""
    try:
        NewUsername().parse(text)
    except ValueError as wrong:
        raise Mistake(str(wrong)) from None


class Secret(Kind):
    """A password or a token: any text, never shown again, kept out of history and errors."""

    metavar = "SECRET"
    explanation = "a secret, which is not kept in the history"
    style = "secret"
    secret = True

    def show(self, value: object) -> str:
        """Return stars, as many for any secret."""
        return "***"


class Choice(Kind):
    """One of a fixed set of words."""

    style = "choice"

    def __init__(self, *words: str, metavar: str | None = None, explanation: str | None = None) -> None:
        super().__init__(metavar or "|".join(words), explanation or f"one of {either(words)}")
        self.words = words

    def parse(self, text: str) -> str:
        """Return the word; raises ValueError, naming all of them, when it is none of them."""
        if text not in self.words:
            raise ValueError(f"{quote(text)} is not possible here; give {either(self.words)}.")
        return text

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer the words that begin with ``prefix``."""
        return [Candidate(word) for word in self.words if word.startswith(prefix)]


class Integer(Kind):
    """A whole number in decimal digits between ``minimum`` and ``maximum``, both included."""

    metavar = "NUMBER"
    style = "number"

    def __init__(self, minimum: int = 0, maximum: int = 2**31 - 1, metavar: str | None = None) -> None:
        super().__init__(metavar, f"a whole number from {minimum} to {maximum}")
        self.minimum = minimum
        self.maximum = maximum

    def parse(self, text: str) -> int:
        """Return the number; raises ValueError when it is none or out of bounds."""
        bounds = f"give a whole number from {self.minimum} to {self.maximum}"
        if not re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII):
            raise ValueError(f"{quote(text)} is not a whole number that fits here; {bounds}.")
        number = int(text)
        if not self.minimum <= number <= self.maximum:
            raise ValueError(f"{number} is out of bounds; {bounds}.")
        return number


class Switch(Kind):
    """An option without a value: absent None, present True.

    With ``off`` it is a pair of options for True and False: ``Switch(on="--enable-x", off="--disable-x")``.
    ``on`` is by default the parameter's own name.
    """

    metavar = ""
    explanation = "on when it is written"
    style = "switch"
    takes_value = False

    def __init__(self, on: str | None = None, off: str | None = None) -> None:
        super().__init__()
        self.on = on
        self.off = off


class ListOf(Kind):
    """Values of one kind with commas between them; an empty value is an empty list; repeating adds."""

    many = True

    def __init__(self, kind: Kind, metavar: str | None = None) -> None:
        default = f"{kind.metavar}[,...]" if kind.metavar else None
        super().__init__(metavar or default, f"{kind.explanation}; commas between several")
        self.kind = kind
        self.style = kind.style
        self.secret = kind.secret

    def parse(self, text: str) -> list[object]:
        """Return the items parsed; raises ValueError for the first item that is wrong or empty."""
        if not text.strip():
            return []
        items = [item.strip() for item in text.split(",")]
        if not all(items):
            raise ValueError("There is an empty item between the commas; write a,b without a comma too many.")
        return [self.kind.parse(item) for item in items]

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer the last item, leaving out those that stand before it."""
        head, comma, last = prefix.rpartition(",")
        taken = set(head.split(","))
        offers = self.kind.complete(last, names, values)
        return [Candidate(head + comma + text, meta) for text, meta in offers if text not in taken]

    def show(self, value: object) -> str:
        """Return the items with commas between them."""
        return ",".join(self.kind.show(item) for item in value) if isinstance(value, list) else str(value)


class Several(Kind):
    """Values of one kind, one each time the option is written; a comma is part of the value."""

    many = True

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind.metavar, f"{kind.explanation}; may be repeated")
        self.kind = kind
        self.style = kind.style
        self.secret = kind.secret

    def parse(self, text: str) -> list[object]:
        """Return the one item in a list; raises ValueError when it is wrong."""
        return [self.kind.parse(text)]

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer what the kind offers."""
        return self.kind.complete(prefix, names, values)


class Pair(Kind):
    """A key and a text with ``=`` between them; the value is both, in a tuple."""

    metavar = "KEY=VALUE"
    explanation = "a key, '=' and a text"

    def parse(self, text: str) -> tuple[str, str]:
        """Return key and text; raises ValueError without a key or a ``=``."""
        key, equals, value = text.partition("=")
        if not key or not equals:
            raise ValueError(f"{quote(text)} has no {'key' if equals else '='}; write KEY=VALUE, such as team=web.")
        return key, value


class Json(Kind):
    """A JSON text (RFC 8259); the value is what it describes."""

    metavar = "JSON"
    explanation = "a JSON text, best in single quotes"
    style = "json"

    def parse(self, text: str) -> object:
        """Return the decoded value; raises ValueError saying where the text goes wrong."""
        import json

        def refuse(constant: str) -> object:
            raise ValueError(f"{constant} is no JSON number; write null or a number.")

        try:
            return json.loads(text, parse_constant=refuse)
        except json.JSONDecodeError as error:
            raise ValueError(
                f"This is not JSON: {error.msg.lower()} at character {error.pos + 1}; "
                "put the whole text in single quotes."
            ) from None
        except RecursionError:
            raise ValueError("This JSON is nested too deeply; write it flatter.") from None


class Path(Kind):
    """A file on this machine; ``~`` is the home directory."""

    metavar = "FILE"
    explanation = "a file on this machine"
    style = "path"

    _offers = 200  # a directory with more entries is not read to its end

    def parse(self, text: str) -> str:
        """Return the path with ``~`` replaced; raises ValueError when it is empty or holds a NUL."""
        if not text or "\0" in text:
            raise ValueError("A file name is missing; give the path of a file.")
        return os.path.expanduser(text)

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer the entries of the directory typed so far, hidden ones only after a dot."""
        directory, beginning = os.path.split(prefix)
        offers = []
        try:
            with os.scandir(os.path.expanduser(directory) or ".") as entries:
                for _, entry in zip(range(self._offers), entries, strict=False):
                    hidden = entry.name.startswith(".") and not beginning.startswith(".")
                    if entry.name.startswith(beginning) and not hidden:
                        end = "/" if entry.is_dir() else ""
                        offers.append(Candidate(os.path.join(directory, entry.name) + end))
        except (OSError, ValueError):
            return []
        return sorted(offer for offer in offers if offer.text.isprintable())


class Url(Kind):
    """The address of a server: http or https, a host, perhaps a port and a path."""

    metavar = "URL"
    explanation = "a server's address, such as https://vms.example.com"
    style = "url"

    _form = re.compile(r"https?://(?:[^\s/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[^\s?#@]*)?")

    def parse(self, text: str) -> str:
        """Return the address without a final slash.

        Raises ValueError when it is no such address; one with a user name in it is refused, because the
        password that follows it would be kept in plain text.
        """
        if "@" in text:
            raise ValueError("An address holds no user name or password; give it bare and sign in by login.")
        if not self._form.fullmatch(text):
            raise ValueError(f"{quote(text)} is not a server's address; write https://HOST or https://HOST:PORT.")
        return text.rstrip("/")


class Timestamp(Kind):
    """A time as the server sends it: RFC 3339 in UTC, "2026-11-21T22:00:00.000000Z"."""

    metavar = "TIME"
    explanation = "a time in UTC, such as 2026-11-21 or 2026-11-21T22:00:00Z"
    style = "time"

    def parse(self, text: str) -> str:
        """Return the time in RFC 3339, UTC; without a zone it is UTC. Raises ValueError for other text."""
        from datetime import UTC, datetime

        try:
            time = datetime.fromisoformat(text)
            time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError(f"{quote(text)} is not a time; write it as 2026-11-21T22:00:00Z.") from None
        return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def show(self, value: object) -> str:
        """Return "2026-11-21 22:00:00", as vcli does, and "None" for a time that has not come."""
        text = str(value)
        return f"{text[:10]} {text[11:19]}" if text[10:11] == "T" else text


def either(words: Sequence[str]) -> str:
    """Return the words as a sentence lists a choice: "a, b or c"."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
