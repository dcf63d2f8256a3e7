"""What a command printed completes the next line."""

import pytest

from tests.vshell.prompt.talking import names
from tests.vshell.small import REGISTRY, TOKEN
from vshell.completion.live_names import LiveNames
from vshell.language.grammar import parse
from vshell.prompt.observe import learn_names


def after(line: str, result: object, known: LiveNames | None = None) -> LiveNames:
    known = known or names()
    learn_names(parse(line, registry=REGISTRY), result, known)
    return known


def test_a_new_token_is_known_by_its_line_and_never_by_its_secret() -> None:
    known = after("apitoken create --name AWS --owner bob", {"id": "JhxND7ci", "token": TOKEN})
    assert list(known.rows("apitokens")) == [{"id": "JhxND7ci", "name": "AWS", "owner": "bob"}]


def test_a_list_is_known() -> None:
    rows = [{"id": f"T{number}", "owner": "bob", "created": "x"} for number in range(3)]
    known = after("apitoken list", rows)
    assert list(known.rows("apitokens")) == [{"id": f"T{number}", "owner": "bob"} for number in range(3)]


def test_what_was_revoked_is_offered_no_more() -> None:
    known = names(apitokens=[{"id": "A"}, {"id": "B"}])
    assert list(after("apitoken revoke --id A", {"id": "A"}, known).rows("apitokens")) == [{"id": "B"}]


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("apitoken revoke --id A --dry-run", None),
        ("send GET /x", [{"id": "X"}]),
        ("apitoken list", "text"),
        ("apitoken list", None),
        ("apitoken list", [None, 3, {"name": "without an id"}]),
        ("", [{"id": "X"}]),
        ("apitoken", [{"id": "X"}]),
    ],
)
def test_other_results_change_nothing(line: str, result: object) -> None:
    assert list(after(line, result, names(apitokens=[{"id": "A"}])).rows("apitokens")) == [{"id": "A"}]


def test_only_the_line_of_a_change_says_what_was_made() -> None:
    known = after("apitoken list --owner bob", {"id": "X"})
    assert list(known.rows("apitokens")) == [{"id": "X"}]
