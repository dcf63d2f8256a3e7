"""Variables of ``let``, and what a reference to one stands for.

After ``let t = apitoken create``, ``$t.id`` is a field of the result, ``$t.0.id`` one of an item.

A value in a line is a text: a text as it is, a number in digits, a truth as True or False, a list of such
with commas between. Any other reference is an error, with a sentence that says what there is.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from vshell.formats.text import quote

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
REFERENCE = re.compile(r"\$(?:\{[^}\s]*\}?|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)")
_PATH = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)(\}?)")


_SCALARS = (str, int, float)


class WordError(NamedTuple):
    """What is wrong with a word: a sentence and the next step."""

    sentence: str
    hint: str | None = None


def resolve_reference(reference: str, variables: Mapping[str, object]) -> str | WordError:
    """Return the text that a reference such as ``$t.id`` stands for, or why there is none."""
    form = _PATH.fullmatch(reference)
    if form is None or reference.startswith("${") != bool(form.group(2)):
        return WordError(f"{quote(reference)} is not a variable.", "Write ${name.field}, or \\$ for the sign itself.")
    name, *fields = form.group(1).split(".")
    if name not in variables:
        known = ", ".join(f"${each}" for each in sorted(variables)) or "none yet"
        return WordError(
            f"There is no variable ${name}.",
            f"Known: {known}. For the sign itself write \\$ or use single quotes.",
        )
    value = variables[name]
    walked = f"${name}"
    for field in fields:
        found = _get_part(value, field)
        if found is None:
            return WordError(f"{walked} has no {field}.", _describe_parts(walked, value))
        (value,) = found
        walked += f".{field}"
    text = _format_value(value)
    if text is None:
        return WordError(f"{walked} is not a single value.", _describe_parts(walked, value))
    return text


def _get_part(value: object, field: str) -> tuple[object] | None:
    """Return the field of a dict or the item of a list, in a tuple, because None is a value too."""
    if isinstance(value, Mapping):
        return (value[field],) if field in value else None
    if isinstance(value, list) and field.isdigit() and int(field[:9]) < len(value):
        return (value[int(field[:9])],)
    return None


def _format_value(value: object) -> str | None:
    """Return a value as a line holds it, or None when it is nothing or has parts."""
    if isinstance(value, list) and value and all(isinstance(item, _SCALARS) for item in value):
        return ",".join(map(str, value))
    return str(value) if isinstance(value, _SCALARS) else None


def _describe_parts(walked: str, value: object) -> str:
    """Return what a reference may name of a value, by the names of its parts and never by their content."""
    if isinstance(value, Mapping) and value:
        return f"It has {', '.join(f'{walked}.{field}' for field in value)}."
    if isinstance(value, list) and value:
        if len(value) == 1:
            return f"It has one item, {walked}.0."
        return f"It has {len(value)} items, {walked}.0 to {walked}.{len(value) - 1}."
    return "It is empty." if value is None or value in ([], {}) else "It has no parts; write it alone."
