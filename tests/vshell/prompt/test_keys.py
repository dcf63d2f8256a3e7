"""Enter runs what is finished, and goes on below what is not."""

import pytest

from tests.vshell.small import REGISTRY
from vshell.prompt.keys import wants_more
from vshell.prompt.lines import Lines


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("", False),
        ("apitoken list", False),
        ("apitoken list \\", True),
        ("apitoken list \\\n", False),
        ("apitoken list \\\n--owner", False),
        ("send GET '", True),
        ("send GET 'a\n", True),
        ("send GET 'a\nb'", False),
        ("send GET 'a'\n", False),
        ("# it's", False),
    ],
)
def test_more_is_wanted_where_something_is_open(text: str, more: bool) -> None:
    assert wants_more(text, Lines(REGISTRY, dict)) == more
