"""What a request to Vault's door brings, read as Vault reads it: loosely, and with its words for what is wrong.

- JSON needs no Content-Type, a form does; what a GET brings stands behind the ``?``.
- Numbers may come as texts and texts as numbers; null is nothing; a field that is not known is a warning.
- A duration is a number of seconds or a text (1h, 90m, 3600); 0 is none.

The fields of a body are declared by the kinds below, and what is read is handed on in a ``Read``.
"""

import functools
import re
import typing
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from server_stub.domain.base import durations
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import SECOND
from server_stub.web.http.dialect import Body, Query, RequestInput, Route

Wish = TypeVar("Wish", bound=msgspec.Struct)

Text = str | None
Whole = int | None
Switch = bool | None
Texts = tuple[str, ...] | None
Split = Annotated[tuple[str, ...] | None, msgspec.Meta(description="a list, or a text with commas between")]
Pairs = dict[str, str] | None
Length = Annotated[int | None, msgspec.Meta(description="seconds, or a text such as 1h; kept in microseconds")]

_ZERO = re.compile(r"[+-]?(?:0+(?:\.0*)?(?:h|m|s|ms|us|µs|ns|d)?)+")
_LONGEST_WHOLE = 20


class Nothing(Body, frozen=True):
    """What is wanted where nothing need be sent."""


class NoQuery(Query, frozen=True):
    """What is wanted where nothing need stand behind the ``?``."""


class Listing(Query, frozen=True):
    """What makes a GET a LIST."""

    list: Switch = None


@dataclass(frozen=True, slots=True)
class Read(Generic[Wish]):
    """A body as it was read, and the names in it that nobody knows."""

    request: Wish
    ignored: tuple[str, ...] = ()

    @property
    def warnings(self) -> list[str]:
        """Return the warning of what was ignored, if anything was."""
        named = " ".join(self.ignored)
        return [f"Endpoint ignored these unrecognized parameters: [{named}]"] if named else []


def read(route: Route, sent: RequestInput) -> tuple[Any, ...]:
    """Decode what the route takes; a route without a body is handed nothing."""
    asks = route.method in ("GET", "LIST")
    given, wanted = (_query(sent.query), route.input.query) if asks else (_body(sent), route.input.body)
    if wanted is None:
        return ()
    if not given:
        return (_nothing(wanted),)
    readers = _readers(wanted)
    request = wanted(**{name: readers[name](name, value) for name, value in given.items() if name in readers})
    return (Read(request, tuple(sorted(name for name in given if name not in readers))),)


@functools.cache
def _nothing(wanted: type[Body] | type[Query]) -> Read[Any]:
    """Return what is read where nothing was sent."""
    return Read(wanted())


@functools.cache
def _readers(wanted: type[Body] | type[Query]) -> dict[str, Callable[[str, object], Any]]:
    hints = typing.get_type_hints(wanted, include_extras=True)
    return {name: READERS[hints[name]] for name in wanted.__struct_fields__}


def _query(text: str) -> dict[str, object]:
    return _without_nul(dict(urllib.parse.parse_qsl(text, keep_blank_values=True))) if text else {}


def _body(sent: RequestInput) -> dict[str, object]:
    content = sent.content.strip()
    if content[:1] not in (b"{", b"[") and sent.content_type.startswith("application/x-www-form-urlencoded"):
        found: dict[str, list[str]] = urllib.parse.parse_qs(content.decode("utf-8", "replace"), keep_blank_values=True)
        return _without_nul({name: values[0] if len(values) == 1 else values for name, values in found.items()})
    try:
        decoded = msgspec.json.decode(content or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("failed to decode JSON input: the body is not JSON that can be read") from None
    if decoded is None:
        return {}
    if not isinstance(decoded, dict):
        raise Invalid("failed to decode JSON input: the body is not an object")
    return _without_nul(decoded)


def _without_nul(given: Mapping[str, object]) -> dict[str, object]:
    """Refuse a NUL wherever it stands: no value has one, and PostgreSQL takes none."""
    if "\\u0000" in msgspec.json.encode(given).decode().replace("\\\\", ""):
        raise Invalid("the request holds a NUL character")
    return dict(given)


def text(name: str, value: object) -> str | None:
    """Read a text; a number or a truth value is written as one."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise _failed(name, "expected a text")


def whole(name: str, value: object) -> int | None:
    """Read a whole number, which may come as a text."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value) <= _LONGEST_WHOLE and re.fullmatch(r"[+-]?[0-9]+", value, re.ASCII):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _failed(name, "expected a whole number")


def switch(name: str, value: object) -> bool | None:
    """Read a truth value, as Go writes them."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    known = {"1": True, "t": True, "true": True, "0": False, "f": False, "false": False}
    found = known.get(str(value).lower()) if isinstance(value, str | int) else None
    if found is None:
        raise _failed(name, "expected true or false")
    return found


def texts(name: str, value: object) -> tuple[str, ...] | None:
    """Read a list of texts; a text alone is a list of one."""
    if value is None or value == "":
        return None
    members = value if isinstance(value, list) else [value]
    return tuple(text(name, member) or "" for member in members)


def split(name: str, value: object) -> tuple[str, ...] | None:
    """Read a list of texts, which may come as one text with commas between."""
    if value == "":
        return ()
    found = texts(name, value.split(",") if isinstance(value, str) else value)
    return None if found is None else tuple(member.strip() for member in found if member.strip())


def pairs(name: str, value: object) -> dict[str, str] | None:
    """Read texts under names, as an object or as a list of ``name=value``."""
    if value is None or value == "":
        return None
    members = [value] if isinstance(value, str) else value
    if isinstance(members, list):
        split_up = [text(name, member) or "" for member in members]
        if not all("=" in member for member in split_up):
            raise _failed(name, "expected name=value")
        return dict(member.split("=", 1) for member in split_up)
    if isinstance(members, dict):
        return {key: text(name, member) or "" for key, member in members.items()}
    raise _failed(name, "expected an object")


def length(name: str, value: object) -> int | None:
    """Read a duration, in microseconds; 0 and an empty text are none."""
    if value is None or value == "" or (isinstance(value, str) and _ZERO.fullmatch(value)):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _failed(name, "expected a duration")
    written = str(value).strip()
    if written.startswith("-"):
        raise Invalid(f"{name} must be positive")
    if written == "0":
        return None
    if isinstance(value, int):
        return min(value * SECOND, durations.LONGEST)
    return _parsed(value)


def _parsed(written: str) -> int:
    try:
        return durations.parse(written, durations.VAULT)
    except Invalid:
        shown = written[:60].encode("ascii", "backslashreplace").decode().replace('"', '\\"')
        raise Invalid(f'time: invalid duration "{shown}"') from None


READERS: Mapping[Any, Callable[[str, object], Any]] = {
    Text: text,
    Whole: whole,
    Switch: switch,
    Texts: texts,
    Split: split,
    Pairs: pairs,
    Length: length,
}


def _failed(name: str, why: str) -> Invalid:
    return Invalid(f'Field validation failed: error converting input for field "{name}": {why}')
