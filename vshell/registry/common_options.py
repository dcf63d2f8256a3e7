"""Options that every command has: how its result is shown, what is asked before, and who sends it."""

from functools import cache

from vshell.formats import OUTPUT_FORMATS
from vshell.kinds import Choice, DataCentre, Kind, ListOf, Secret, Switch, Text
from vshell.kinds.plain import Candidate
from vshell.registry import conditions
from vshell.registry.parameter import Parameter
from vshell.registry.view import TIMES, View


@cache
def common_parameters(view: View, *, confirmed: bool, changes: bool) -> tuple[Parameter, ...]:
    """Return the options that every command with such a view has: how to show, and how to be careful."""
    shown: tuple[Parameter, ...] = ()
    if view.layout != "text":
        names = ColumnName(view)
        shown = (
            _common("output", Choice(*OUTPUT_FORMATS, metavar="FORMAT"), "Sets the format of the result."),
            _common("columns", ListOf(names, metavar="COLUMNS"), "Shows only these columns, in this order."),
            _common("sort", SortColumn(view), "Sorts by this column; a minus before it reverses the order."),
            _common("filter", Conditions(view), "Shows only records that meet all of these conditions."),
            _common("times", Choice(*TIMES), "Sets how times are shown to people."),
        )
    careful: tuple[Parameter, ...] = ()
    if confirmed:
        careful = (_common("yes", Switch(), "Goes ahead without asking."),)
    if confirmed and changes:
        careful += (_common("dry_run", Switch(), "Tells what would be sent to the server; changes nothing."),)
    return shown + careful + _WHO


class ColumnName(Text):
    """A column of a result; columns that are not in the view may be in the result all the same."""

    metavar = "COLUMN"
    explanation = "a column of the result"
    style = "column"

    def __init__(self, view: View) -> None:
        super().__init__()
        self.columns = (*(column.name for column in view.columns), *view.more)

    def complete(self, prefix: str, names: object, values: object) -> list[Candidate]:
        """Offer the columns that begin with ``prefix``."""
        return [Candidate(name) for name in self.columns if name.startswith(prefix)]


class SortColumn(ColumnName):
    """A column to sort by, with a minus before it to reverse the order."""

    metavar = "[-]COLUMN"
    explanation = "a column of the result, with a minus before it to reverse the order"

    def complete(self, prefix: str, names: object, values: object) -> list[Candidate]:
        """Offer the columns, with the minus if one is typed."""
        minus = "-" if prefix.startswith("-") else ""
        return [Candidate(minus + text) for text, _ in super().complete(prefix[len(minus) :], names, values)]


class Conditions(ColumnName):
    """Conditions on the columns of a result; each time the option is written adds some."""

    metavar = "CONDITIONS"
    explanation = "one or several such as 'owner=bob expiry_date<7D', with = != < <= > >= or ~ (contains)"
    many = True

    def parse(self, text: str) -> list[conditions.Condition]:
        """Return the conditions; raises ValueError for what is none."""
        return conditions.parse_conditions(text)

    def complete(self, prefix: str, names: object, values: object) -> list[Candidate]:
        """Offer the columns for the condition that is being typed, until its operator."""
        before, space, last = prefix.rpartition(" ")
        if before.count("'") % 2 or before.count('"') % 2:
            return []  # a value with spaces goes on
        operators = " ".join(conditions.OPERATORS)
        return [Candidate(before + space + name, operators) for name, _ in super().complete(last, names, values)]


def _common(name: str, kind: Kind, explanation: str, spelling: str = "") -> Parameter:
    spelling = spelling or "--" + name.replace("_", "-")
    return Parameter(name, name, kind, explanation, required=False, common=True, spellings=(spelling,))


_WHO = (
    _common(
        "as_token", Secret("TOKEN"), "Uses this token for this line alone; - asks for it, @FILE reads it.", "--token"
    ),
    _common("dc", DataCentre(), "Goes to the server of this data centre for this line alone."),
)
"""What every command takes besides: who is asking, and which of the servers (Zoho Catalyst, "Working with Tokens")."""
