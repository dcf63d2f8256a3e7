"""Decoding of requests as Vault does it: loosely, and with its words for what is wrong.

- JSON needs no Content-Type, a form does; what a GET brings stands behind the ``?``.
- Numbers may come as texts and texts as numbers; null is nothing; a field that is not known is a warning.
- A duration is a number of seconds or a text (1h, 90m, 3600); 0 is none.

The fields of a body are declared by the kinds below, and what is decoded is handed on in a ``Decoded``.
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
from server_stub.web.http.decoding import Body, Query
from server_stub.web.http.dialect import RequestInput, Route
from vshell.formats.durations import VAULT

Fields = TypeVar("Fields", bound=msgspec.Struct)

Text = str | None
Whole = int | None
Switch = bool | None
Texts = tuple[str, ...] | None
Split = Annotated[tuple[str, ...] | None, msgspec.Meta(description="a list, or a text with commas between")]
Pairs = dict[str, str] | None
Length = Annotated[int | None, msgspec.Meta(description="seconds, or a text such as 1h; kept in microseconds")]

_ZERO = re.compile(r"[+-]?(?:0+(?:\.0*)?(?:h|m|s|ms|us|µs|ns|d)?)+")
_LONGEST_WHOLE = 20


class EmptyBody(Body, frozen=True):
    """What is wanted where nothing need be sent."""


class EmptyQuery(Query, frozen=True):
    """What is wanted where nothing need stand behind the ``?``."""


class ListQuery(Query, frozen=True):
    """What makes a GET a LIST."""

    list: Switch = None


@dataclass(frozen=True, slots=True)
class Decoded(Generic[Fields]):
    """A body as it was decoded, and the names in it that are no fields."""

    request: Fields
    ignored: tuple[str, ...] = ()

    @property
    def warnings(self) -> list[str]:
        """Return the warning of what was ignored, if anything was."""
        named = " ".join(self.ignored)
        return [f"Endpoint ignored these unrecognized parameters: [{named}]"] if named else []


def decode(route: Route, sent: RequestInput) -> tuple[Any, ...]:
    """Decode what the route takes; a route without a body is handed nothing."""
    reads = route.method in ("GET", "LIST")
    given, wanted = (_decode_query(sent.query), route.input.query) if reads else (_decode_body(sent), route.input.body)
    if wanted is None:
        return ()
    kinds = _kinds_of(wanted)
    fields = {name: _decode_field(kinds[name], name, value) for name, value in given.items() if name in kinds}
    return (Decoded(wanted(**fields), tuple(sorted(given.keys() - kinds.keys()))),)


@functools.cache
def _kinds_of(wanted: type[Body] | type[Query]) -> dict[str, Any]:
    hints = typing.get_type_hints(wanted, include_extras=True)
    return {name: hints[name] for name in wanted.__struct_fields__}


def _decode_field(kind: Any, name: str, value: object) -> Any:
    """Decode a value of a kind; null is nothing, and so is an empty text but for a text or a list in one."""
    if value is None or (value == "" and kind not in (Text, Split)):
        return None
    return DECODERS[kind](name, value)


def _decode_query(text: str) -> dict[str, object]:
    return _refuse_nul(dict(urllib.parse.parse_qsl(text, keep_blank_values=True))) if text else {}


def _decode_body(sent: RequestInput) -> dict[str, object]:
    content = sent.content.strip()
    if content[:1] not in (b"{", b"[") and sent.content_type.startswith("application/x-www-form-urlencoded"):
        found: dict[str, list[str]] = urllib.parse.parse_qs(content.decode("utf-8", "replace"), keep_blank_values=True)
        return _refuse_nul({name: values[0] if len(values) == 1 else values for name, values in found.items()})
    try:
        decoded = msgspec.json.decode(content or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("failed to decode JSON input: the body is not JSON that can be read") from None
    if decoded is None:
        return {}
    if not isinstance(decoded, dict):
        raise Invalid("failed to decode JSON input: the body is not an object")
    return _refuse_nul(decoded)


def _refuse_nul(given: Mapping[str, object]) -> dict[str, object]:
    """Refuse a NUL wherever it stands: no value has one, and PostgreSQL takes none."""
    if "\\u0000" in msgspec.json.encode(given).decode().replace("\\\\", ""):
        raise Invalid("the request holds a NUL character")
    return dict(given)


def decode_text(name: str, value: object) -> str:
    """Decode a text; a number or a truth value is written as one."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise _failure(name, "expected a text")


def decode_whole(name: str, value: object) -> int:
    """Decode a whole number, which may come as a text."""
    if isinstance(value, str) and len(value) <= _LONGEST_WHOLE and re.fullmatch(r"[+-]?[0-9]+", value, re.ASCII):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _failure(name, "expected a whole number")


def decode_switch(name: str, value: object) -> bool:
    """Decode a truth value, as Go writes them."""
    words = {"1": True, "t": True, "true": True, "0": False, "f": False, "false": False}
    found = words.get(str(value).lower()) if isinstance(value, str | int) else None
    if found is None:
        raise _failure(name, "expected true or false")
    return found


def decode_texts(name: str, value: object) -> tuple[str, ...]:
    """Decode a list of texts; a text alone is a list of one, and null within it an empty one."""
    members = value if isinstance(value, list) else [value]
    return tuple("" if member is None else decode_text(name, member) for member in members)


def decode_split(name: str, value: object) -> tuple[str, ...]:
    """Decode a list of texts, which may come as one text with commas between."""
    found = decode_texts(name, value.split(",") if isinstance(value, str) else value)
    return tuple(member.strip() for member in found if member.strip())


def decode_pairs(name: str, value: object) -> dict[str, str]:
    """Decode texts under names, as an object or as a list of ``name=value``."""
    if isinstance(value, dict):
        return dict(zip(value, decode_texts(name, list(value.values())), strict=True))
    if not isinstance(value, str | list):
        raise _failure(name, "expected an object")
    members = decode_texts(name, value)
    if not all("=" in member for member in members):
        raise _failure(name, "expected name=value")
    return dict(member.split("=", 1) for member in members)


def decode_length(name: str, value: object) -> int | None:
    """Decode a duration, in microseconds; 0 is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _failure(name, "expected a duration")
    written = str(value).strip()
    if written == "0" or (isinstance(value, str) and _ZERO.fullmatch(value)):
        return None
    if written.startswith("-"):
        raise Invalid(f"{name} must be positive")
    if isinstance(value, int):
        return min(value * SECOND, durations.LONGEST_DURATION)
    try:
        return durations.parse_duration(value, VAULT)
    except Invalid:
        shown = value[:60].encode("ascii", "backslashreplace").decode().replace('"', '\\"')
        raise Invalid(f'time: invalid duration "{shown}"') from None


DECODERS: Mapping[Any, Callable[[str, object], Any]] = {
    Text: decode_text,
    Whole: decode_whole,
    Switch: decode_switch,
    Texts: decode_texts,
    Split: decode_split,
    Pairs: decode_pairs,
    Length: decode_length,
}


def _failure(name: str, why: str) -> Invalid:
    return Invalid(f'Field validation failed: error converting input for field "{name}": {why}')
