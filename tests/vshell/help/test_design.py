"""The decisions: each says what, why, what was turned down, where it is and which test holds it; and that is true."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from vshell import help as manual

ROOT = Path(__file__).parents[3]
ITEMS = ["What", "Why", "Turned down", "Where", "Test"]


class Decision(NamedTuple):
    """One decision; ``items`` are its paragraphs by what begins them."""

    topic: str
    heading: str
    items: dict[str, str]


def decisions() -> list[Decision]:
    """Return all decisions of all topics."""
    found = []
    for topic in manual.decisions():
        parts = re.split(r"(?m)^(.+)\n-+\n", manual.topic(topic).text)[1:]
        for heading, body in zip(parts[::2], parts[1::2], strict=True):
            items = [" ".join(item.split()) for item in re.split(r"(?m)^- ", body)[1:]]
            named = [(name, text.strip()) for name, _, text in (item.partition(":") for item in items)]
            assert [name for name, _ in named] == ITEMS, f"{topic}: {heading}"
            found.append(Decision(topic, heading, dict(named)))
    return found


EACH = pytest.mark.parametrize("decision", decisions(), ids=lambda decision: decision.heading)


def quoted(text: str) -> list[str]:
    """Return what stands in double backquotes, which must be all but commas."""
    assert re.fullmatch(r"``[^`]+``(, ``[^`]+``)*", text), text
    return re.findall(r"``([^`]+)``", text)


@pytest.fixture(scope="module")
def tests() -> set[str]:
    """The names of all tests."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").rglob("test_*.py")]
    functions = [node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {name for name in functions if name.startswith("test_")}


@EACH
def test_every_part_is_said(decision: Decision) -> None:
    assert all(text.endswith((".", "``")) for text in decision.items.values())
    assert min(len(text) for text in decision.items.values()) > 5


@EACH
def test_it_is_where_it_says(decision: Decision) -> None:
    missing = [place for place in quoted(decision.items["Where"]) if not (ROOT / place).exists()]
    assert missing == []


@EACH
def test_its_tests_are_there(decision: Decision, tests: set[str]) -> None:
    assert [name for name in quoted(decision.items["Test"]) if name not in tests] == []


@EACH
def test_what_was_measured_stands_with_the_benchmarks(decision: Decision) -> None:
    measured = r"[0-9] ?(?:%|ms\b|µs\b|MB/s|microseconds|milliseconds|times as)|per cent|per second"
    assert not re.search(measured, " ".join(decision.items.values()))


def test_no_heading_is_there_twice() -> None:
    headings = [decision.heading for decision in decisions()]
    assert len(headings) == len(set(headings)) > 40


def test_the_list_names_every_topic_and_heading() -> None:
    text = manual.topic(manual.DESIGN).text
    assert [name for name in manual.decisions() if f"``help {name}``" not in text] == []
    assert [each.heading for each in decisions() if f"\n- {each.heading}\n" not in text] == []
