"""All kinds together: each explains itself, reads what it shows, and offers nothing that it refuses."""

from types import ModuleType

import pytest

from vshell import kinds
from vshell.kinds import Kind, NoNames, durations, live, plain

EXAMPLES: dict[str, tuple[Kind, str]] = {
    "Text": (kinds.Text("NAME"), "some text"),
    "Duration": (kinds.Duration("TIME"), "180D"),
    "TokenId": (kinds.TokenId(), "L7k8ljIC"),
    "ManagerName": (kinds.ManagerName("OWNER"), "bob"),
    "Choice": (kinds.Choice("create", "view"), "view"),
    "Integer": (kinds.Integer(0, 9), "7"),
    "Url": (kinds.Url(), "https://server:8443"),
    "Scope": (kinds.Scope(), "node:11111111-2222-3333-4444-555555555555:rw"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_kind_reads_its_example_and_explains_itself(name: str) -> None:
    kind, text = EXAMPLES[name]
    assert kind.metavar
    assert kind.explanation
    assert kind.parse(text) is not None
    if name not in ("Text", "ManagerName"):  # what these may be, the server says
        with pytest.raises(ValueError, match=r"\w"):
            kind.parse("\x00")


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_offered_is_accepted(name: str) -> None:
    kind, _ = EXAMPLES[name]
    for candidate in kind.complete("", NoNames(), {}):
        kind.parse(candidate.text)


@pytest.mark.parametrize("module", [durations, live, plain])
def test_every_kind_is_there_by_one_import(module: ModuleType) -> None:
    defined = {name for name, each in vars(module).items() if isinstance(each, type) and issubclass(each, Kind)}
    assert {name for name in defined if not name.startswith("_")} <= vars(kinds).keys()
