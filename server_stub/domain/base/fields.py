"""Values from outside, checked by type and bounds, and records of settings made of them.

JSON's true is no number here and "5" is no 5: a value of the wrong type is refused, never converted. Each
check returns the value with its type, or raises Invalid with the field's name in the sentence.

A record of settings is a frozen dataclass whose fields are declared with `setting`: name, type, default,
explanation and check stand together, once. Storage and PATCH read them from there.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Invalid, quote

Check = Callable[[str, object], object]
Settings = TypeVar("Settings")


def whole(name: str, value: object, minimum: int, maximum: int) -> int:
    """Return a whole number within bounds, both included; raises Invalid."""
    if type(value) is not int or not minimum <= value <= maximum:
        raise Invalid(f"{name} must be a whole number from {minimum} to {maximum}")
    return value


def switch(name: str, value: object) -> bool:
    """Return true or false; raises Invalid."""
    if type(value) is not bool:
        raise Invalid(f"{name} must be true or false")
    return value


def string(name: str, value: object) -> str:
    """Return a text; raises Invalid, also for one that holds a whole token: it would be kept in clear."""
    if type(value) is not str:
        raise Invalid(f"{name} must be a text")
    if token_format.holds_token(value):
        raise Invalid(f"{name} holds a whole token, which would be kept and shown to others", "Leave the token out.")
    return value


def printable(name: str, value: object, *, longest: int, shortest: int = 1) -> str:
    """Return one line of printable characters with no space at either end; raises Invalid.

    Printable is what Python's str.isprintable says: no control, format, private or unassigned character and
    no space but the plain one. So nothing in it can steer a terminal, hide, or turn the direction of a line.
    """
    text = string(name, value)
    if not shortest <= len(text) <= longest:
        raise Invalid(f"{name} must have {shortest} to {longest} characters, not {len(text)}")
    if not text.isprintable():
        raise Invalid(f"{name} holds a character that cannot be printed", "Use visible characters only.")
    if text != text.strip():
        raise Invalid(f"{name} begins or ends with a space")
    return text


def between(minimum: int, maximum: int) -> Check:
    """Return the check for a whole number within bounds."""
    return lambda name, value: whole(name, value, minimum, maximum)


def setting(default: Any, explanation: str, check: Check) -> Any:
    """Declare a field of a record of settings."""
    return dataclasses.field(default=default, metadata={"explanation": explanation, "check": check})


def apply_changes(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """Return settings with some values replaced; raises Invalid for an unknown name or a bad value."""
    record: Any = settings
    checks = {field.name: field.metadata["check"] for field in dataclasses.fields(record)}
    values = {}
    for name, value in changes.items():
        if name not in checks:
            raise Invalid(f"there is no setting {quote(name)}", f"There are: {', '.join(checks)}.")
        values[name] = checks[name](name, value)
    result: Settings = dataclasses.replace(record, **values)
    return result
