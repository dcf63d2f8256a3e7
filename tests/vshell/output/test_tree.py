"""The tree of records."""

import io
from typing import Any

import pytest

from vshell.output import Output, tree
from vshell.output.tree import ASCII, BOX, DEEPEST, Strokes, drawn, strokes_for
from vshell.registry.view import Column, View

FAMILY = [
    {"id": "a", "parent_id": None, "name": "one"},
    {"id": "b", "parent_id": "a", "name": "two"},
    {"id": "c", "parent_id": "b", "name": None},
    {"id": "d", "parent_id": "a", "name": "four\x1b[2J"},
    {"id": "e", "parent_id": "gone", "name": "five"},
]
VIEW = View((Column("id"), Column("name")), layout="tree")


def lines(records: list[dict[str, Any]], strokes: Strokes = BOX) -> list[str]:
    return [lead + str(record["id"]) for lead, record in drawn(records, strokes)]


def test_each_stands_below_its_parent() -> None:
    assert lines(FAMILY) == ["a", "├── b", "│   └── c", "└── d", "e"]
    assert lines(FAMILY, ASCII) == ["a", "|-- b", "|   `-- c", "`-- d", "e"]
    assert lines(FAMILY[::-1]) == ["e", "a", "├── d", "└── b", "    └── c"]


def test_the_layout_is_for_people_and_any_format_for_programs() -> None:
    out = Output(stream := io.StringIO(), io.StringIO())
    out.show(FAMILY, VIEW)
    assert stream.getvalue().splitlines()[2:4] == ["│   └── c", "└── d  four\\x1b[2J"]
    out = Output(stream := io.StringIO(), io.StringIO())
    out.show(FAMILY[:1], VIEW, output="table")
    out.show(FAMILY[:1], VIEW, output="ids")
    assert stream.getvalue().splitlines()[0].startswith("+--")
    assert stream.getvalue().splitlines()[-1] == "a"


@pytest.mark.parametrize(
    ("encoding", "term", "strokes"),
    [("utf-8", "xterm", BOX), ("ascii", "xterm", ASCII), ("latin-1", "", ASCII), ("utf-8", "dumb", ASCII)],
)
def test_plain_terminals_get_plain_strokes(encoding: str, term: str, strokes: Strokes) -> None:
    assert strokes_for(io.TextIOWrapper(io.BytesIO(), encoding), term) is strokes


def test_the_environment_decides_when_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    tree.write(FAMILY[:2], VIEW.columns, stream := io.StringIO())
    assert stream.getvalue() == "a  one\n`-- b  two\n"
    tree.write("nothing", VIEW.columns, stream)


def test_a_long_chain_takes_no_stack_and_little_room() -> None:
    chain = [{"id": n, "parent_id": n - 1 if n else None} for n in range(10_000)]
    found = lines(chain)
    assert len(found) == 10_000
    assert found[-1].strip() == "[9999] 9999"
    assert max(map(len, found)) < 4 * (DEEPEST + 3) + 12
