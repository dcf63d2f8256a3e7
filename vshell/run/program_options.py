"""Options of the program ``vshell``: a small table, because argparse takes as long as all the rest.

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

from typing import Any, NamedTuple

from vshell.errors import Mistake
from vshell.formats import OUTPUT_FORMATS


class ProgramOption(NamedTuple):
    """One option of the program: its spellings, what stands for its value ("" for a switch), its help."""

    spellings: tuple[str, ...]
    metavar: str
    help: str

    @property
    def name(self) -> str:
        """Return the name of its field in ``ProgramOptions``."""
        return self.spellings[-1].lstrip("-").replace("-", "_")


class ProgramOptions(NamedTuple):
    """What the arguments say; ``lines`` are those of ``-c``, ``words`` those of a line as arguments."""

    words: list[str]
    lines: list[str]
    local: bool = False
    data: str | None = None
    server: str | None = None
    dc: str | None = None
    token: str | None = None
    user: str | None = None
    password: str | None = None
    file: str | None = None
    keep_going: bool = False
    dry_run: bool = False
    jobs: str | None = None
    report: str | None = None
    output: str | None = None
    yes: bool = False
    version: bool = False
    help: bool = False

    @property
    def has_prompt(self) -> bool:
        """Tell whether no line and no script is named, so that a person at a terminal gets the prompt."""
        return not self.words and not self.lines and self.file is None

    @property
    def is_usual(self) -> bool:
        """Tell whether nothing says who we are, or in which data centre: then a Tab finds the same."""
        return self.token is None and self.user is None and self.dc is None

    @property
    def place(self) -> dict[str, str]:
        """The options that name the server, as ``vshell.completion.shell_tab`` takes them."""
        given = {"--server": self.server, "--data": self.data, "--local": "" if self.local else None}
        return {option: value for option, value in given.items() if value is not None}


PROGRAM_OPTIONS = (
    ProgramOption(("--local",), "", "Start a server of your own, or join it when it runs."),
    ProgramOption(("--data",), "DIR", "The data directory of the local server."),
    ProgramOption(("--server",), "NAME|URL", "The server to talk to."),
    ProgramOption(("--dc",), "DC", "The data centre whose server to talk to, of those that server add knows."),
    ProgramOption(("--token",), "TOKEN", "An API token; '-' reads it from standard input, '@FILE' from a file."),
    ProgramOption(("-u", "--user"), "USER", "The manager to sign in as."),
    ProgramOption(("-p", "--password"), "PASSWORD", "Their password; '-' reads it from standard input."),
    ProgramOption(("-c",), "LINE", "Run this line; may be repeated."),
    ProgramOption(("-f", "--file"), "FILE", "Run the lines of this file."),
    ProgramOption(("--keep-going",), "", "Go on after a line that fails."),
    ProgramOption(("--dry-run",), "", "Ask the server what the lines would do, 500 changes at a time; change nothing."),
    ProgramOption(("--jobs",), "N", "Run up to N lines at the same time, those that use no variables."),
    ProgramOption(("--report",), "FILE", "Write what became of each line into this file, as JSON."),
    ProgramOption(
        ("--output",), "FORMAT", f"Show results as {', '.join(OUTPUT_FORMATS[:-1])} or {OUTPUT_FORMATS[-1]}."
    ),
    ProgramOption(("--yes",), "", "Answer yes to every question."),
    ProgramOption(("--version",), "", "Show the version."),
    ProgramOption(("-h", "--help"), "", "Show this help."),
)

_BY_SPELLING = {spelling: option for option in PROGRAM_OPTIONS for spelling in option.spellings}


def parse_arguments(arguments: list[str]) -> ProgramOptions:
    """Return what the arguments say. Raises Mistake for an option that is unknown, twice there or without value."""
    given: dict[str, Any] = {}
    lines: list[str] = []
    left = list(arguments)
    while left and left[0].startswith("-") and left[0] not in ("-", "--"):
        typed, equals, value = left.pop(0).partition("=")
        option = _BY_SPELLING.get(typed)
        if option is None:
            raise _unknown_option(typed)
        if option.name in given:
            raise Mistake(f"{typed} is given twice.", "Keep one of them.")
        if not option.metavar:
            if equals:
                raise Mistake(f"{typed} takes no value.", "Write it alone, or leave it out.")
            given[option.name] = True
            continue
        if not equals:
            if not left:
                raise Mistake(f"{typed} needs {option.metavar} behind it.", "Type vshell --help for all flags.")
            value = left.pop(0)
        if typed != "-c":
            given[option.name] = value
        elif equals or _is_whole_line(value, left):
            lines.append(value)
        else:
            from vshell.language.lexer import join_words  # and with it the kinds, which the prompt draws itself without

            lines.append(join_words([value, *left]))
            left = []
    options = ProgramOptions(left[1:] if left[:1] == ["--"] else left, lines, **given)
    _check(options)
    return options


def format_help() -> str:
    """Return what ``vshell --help`` shows."""
    rows = [(f"{', '.join(option.spellings)} {option.metavar}".rstrip(), option.help) for option in PROGRAM_OPTIONS]
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
    """Return whether the argument of ``-c`` is a whole line; the module's docstring has the rule."""
    if not behind or any(character.isspace() for character in value):
        return True
    return len(behind[0].partition("=")[0]) == 2 and behind[0].partition("=")[0] in _BY_SPELLING


def _check(options: ProgramOptions) -> None:
    """Raise Mistake for flags that exclude each other, and for a user name that is none."""
    ways = [name for name, given in (("-c", options.lines), ("-f", options.file), ("a line", options.words)) if given]
    servers = [name for name, given in (("--local", options.local), ("--server", options.server)) if given]
    if options.data is not None and options.server:
        servers = ["--data", "--server"]
    if options.dc is not None:
        servers += ["--dc", *(["--data"] if options.data is not None else [])]
    people = [name for name, given in (("--token", options.token), ("-u", options.user)) if given is not None]
    for clash in (ways, servers, people):
        if len(clash) > 1:
            raise Mistake(f"{' and '.join(clash)} exclude each other.", "Keep one of them.")
    if options.password is not None and options.user is None:
        raise Mistake("-p needs a user.", "Name the user with -u.")
    if options.user is not None:
        from vshell.kinds.plain import require_username  # seldom needed

        require_username(options.user)  # before a password is typed
    if options.token == "-" and options.password == "-":  # noqa: S105 (where to read it, not a password)
        raise Mistake("Standard input can give one secret only.", "Keep one of them.")


def _unknown_option(typed: str) -> Mistake:
    from vshell.formats.text import visible  # with its patterns, needed only here
    from vshell.language.messages import nearest  # with difflib, needed only here

    if typed[:2] in _BY_SPELLING and len(typed) > 2:
        # What follows may be a password, and is not repeated.
        return Mistake(f"{typed[:2]} has something behind it without a space.", "Put a space between the two.")
    guess = nearest(typed, [spelling for spelling in _BY_SPELLING if spelling.startswith("--")])
    what = f"There is no flag '{visible(typed)}'"
    return Mistake(f"{what}; did you mean {guess}?" if guess else f"{what}.", "Type vshell --help for all flags.")
