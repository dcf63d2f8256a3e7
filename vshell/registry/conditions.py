"""Conditions on the records of a list, and the kinds of argument that name its columns.

    --filter 'owner=bob expiry_date<7D'

    conditions = condition condition...         all of them must hold
    condition  = COLUMN = | != | < | <= | > | >= | ~ VALUE

Rules:

- A value with spaces stands in quotes. An empty one means "nothing": ``last_used=`` finds what was never used.
- ``~`` holds where the value stands in the field, without regard to case.
- A number is compared with numbers, true and false with truths, a length of time or a time with times: ``7D`` is seven
  days from now, ``-7D`` seven days ago. Nothing is smaller or greater than a field without a value.
- Of a list, such as scopes, it is enough that one item fits; for ``!=`` none may.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from operator import ge, gt, le, lt
from typing import Any, NamedTuple

from vshell.errors import WrongPart
from vshell.formats.text import quote
from vshell.kinds import Candidate, Duration, Text, Timestamp

_PART = re.compile(
    r"""\s*(?P<column>[A-Za-z][\w-]*)(?P<operator>!=|<=|>=|=|<|>|~)(?P<value>"[^"]*"|'[^']*'|[^\s'"]\S*)?(?=\s|\Z)"""
)
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "~")


class Condition(NamedTuple):
    """One condition as it was typed: the column, the operator, and the value without its quotes."""

    column: str
    operator: str
    value: str


def parse_conditions(text: str) -> list[Condition]:
    """Return the conditions in a text. Raises ValueError with a sentence when it is not made of such."""
    found = []
    at = 0
    while text[at:].strip():
        part = _PART.match(text, at)
        if part is None:
            wrong = text[at:].split()[0]
            raise ValueError(
                f"{quote(wrong)} is no condition; write COLUMN, one of {' '.join(OPERATORS)}, and a value."
            )
        value = part["value"] or ""
        found.append(Condition(part["column"], part["operator"], value.strip("'\"") if value[:1] in "'\"" else value))
        at = part.end()
    if not found:
        raise ValueError("A condition is missing; write one such as owner=bob.")
    return found


def is_met(condition: Condition, value: object, now: datetime) -> bool:
    """Tell whether a field's value meets a condition.

    Raises WrongPart when the value asked for is no time although the field's is one.
    """
    if condition.operator == "!=":
        return not is_met(condition._replace(operator="="), value, now)
    if isinstance(value, list):
        return any(is_met(condition, item, now) for item in value) or (not value and _is_nothing(condition))
    if value is None or not condition.value:
        return value in (None, "") and _is_nothing(condition)
    if condition.operator == "~":
        return condition.value.casefold() in _format_value(value).casefold()
    time = _parse_time(value)
    if time is not None and condition.operator == "=":  # The day, or the minute, is enough.
        return str(value).startswith((condition.value, condition.value.replace(" ", "T")))
    if time is not None:
        return _ORDERS[condition.operator](time, _time_of_condition(condition, now))
    if condition.operator == "=":
        return _is_equal(condition.value, value)
    return _ORDERS[condition.operator](*_make_comparable(value, condition.value))


def _is_nothing(condition: Condition) -> bool:
    return condition.operator == "=" and condition.value.lower() in ("", "none", "null")


def _is_equal(wanted: str, value: object) -> bool:
    if isinstance(value, bool):
        return _TRUTHS.get(wanted.lower()) is value
    if isinstance(value, (int, float)):
        return _parse_number(wanted) == value
    return wanted == _format_value(value)


def _make_comparable(value: object, wanted: str) -> tuple[Any, Any]:
    """Return a field's value and the one asked for as numbers, or else as texts without regard to case."""
    number = _parse_number(wanted)
    if isinstance(value, (int, float)) and number is not None:
        return value, number
    return _format_value(value).casefold(), wanted.casefold()


def _parse_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _format_value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parse_time(value: object) -> datetime | None:
    from vshell.kinds.times import parse_time

    return parse_time(value) if isinstance(value, str) and value[10:11] == "T" else None


def _time_of_condition(condition: Condition, now: datetime) -> datetime:
    """Return the time that a length of time from now, or a time, stands for."""
    text = condition.value
    try:
        back = text.startswith("-")
        gap = timedelta(seconds=Duration().seconds(text[1:] if back else text))
        return now - gap if back else now + gap
    except ValueError:
        pass
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
    try:
        return datetime.fromisoformat(str(Timestamp().parse(text)))
    except ValueError:
        raise WrongPart(
            f"{quote(text)} is neither a length of time nor a time.",
            "Write 7D for seven days from now, -7D for seven days ago, or 2026-11-21.",
            part=text,
        ) from None


class ColumnName(Text):
    """A column of a result; columns that are not in the view may be in the result all the same."""

    metavar = "COLUMN"
    explanation = "a column of the result"
    style = "column"

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__()
        self.columns = columns

    def complete(self, prefix: str, names: object, values: object) -> list[Candidate]:
        """Offer the columns that begin with ``prefix``."""
        return [Candidate(name) for name in self.columns if name.startswith(prefix)]


class SortColumn(ColumnName):
    """A column to sort by, with a minus before it to reverse the order."""

    metavar = "[-]COLUMN"
    explanation = "a column of the result, with a minus before it to reverse the order"

    def complete(self, prefix: str, names: object, values: object) -> list[Candidate]:
        """Offer the columns, with the minus if one is typed."""
        minus = "-" if prefix.startswith("-") else ""
        return [Candidate(minus + text) for text, _ in super().complete(prefix[len(minus) :], names, values)]


class Conditions(ColumnName):
    """Conditions on the columns of a result; each time the option is written adds some."""

    metavar = "CONDITIONS"
    explanation = "one or several such as 'owner=bob expiry_date<7D', with = != < <= > >= or ~ (contains)"
    many = True

    def parse(self, text: str) -> list[Condition]:
        """Return the conditions; raises ValueError for what is none."""
        return parse_conditions(text)

    def complete(self, prefix: str, names: object, values: object) -> list[Candidate]:
        """Offer the columns for the condition that is being typed, until its operator."""
        before, space, last = prefix.rpartition(" ")
        if before.count("'") % 2 or before.count('"') % 2:
            return []  # a value with spaces goes on
        operators = " ".join(OPERATORS)
        return [Candidate(before + space + name, operators) for name, _ in super().complete(last, names, values)]
