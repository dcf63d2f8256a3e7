"""The flags of the program ``vshell``: a small table, because argparse alone would take as long as all the rest.

    vshell [FLAG]... [WORD...]      the words are one line of the shell's language
    vshell [FLAG]... -c LINE...     each -c gives one line
    vshell [FLAG]... -f FILE        the lines of a file; "-" is standard input
    vshell [FLAG]...                the prompt, or the lines of standard input when that is no terminal

Rules:

- Flags stand before the line: the first word that is no flag begins it, and what follows belongs to it. ``--``
  ends the flags.
- ``-c`` takes a whole line as one argument, and may be repeated. vcli also takes the line unquoted, as all
  arguments behind ``-c``. So: an argument with white space in it is a whole line; so is one behind which
  nothing stands, or one of the short flags. Any other begins an unquoted line, to which the rest belongs.
- ``--name=VALUE`` and ``--name VALUE`` are the same.
"""

from typing import NamedTuple

from vshell.errors import Mistake
from vshell.formats.text import visible


class Flag(NamedTuple):
    """One flag: its spellings, what stands for its value ("" for a switch), its help."""

    spellings: tuple[str, ...]
    metavar: str
    help: str


class Flags:
    """What the arguments say; ``lines`` are those of ``-c``, ``words`` those of a line as arguments."""

    def __init__(self) -> None:
        self.local = self.keep_going = self.dry_run = self.yes = self.help = self.version = False
        self.data: str | None = None
        self.jobs: str | None = None
        self.report: str | None = None
        self.server: str | None = None
        self.token: str | None = None
        self.user: str | None = None
        self.password: str | None = None
        self.dc: str | None = None
        self.file: str | None = None
        self.output: str | None = None
        self.lines: list[str] = []
        self.words: list[str] = []

    @property
    def prompts(self) -> bool:
        """Tell whether no line and no script is named, so that a person at a terminal gets the prompt."""
        return not self.words and not self.lines and self.file is None

    @property
    def is_usual(self) -> bool:
        """Tell whether nothing says who we are, or in which data centre: then a Tab finds the same."""
        return self.token is None and self.user is None and self.dc is None

    @property
    def place(self) -> dict[str, str]:
        """The flags that name the server, as ``vshell.completion.shell_tab`` takes them."""
        given = {"--server": self.server, "--data": self.data, "--local": "" if self.local else None}
        return {flag: value for flag, value in given.items() if value is not None}


FLAGS = (
    Flag(("--local",), "", "Start a server of your own, or join it when it runs."),
    Flag(("--data",), "DIR", "The data directory of the local server."),
    Flag(("--server",), "NAME|URL", "The server to talk to."),
    Flag(("--dc",), "DC", "The data centre whose server to talk to, of those that server add knows."),
    Flag(("--token",), "TOKEN", "An API token; '-' reads it from standard input, '@FILE' from a file."),
    Flag(("-u", "--user"), "USER", "The manager to sign in as."),
    Flag(("-p", "--password"), "PASSWORD", "Their password; '-' reads it from standard input."),
    Flag(("-c",), "LINE", "Run this line; may be repeated."),
    Flag(("-f", "--file"), "FILE", "Run the lines of this file."),
    Flag(("--keep-going",), "", "Go on after a line that fails."),
    Flag(("--dry-run",), "", "Ask the server what the lines would do, 500 changes at a time; change nothing."),
    Flag(("--jobs",), "N", "Run up to N lines at the same time, those that use no variables."),
    Flag(("--report",), "FILE", "Write what became of each line into this file, as JSON."),
    Flag(("--output",), "FORMAT", "Show results as table, vertical, json, jsonl, csv or ids."),
    Flag(("--yes",), "", "Answer yes to every question."),
    Flag(("--version",), "", "Show the version."),
    Flag(("-h", "--help"), "", "Show this help."),
)

_BY_SPELLING = {spelling: flag for flag in FLAGS for spelling in flag.spellings}


