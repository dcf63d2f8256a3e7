"""Colours follow the terminal, the setting and NO_COLOR."""

import pytest
from prompt_toolkit.output.color_depth import ColorDepth

from vshell import kinds
from vshell.prompt.style import STYLE, color_depth


@pytest.mark.parametrize(
    ("setting", "environment", "colored"),
    [
        ("auto", {}, True),
        ("auto", {"TERM": "xterm-256color"}, True),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": "0"}, False),
        ("auto", {"TERM": "dumb"}, False),
        ("never", {}, False),
    ],
)
def test_colour_is_used_where_it_is_wanted(setting: str, environment: dict[str, str], colored: bool) -> None:
    assert (color_depth(setting, environment) is not ColorDepth.DEPTH_1_BIT) == colored


def test_every_kind_that_is_not_plain_has_a_colour() -> None:
    known = {name for name, _ in STYLE.style_rules}
    used = {kind.style for kind in vars(kinds).values() if isinstance(kind, type) and issubclass(kind, kinds.Kind)}
    assert {f"value.{style}" for style in used - {"text", "switch"}} <= known


def test_every_role_has_a_style() -> None:
    known = {name for name, _ in STYLE.style_rules}
    assert {"command", "option", "value", "comment", "mistake"} <= known
