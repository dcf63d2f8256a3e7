"""Decoding of requests: bodies as JSON or forms, queries as text, ids as numbers.

Limits: a body of 1 MiB. A NUL is refused wherever it stands: no value has one, and PostgreSQL takes none.
No Content-Type is required: clients of this kind of server leave it out or get it wrong. An empty body is an
empty object, also when it comes in chunks (as vastpy sends it).

What msgspec says of a wrong value is translated by the patterns below, which the tests hold against the versions that
``pyproject.toml`` allows; what they do not match is refused in a sentence that is plainer.
"""

import functools
import re
import urllib.parse
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec

from server_stub.domain.base.errors import Invalid, NotFound, quote

BODY_BYTES = 1 << 20

LARGEST_ID = 2**53 - 1  # RFC 7493, section 2.2

Number = Annotated[int, msgspec.Meta(ge=1, le=LARGEST_ID)]
"""An id in a body or behind the ``?``."""

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # as JSON escapes it; a backslash before it may itself be escaped
_PLACE = re.compile(r" - at `(?:key in )?\$\.?(.*?)`")
_MISMATCH = re.compile(r"Expected `(.+?)`, got `(.+?)`")
_BOUND = re.compile(r"Expected `.+?`( of length)? ([<>])= (\d+)")
_CHOICE = "Invalid enum value "
_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.+?)`")
_WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a JSON object",
    "null": "null",
}

_Value = TypeVar("_Value")


class Secret(msgspec.Struct, frozen=True):
    """What may hold a secret: its repr shows no field."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Body(Secret, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """What a request may send; a field that is not declared is refused."""


class Query(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What may stand behind the ``?`` of an address."""


def read_bytes(read: Callable[[int], bytes], length: int | None) -> bytes:
    """Read a body, whether its length was announced or it comes in chunks; raise Invalid over 1 MiB."""
    if length is not None and length > BODY_BYTES:
        raise too_large()
    content = read(BODY_BYTES + 1)
    if len(content) > BODY_BYTES:
        raise too_large()
    return content


def too_large() -> Invalid:
    """Make the refusal of a body over the limit."""
    return Invalid("the request's body is larger than 1 MiB", hint="send less at a time", code="too_large")


@functools.cache
def _decoder(wanted: type[Body]) -> "msgspec.json.Decoder[Body]":
    return msgspec.json.Decoder(wanted)


def body(content: bytes, wanted: type[Body] = Body, form: bool = False) -> Body:
    """Decode a body; raise Invalid with a sentence that names what is wrong and where."""
    if form:
        return _convert(_pairs(content.decode("utf-8", "replace")), wanted, "body")
    try:
        decoded = _decoder(wanted).decode(content.strip() or b"{}")
    except msgspec.ValidationError as error:
        raise _explain("body", error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("the request's body is not JSON that can be read", hint="send one JSON object") from error
    if _NUL.search(content):
        raise _nul()
    return decoded


def query(text: str, wanted: type[Query] = Query) -> Query:
    """Decode what stands behind the ``?``; raise Invalid with a sentence that names what is wrong."""
    return _convert(_pairs(text), wanted, "address")


def _pairs(text: str) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for name, value in urllib.parse.parse_qsl(text, keep_blank_values=True):
        if name in pairs:
            raise Invalid(f"{quote(name)} is given twice", hint="Give it once.")
        if "\0" in name or "\0" in value:
            raise _nul()
        pairs[name] = value
    return pairs


def _convert(pairs: dict[str, Any], wanted: type[_Value], place: str) -> _Value:
    try:
        return msgspec.convert(pairs, wanted, strict=False)
    except msgspec.ValidationError as error:
        raise _explain(place, error) from error


def _nul() -> Invalid:
    return Invalid("the request holds a NUL character", hint="No value has one: leave it out.")


def _explain(place: str, error: msgspec.ValidationError) -> Invalid:
    """Say in plain words what msgspec found; its texts name types and fields, never values."""
    return Invalid(_sentence(place, str(error)), hint="/openapi.json lists what may be sent here.")


def _sentence(place: str, found: str) -> str:
    where = _PLACE.search(found)
    subject = (where[1] if where else "") or f"the {place}"
    if match := _MISMATCH.search(found):
        expected = " or ".join(dict.fromkeys(_WORDS.get(each, each) for each in match[1].split(" | ")))
        return f"{subject} must be {expected}, not {_WORDS.get(match[2], match[2])}"
    if match := _UNKNOWN.search(found):
        return f"there is no {quote(match[1])} to be sent here"
    if match := _MISSING.search(found):
        return f"{match[1]} is missing"
    if match := _BOUND.search(found):
        bound = f"at {'least' if match[2] == '>' else 'most'} {match[3]}"
        return f"{subject} must {f'have {bound} entries' if match[1] else f'be {bound}'}"
    if found.startswith(_CHOICE):
        return f"{subject} is none of the values that it can have"
    return f"{subject} is wrong"


def list_sent(sent: Body) -> dict[str, Any]:
    """Return the fields that a change sends, by their names: what is UNSET was left out."""
    return {name: value for name, value in msgspec.structs.asdict(sent).items() if value is not msgspec.UNSET}


def require_number(number: int) -> int:
    """Return an id out of an address; raise NotFound for one that nothing can have."""
    if not 1 <= number <= LARGEST_ID:
        raise NotFound(f"there is nothing with the id {number}"[:80], "Ids are whole numbers from 1 on.")
    return number