def parsed(arguments: list[str]) -> Flags:
    """Return what the arguments say. Raises Mistake for a flag that is unknown, twice there or without value."""
    flags = Flags()
    seen: set[Flag] = set()
    left = list(arguments)
    while left and left[0].startswith("-") and left[0] not in ("-", "--"):
        typed, equals, value = left.pop(0).partition("=")
        flag = _BY_SPELLING.get(typed)
        if flag is None:
            raise _unknown(typed)
        if flag in seen and flag.spellings[0] != "-c":
            raise Mistake(f"{typed} is given twice.", "Keep one of them.")
        seen.add(flag)
        if not flag.metavar:
            if equals:
                raise Mistake(f"{typed} takes no value.", "Write it alone, or leave it out.")
            setattr(flags, _name(flag), True)
            continue
        if not equals:
            if not left:
                raise Mistake(f"{typed} needs {flag.metavar} behind it.", "Type vshell --help for all flags.")
            value = left.pop(0)
        if flag.spellings[0] != "-c":
            setattr(flags, _name(flag), value)
        elif equals or _is_whole_line(value, left):
            flags.lines.append(value)
        else:
            from vshell.language.lexer import join  # and with it the kinds, which the prompt draws itself without

            flags.lines.append(join([value, *left]))
            left = []
    flags.words = left[1:] if left[:1] == ["--"] else left
    _check(flags)
    return flags


def help_text() -> str:
    """Return what ``vshell --help`` shows."""
    rows = [(", ".join(flag.spellings) + (f" {flag.metavar}" if flag.metavar else ""), flag.help) for flag in FLAGS]
    wide = max(len(left) for left, _ in rows)
    return "\n".join(
        [
            "Usage: vshell [FLAG]... [LINE]",
            "",
            "An admin shell for API tokens and the people who hold them.",
            "With a line it runs that line, such as: vshell apitoken list --owner bob",
            "Without one it shows a prompt, or runs the lines of standard input.",
            "",
            *(f"  {left.ljust(wide)}  {right}" for left, right in rows),
            "",
            "Environment: VSHELL_SERVER, VSHELL_TOKEN, VSHELL_DATA, VSHELL_PROJECT, VSHELL_OUTPUT,",
            "             VSHELL_DEBUG, NO_COLOR.",
            "All commands: vshell help",
        ]
    )


def _is_whole_line(value: str, behind: list[str]) -> bool:
    """Return whether the argument of ``-c`` is a line by itself; the module's docstring has the rule."""
    if not behind or any(character.isspace() for character in value):
        return True
    return len(behind[0].partition("=")[0]) == 2 and behind[0].partition("=")[0] in _BY_SPELLING


def _name(flag: Flag) -> str:
    return flag.spellings[-1].lstrip("-").replace("-", "_")


def _check(flags: Flags) -> None:
    """Raise Mistake for flags that exclude each other, and for a user name that is none."""
    ways = [name for name, given in (("-c", flags.lines), ("-f", flags.file), ("a line", flags.words)) if given]
    servers = [name for name, given in (("--local", flags.local), ("--server", flags.server)) if given]
    if flags.data is not None and flags.server:
        servers = ["--data", "--server"]
    if flags.dc is not None:
        servers += ["--dc", *(["--data"] if flags.data is not None else [])]
    people = [name for name, given in (("--token", flags.token), ("-u", flags.user)) if given is not None]
    for clash in (ways, servers, people):
        if len(clash) > 1:
            raise Mistake(f"{' and '.join(clash)} exclude each other.", "Keep one of them.")
    if flags.password is not None and flags.user is None:
        raise Mistake("-p needs a user.", "Name the user with -u.")
    if flags.user is not None:
        from vshell.kinds.plain import require_username  # seldom needed

        require_username(flags.user)  # before a password is asked for
    if flags.token == "-" and flags.password == "-":  # noqa: S105 (where to read it, not a password)
        raise Mistake("Standard input can give one secret only.", "Keep one of them.")


def _unknown(typed: str) -> Mistake:
    from vshell.language.messages import nearest  # with difflib, needed only here

    if typed[:2] in _BY_SPELLING and len(typed) > 2:
        # What follows may be a password, and is not repeated.
        return Mistake(f"{typed[:2]} has something behind it without a space.", "Put a space between the two.")
    guess = nearest(typed, [spelling for spelling in _BY_SPELLING if spelling.startswith("--")])
    what = f"There is no flag '{visible(typed)}'"
    return Mistake(f"{what}; did you mean {guess}?" if guess else f"{what}.", "Type vshell --help for all flags.")
