"""The options of every command: they offer what the view of its result has."""

import pytest

from vshell.kinds import NoNames
from vshell.registry.common_options import common_parameters
from vshell.registry.tree import Column, View

VIEW = View((Column("id"), Column("name")), more=("created",))


@pytest.mark.parametrize(
    ("option", "prefix", "offers"),
    [
        ("output", "j", ["json", "jsonl"]),
        ("columns", "", ["id", "name", "created"]),
        ("columns", "id,", ["id,name", "id,created"]),
        ("sort", "n", ["name"]),
        ("sort", "-", ["-id", "-name", "-created"]),
        ("sort", "-c", ["-created"]),
    ],
)
def test_the_common_options_know_the_view(option: str, prefix: str, offers: list[str]) -> None:
    parameters = {parameter.name: parameter for parameter in common_parameters(VIEW, confirmed=False, changes=True)}
    kind = parameters[option].kind
    assert [offer.text for offer in kind.complete(prefix, NoNames(), {})] == offers
    assert all(parameter.common and not parameter.required for parameter in parameters.values())
