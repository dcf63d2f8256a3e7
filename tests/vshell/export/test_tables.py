"""The flat tables: they say of every place what the parser says, and no record breaks its own form."""

from __future__ import annotations

import pytest

import vshell.commands
from vshell.export.tables import AGAIN, FLAG_VALUES, tables_of, values_of
from vshell.kinds import (
    Choice,
    Integer,
    Kind,
    ListOf,
    Path,
    PermissionName,
    RoleName,
    Scope,
    Secret,
    Several,
    Switch,
    TokenId,
)
from vshell.language.grammar import parse
from vshell.registry.tree import REGISTRY
from vshell.run import program_options

assert vshell.commands

TABLES = tables_of(REGISTRY)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Switch(), "none"),
        (Integer(), "any"),
        (Secret(), "any"),
        (ListOf(Secret()), "any"),
        (Path(), "file"),
        (Choice("a", "b"), "one:a,b"),
        (Choice("a b", "c,d", "e|f", "g"), "one:g"),
        (ListOf(Choice("a", "b")), "some:a,b"),
        (Several(Choice("a", "b")), "one:a,b"),
        (TokenId(), "live:apitokens/{id}/name,owner"),
        (ListOf(RoleName()), "lives:roles/{name}/"),
        (PermissionName(), "live:permissions/{codename}/name"),
        (Scope(), "live:nodes/node:{uuid}:r,node:{uuid}:rw/path"),
    ],
)
def test_values(kind: Kind, values: str) -> None:
    assert values_of(kind) == values


@pytest.mark.parametrize("node", sorted(set(TABLES.words) - {AGAIN}))
def test_the_words_are_those_that_the_parser_expects(node: str) -> None:
    expected = parse(f"{node} ", cursor=len(node) + 1).expected
    told = {word.text for word in TABLES.words[node]}
    assert {word for word, _ in expected.words} - {"let"} <= told, "a variable lasts no longer than one line"
    for word in TABLES.words[node]:
        assert word.node in TABLES.words or word.node in {"watch", *(command.name for command in REGISTRY)}


def test_behind_the_interval_of_a_watch_comes_what_begins_a_line() -> None:
    expected = parse("watch 5s ", cursor=9).expected
    assert {word for word, _ in expected.words} <= {word.text for word in TABLES.words[AGAIN]}
    assert "watch" not in {word.text for word in TABLES.words[AGAIN]}
    assert TABLES.positionals["watch"] == ("one:2s,5s,30s,1m",)
    assert [option.spelling for option in TABLES.options["watch"]] == ["--count"]


@pytest.mark.parametrize("name", sorted(set(TABLES.options) - {"watch", AGAIN}))
def test_the_options_are_those_of_the_command(name: str) -> None:
    command = next(each for each in REGISTRY if each.name == name)
    told = [option.spelling for option in TABLES.options[name]]
    assert set(told) <= set(command.options)
    assert {command.options[spelling][0] for spelling in told} == {each[0] for each in command.options.values()}
    excluding = {frozenset(group) for group in command.one_of}
    for group in excluding:
        numbers = {o.group for o in TABLES.options[name] if command.options[o.spelling][0].name in group}
        assert len(numbers) == 1


def test_every_flag_has_a_sort_of_value() -> None:
    assert {flag.metavar for flag in program_options.PROGRAM_OPTIONS} == set(FLAG_VALUES)


def test_no_field_but_the_last_holds_what_parts_fields() -> None:
    records = [record for table in (TABLES.words, TABLES.options) for each in table.values() for record in each]
    for record in (*records, *TABLES.flags):
        *fields, explanation = map(str, record)
        assert not any(set(field) & set("|\n\t'\"") for field in fields)
        assert explanation.isprintable()
