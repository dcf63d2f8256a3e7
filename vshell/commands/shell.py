"""Commands about the shell itself: settings, scripts, the history, the screen, and leaving."""

import os
from collections.abc import Iterable, Mapping
from typing import Annotated

from vshell.errors import Conflict, Failed, Interrupted, Mistake, NotAllowed, NotFound, SlowDown, Unreachable
from vshell.kinds import Candidate, Choice, Integer, Names, Path, Switch, Text
from vshell.registry.tree import command, describe_object
from vshell.registry.view import TEXT, View, columns
from vshell.run import batch
from vshell.session import Session
from vshell.state import paths, settings
from vshell.state.settings import SETTINGS

describe_object("show", "What this shell knows of itself.")

SETTING_LIST = View(columns("setting", "value", "explanation"), layout="paragraphs")
SETTING_CHANGED = View(SETTING_LIST.columns, sentence="The setting {setting} is {value} {lasts}.", layout="paragraphs")


class SettingValue(Text):
    """A value of the setting that the line names."""

    metavar = "VALUE"
    explanation = "a value of the setting, as show settings tells them"

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer what the setting may be."""
        setting = SETTINGS.get(str(values.get("setting")))
        return [Candidate(choice) for choice in setting.choices if choice.startswith(prefix)] if setting else ()


class SettingName(Choice):
    """The name of a setting."""

    def __init__(self) -> None:
        super().__init__(*SETTINGS, metavar="SETTING", explanation="the name of a setting, as show settings lists them")

    def complete(self, prefix: str, names: Names, values: Mapping[str, object]) -> Iterable[Candidate]:
        """Offer the settings, each with what it is for."""
        return [Candidate(name, SETTINGS[name].explanation) for name in self.words if name.startswith(prefix)]


@command("set", view=SETTING_CHANGED, examples=("set output json", "set editing vi --save", "set"), here=True)
def set_(
    session: Session,
    setting: Annotated[str | None, SettingName(), "Names the setting; without it all are shown."] = None,
    value: Annotated[str | None, SettingValue(), "Gives its value; without it the setting is shown."] = None,
    /,
    *,
    save: Annotated[bool | None, Switch(), "Keeps it for later shells too."] = None,
) -> object:
    """Change a setting of this shell at once, or show the settings and what they may be."""
    if setting is None or value is None:
        return [_explain(session, name) for name in SETTINGS if setting in (None, name)]
    session.settings = settings.replace_setting(session.settings, setting, value)
    if setting == "output":
        session.out.format = value
    if setting == "times":
        session.out.times = value
    session.client.timeout = session.settings.timeout_seconds
    if save:
        settings.save_value(paths.settings_file(), "settings", setting, settings.parse_value(setting, value))
    lasts = "from now on" if save else "until this shell ends; --save would keep it"
    return {"setting": setting, "value": getattr(session.settings, setting), "lasts": lasts}


def _explain(session: Session, name: str) -> dict[str, object]:
    setting = SETTINGS[name]
    possible = ", ".join(setting.choices) or f"{setting.lowest} to {setting.highest}"
    explanation = f"{setting.explanation} ({possible})"
    return {"setting": name, "value": getattr(session.settings, name), "explanation": explanation}


@command("show settings", view=SETTING_LIST, examples=("show settings",))
def show_settings(session: Session, /) -> object:
    """Show the settings of this shell, what they are for and what they may be."""
    return [_explain(session, name) for name in SETTINGS]


@command("source", view=TEXT, examples=("source setup.vsh", "source setup.vsh --dry-run"), here=True)
def source(
    session: Session,
    file: Annotated[str, Path(), "Names the file."],
    /,
    *,
    keep_going: Annotated[bool | None, Switch(), "Goes on after a line that fails."] = None,
    dry_run: Annotated[bool | None, Switch(), "Asks the server what the lines would do; changes nothing."] = None,
    jobs: Annotated[int, Integer(1, 64, "N"), "Runs up to N lines at a time, those that use no variables."] = 1,
    report: Annotated[str | None, Path(), "Names a file for what became of each line, as JSON."] = None,
) -> None:
    """Run the lines of a file, up to the first that fails; "help batch" tells more."""
    options = batch.RunOptions(bool(keep_going), bool(dry_run), jobs, report)
    outcome = batch.run_file(file, session, options)
    if outcome.exit_code:
        sorts = (Mistake, NotFound, NotAllowed, Conflict, SlowDown, Unreachable, Interrupted)
        sort = next((sort for sort in sorts if sort.exit_code == outcome.exit_code), Failed)
        raise sort(f"{outcome.failed or 1} of the {outcome.lines} lines of {file} that ran failed.")


@command("history", view=TEXT, examples=("history", "history 20"))
def history_(
    session: Session,
    count: Annotated[int, Integer(1, 100_000, "COUNT"), "Says how many lines to show."] = 100,
    /,
) -> object:
    """Show the lines typed last at this server's prompt; secrets are never among them."""
    from vshell.state import history, paths

    lines = history.load(history.find_file(session.client.url, paths.state_directory()))
    first = max(0, len(lines) - count)
    shown = [f"{number:5}  {line}" for number, line in enumerate(lines[first:], first + 1)]
    return "\n".join(shown) or None


@command("clear", view=TEXT, examples=("clear",), here=True)
def clear(session: Session, /) -> None:
    """Clear the screen."""
    if session.out.stdout.isatty() and os.environ.get("TERM") != "dumb":
        session.out.stdout.write("\x1b[2J\x1b[3J\x1b[H")  # ECMA-48: the screen, its scrollback, the cursor home


@command("exit", view=TEXT, examples=("exit",), aliases=("quit",), here=True)
def exit_(session: Session, /) -> None:
    """Leave the shell."""
    session.leaving = True
