"""The user's settings, and the file they and the named servers stand in.

The file is TOML, ``settings.toml`` in the user's configuration directory, and it is the user's: it is changed
one line at a time and keeps its comments (``toml_edit``). A setting unknown to this version is left alone.

    [settings]
    output = "json"

    [server.lab]
    url = "https://lab.example:8443"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from vshell.errors import Failed, Mistake
from vshell.formats import OUTPUT_FORMATS
from vshell.formats.text import tokens_in, visible
from vshell.registry.view import TIMES
from vshell.state import paths, private_files, tab_facts


class Settings(NamedTuple):
    """What a person may set; the order is that of ``show settings``."""

    output: str = "table"
    color: str = "auto"
    editing: str = "emacs"
    timeout_seconds: int = 30
    times: str = "local"
    pager: str = "auto"
    title: str = "off"
    transient_prompt: str = "off"


class Setting(NamedTuple):
    """One setting: what it is for, and what it may be (for a number, its lowest and highest value)."""

    explanation: str
    choices: tuple[str, ...] = ()
    lowest: int = 0
    highest: int = 0


SETTINGS: Mapping[str, Setting] = {
    "output": Setting("How results are shown when a line does not say.", OUTPUT_FORMATS),
    "color": Setting("Whether to use colour on a terminal.", ("auto", "never")),
    "editing": Setting("The keys of the prompt.", ("emacs", "vi")),
    "timeout_seconds": Setting("How long to wait for an answer of the server.", lowest=1, highest=3600),
    "times": Setting("How times are shown to people: in this machine's zone, in UTC, or from now.", TIMES),
    "pager": Setting("Whether the prompt shows long results page by page, by $PAGER or less.", ("auto", "never")),
    "title": Setting("Whether the terminal's title tells who and where you are.", ("off", "on")),
    "transient_prompt": Setting("Whether the prompt of a line that was entered shrinks to '> '.", ("off", "on")),
}


def parse_value(name: str, text: str) -> str | int:
    """Return the value that a typed text has for a setting. Raises Mistake for an unknown name or value."""
    if name not in SETTINGS:
        raise Mistake(f"There is no setting '{visible(name)}'.", f"The settings are: {', '.join(SETTINGS)}.")
    setting = SETTINGS[name]
    if text in setting.choices:
        return text
    is_number = not setting.choices and text.isascii() and text.isdigit() and len(text) <= 9
    if is_number and setting.lowest <= int(text) <= setting.highest:
        return int(text)
    range_hint = f"Give a whole number from {setting.lowest} to {setting.highest}."
    hint = f"Choose one of: {', '.join(setting.choices)}." if setting.choices else range_hint
    raise Mistake(f"The setting {name} cannot be '{visible(text)}'.", hint)


def replace_setting(settings: Settings, name: str, text: str) -> Settings:
    """Return the settings with one of them changed. Raises Mistake for an unknown name or value."""
    change_of: dict[str, Any] = {name: parse_value(name, text)}
    return settings._replace(**change_of)


def read_tables(path: Path) -> dict[str, Any]:
    """Return the tables of the settings file, none when there is no file. Raises Failed if it is not TOML."""
    text = _read_text(path)
    if not text:
        return {}
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        raise Failed(f"The settings file {path} is not valid TOML: {trouble}.", "Correct it in an editor.") from None


def parse_settings(tables: Mapping[str, Any], path: Path) -> Settings:
    """Return the settings that the file's tables hold. Raises Failed when one has a value it cannot have."""
    table = tables.get("settings", {})
    settings = Settings()
    if not isinstance(table, dict):
        raise Failed(f"In {path}, 'settings' is not a table.", "Write it as [settings].")
    for name in SETTINGS.keys() & table.keys():
        try:
            settings = replace_setting(settings, name, str(table[name]))
        except Mistake as mistake:
            raise Failed(f"In {path}: {mistake.sentence}", mistake.hint) from None
    return settings


def save_value(path: Path, table: str, name: str, value: str | int) -> None:
    """Write one value of a table into the file. Raises Failed when the file cannot be changed."""
    from vshell.state import toml_edit

    edit_file(path, lambda text: toml_edit.set_value(text, table, name, value))


def edit_file(path: Path, edit: Callable[[str], str]) -> None:
    """Replace the file's text by the edited one. Raises Failed when it cannot, Mistake for one with a token in it."""
    try:
        text = edit(_read_text(path))
        if any(tokens_in(text)):
            raise Mistake("The settings hold no tokens.", "Store one with: auth set-token")
        # The file may be a link into a directory that its owner keeps under version control.
        private_files.write(path.resolve(), text)
        if path == paths.settings_file():
            write_facts()
    except ValueError as trouble:
        raise Failed(f"The settings file {path} was not changed: {trouble}.", "Use an editor.") from None
    except OSError as trouble:
        raise Failed(f"The settings file {path} could not be written: {trouble.strerror}.") from None


def write_facts() -> list[list[str]]:
    """Write down the named servers and the aliases for Tab, and return them: ["server", name, url, dc] and so on."""
    path = paths.settings_file()
    time = tab_facts.time_of_change(str(path))
    rows: list[list[str]] = []
    with suppress(Failed):
        tables = read_tables(path)
        servers, aliases = (tables.get(name) for name in ("server", "alias"))
        for name, facts in servers.items() if isinstance(servers, dict) else ():
            if isinstance(facts, dict):
                rows.append(["server", name, str(facts.get("url", "")), str(facts.get("dc", ""))])
        for name, line in sorted(aliases.items()) if isinstance(aliases, dict) else ():
            if isinstance(line, str):
                rows.append(["alias", name, line])
    return tab_facts.write("settings", str(path), time, rows)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise Failed(f"The settings file {path} is not UTF-8 text.", "Correct it in an editor.") from None
    except OSError as trouble:
        raise Failed(f"The settings file {path} cannot be read: {trouble.strerror}.") from None
