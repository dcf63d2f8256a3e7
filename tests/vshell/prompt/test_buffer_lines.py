"""What is typed or pasted falls into lines, each read once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vshell.small import REGISTRY
from vshell.prompt.buffer_lines import Lines, line_at, logical_lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\nb", ["a", "b"]),
        ("a\n", ["a", ""]),
        ("a \\\nb\nc", ["a \\\nb", "c"]),
        ("a 'x\ny' b\nc", ["a 'x\ny' b", "c"]),
        ('a "x\n\ny"\nc', ['a "x\n\ny"', "c"]),
        ("a # it's\nb", ["a # it's", "b"]),
        ("a 'x\ny", ["a 'x\ny"]),
        ("a \\", ["a \\"]),
        ("a \\\\\nb", ["a \\\\", "b"]),
    ],
)
def test_lines_end_where_nothing_is_open(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in logical_lines(text)] == expected


@given(st.text(st.sampled_from("ab '\"\\\n#$"), max_size=60))
def test_the_lines_are_the_whole_text(text: str) -> None:
    spans = list(logical_lines(text))
    assert "\n".join(text[start:end] for start, end in spans) == text
    for cursor in range(len(text) + 1):
        span = line_at(text, cursor)
        assert span in spans
        assert span.start <= cursor <= span.end


def test_a_line_is_read_once_until_variables_may_have_changed() -> None:
    variables: dict[str, object] = {}
    lines = Lines(REGISTRY, lambda: variables)
    first = lines.read("send GET $x")
    assert first.mistake is not None
    variables["x"] = "/vms/"
    assert lines.read("send GET $x") is first
    lines.forget()
    assert lines.read("send GET $x").complete
