"""The line below the prompt: who, where, how the last command ended, and how it stands with the names."""

from urllib.parse import urlsplit

from prompt_toolkit.formatted_text import StyleAndTextTuples

from vshell.errors import visible
from vshell.names import ServerNames, State


def toolbar(names: ServerNames, exit_code: int | None) -> StyleAndTextTuples:
    """Return the toolbar; ``exit_code`` is that of the last command, None before the first."""
    parts: list[tuple[str, str]] = [("class:toolbar", " " + _whom_and_where(names))]
    if exit_code is not None:
        parts.append(("class:toolbar.trouble" if exit_code else "class:toolbar", f"exit {exit_code}"))
    told = _told(names.state)
    if told:
        parts.append(("class:toolbar.trouble" if names.state.kind == "failed" else "class:toolbar", told))
    joined: StyleAndTextTuples = []
    for style, text in parts:
        if joined:
            joined.append(("class:toolbar", " | "))
        joined.append((style, text))
    return [*joined, ("class:toolbar", " ")]


def message(names: ServerNames) -> StyleAndTextTuples:
    """Return the prompt, ``vshell: admin> ``; without a name while nobody knows it."""
    who = names.who
    named: StyleAndTextTuples = [("class:prompt", ": "), ("class:prompt.who", visible(who))] if who else []
    return [("class:prompt", "vshell"), *named, ("class:prompt", "> ")]


def _whom_and_where(names: ServerNames) -> str:
    where = urlsplit(names.url).netloc or names.url
    return visible(f"{names.who} at {where}" if names.who and where else where or "no server yet")


def _told(state: State) -> str:
    """Return what is said about the names: nothing while all is well."""
    if state.kind == "failed":
        return visible(f"names: {state.sentence}")
    return "names: loading" if state.kind == "loading" else ""
