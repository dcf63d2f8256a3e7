"""What a reference to a variable stands for."""

import pytest

from vshell.language.variables import REFERENCE, WordError, resolve_reference

VARIABLES: dict[str, object] = {
    "t": {"id": "c6UmISHU", "token": "c6UmISHU.secret", "revoked": False, "last_used": None, "roles": [1, 2]},
    "list": [{"id": 1}, {"id": 2}],
    "one": [{"id": 1}],
    "text": "a b",
    "number": 5,
    "nested": {"a": {"b": [[1], 2]}},
    "nothing": None,
    "empty": {},
}


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("$t.id", "c6UmISHU"),
        ("${t.id}", "c6UmISHU"),
        ("$t.revoked", "False"),
        ("$t.roles", "1,2"),
        ("$t.roles.1", "2"),
        ("$list.0.id", "1"),
        ("$text", "a b"),
        ("$number", "5"),
    ],
)
def test_a_field_is_a_text(reference: str, text: str) -> None:
    assert resolve_reference(reference, VARIABLES) == text


@pytest.mark.parametrize(
    ("reference", "sentence", "hint"),
    [
        ("$x", "There is no variable $x.", "$t"),
        ("$t.ID", "$t has no ID.", "$t.id"),
        ("$t", "$t is not a single value.", "$t.id"),
        ("$list", "$list is not a single value.", "$list.0 to $list.1"),
        ("$list.2", "$list has no 2.", "$list.0 to $list.1"),
        ("$one.id", "$one has no id.", "one item, $one.0."),
        ("$list.id", "$list has no id.", "$list.0"),
        ("$text.0", "$text has no 0.", "write it alone"),
        ("$t.last_used", "$t.last_used is not a single value.", "empty"),
        ("$nested.a.b", "$nested.a.b is not a single value.", "$nested.a.b.0"),
        ("$nothing", "$nothing is not a single value.", "empty"),
        ("$empty.id", "$empty has no id.", "empty"),
        ("${t.id", "'${t.id' is not a variable.", "${name.field}"),
        ("${}", "'${}' is not a variable.", "${name.field}"),
        ("${t..id}", "'${t..id}' is not a variable.", "${name.field}"),
    ],
)
def test_what_is_unknown_is_told_with_what_there_is(reference: str, sentence: str, hint: str) -> None:
    found = resolve_reference(reference, VARIABLES)
    assert isinstance(found, WordError)
    assert found.sentence == sentence
    assert hint in (found.hint or "")
    assert "secret" not in f"{found}"


def test_without_variables_the_hint_says_so() -> None:
    found = resolve_reference("$t", {})
    assert isinstance(found, WordError)
    assert "none yet" in (found.hint or "")


@pytest.mark.parametrize(
    ("text", "reference"),
    [("$t.id.", "$t.id"), ("$t-x", "$t"), ("${t.id}x", "${t.id}"), ("$t.0.id/", "$t.0.id")],
)
def test_a_reference_ends_where_a_name_does(text: str, reference: str) -> None:
    match = REFERENCE.match(text)
    assert match is not None
    assert match.group() == reference


@pytest.mark.parametrize("text", ["$", "$5", "$ t", "$'t'", "$-"])
def test_a_dollar_before_anything_else_is_itself(text: str) -> None:
    assert REFERENCE.match(text) is None
