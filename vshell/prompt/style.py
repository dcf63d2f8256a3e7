"""The colours of the prompt: one for each role of a word and each style of a kind.

The sixteen colours of the terminal are used, so that they follow the person's own theme. ``NO_COLOR``
(no-color.org), the setting ``color`` and a dumb terminal switch colour off; what is underlined stays so.
"""

from collections.abc import Mapping

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.styles import Style

NAMELESS: StyleAndTextTuples = [("class:prompt", "vshell> ")]
"""The prompt until it is known who is there; no setting changes it."""

STYLE = Style(
    [
        ("command", "bold"),
        ("option", "ansicyan"),
        ("value", ""),
        ("value.choice", "ansimagenta"),
        ("value.duration", "ansiyellow"),
        ("value.id", "ansigreen"),
        ("value.json", "ansiblue"),
        ("value.name", "ansigreen"),
        ("value.number", "ansimagenta"),
        ("value.path", "ansiblue"),
        ("value.scope", "ansiblue"),
        ("value.secret", "ansibrightblack"),
        ("value.time", "ansiyellow"),
        ("value.url", "ansiblue"),
        ("comment", "ansibrightblack"),
        ("operator", "bold"),
        ("mistake", "underline ansired"),
        ("prompt", ""),
        ("prompt.who", "bold"),
        ("prompt.more", "ansibrightblack"),
        ("echo", "ansibrightblack"),
        ("hint", "ansibrightblack"),
        ("toolbar", "reverse"),
        ("toolbar.warning", "reverse ansiyellow"),
        ("toolbar.trouble", "reverse bold ansired"),
        ("bottom-toolbar", "noreverse"),
        # A row of the menu is drawn at many keys: these are also the shortest to write.
        ("completion-menu", "bg:ansigray ansiblack"),
        ("completion-menu.completion.current", "bg:ansigray ansiblack reverse"),
        ("completion-menu.meta.completion", "bg:ansibrightblack ansiwhite"),
        ("completion-menu.meta.completion.current", "bg:ansibrightblack ansiwhite"),
        ("scrollbar.background", "bg:ansigray ansiblack"),
        ("scrollbar.button", "bg:ansibrightblack ansiwhite"),
    ]
)


def color_depth(setting: str, environment: Mapping[str, str]) -> ColorDepth | None:
    """Return how many colours to use; None lets the terminal's own description decide."""
    if setting == "never" or environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return ColorDepth.DEPTH_1_BIT
    return None
