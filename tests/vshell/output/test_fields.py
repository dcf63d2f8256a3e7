"""Headings and spellings of values."""

from __future__ import annotations

import pytest

from vshell.kinds import Timestamp
from vshell.output.fields import cell, for_people, for_programs, heading, title
from vshell.registry.view import Column


@pytest.mark.parametrize(
    ("name", "shown"),
    [("id", "ID"), ("expiry_date", "Expiry-date"), ("ldap_groups", "Ldap-groups"), ("name", "Name"), ("x", "X")],
)
def test_a_heading_follows_vclis_rule(name: str, shown: str) -> None:
    assert title(name) == shown


def test_a_column_may_have_its_own_heading_and_kind() -> None:
    assert heading(Column("is_admin", "Is Admin")) == "Is Admin"
    column = Column("seen", kind=Timestamp())
    assert cell({"seen": "2026-11-21T22:00:00.000000Z"}, column) == "2026-11-21 22:00:00"
    assert cell({"seen": None}, column) == "None"
    assert cell({}, column) == "None"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None"),
        (True, "True"),
        (3, "3"),
        (["root", "admin"], "['root', 'admin']"),
        ([], "[]"),
        ("2026-11-21T22:00:00.000000Z", "2026-11-21 22:00:00"),
        ("2026-11-21T23:30:00+01:30", "2026-11-21 22:00:00"),
        ("2026-02-30T22:00:00Z", "2026-02-30T22:00:00Z"),
        ("0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00+23:00"),
        ("2026-11-21", "2026-11-21"),
        ("", ""),
    ],
)
def test_a_value_for_people(value: object, shown: str) -> None:
    assert for_people("x", value) == shown


def test_a_name_that_looks_like_a_time_stays_a_name() -> None:
    assert for_people("name", "2026-11-21T22:00:00Z") == "2026-11-21T22:00:00Z"


@pytest.mark.parametrize(("value", "shown"), [(None, ""), (True, "true"), ("x", "x"), (1, "1"), (["é"], '["é"]')])
def test_a_value_for_programs(value: object, shown: str) -> None:
    assert for_programs(value) == shown
