"""The realm commands against the real application."""

import pytest

from tests.vshell.commands.conftest import Shell
from vshell.errors import Conflict, Mistake, NotFound


def test_a_realm_from_its_making_to_its_end(local: Shell) -> None:
    assert local.type("realm create --name tokens --object-types apitoken,audit") == (
        "Realm tokens with id: 10 has been created\n"
    )
    said = "Realm tokens with id: 10 has been modified\n"
    assert local.type("realm assign --name tokens --object-types manager,role") == said
    assert local.type("realm unassign --id 10 --object-types audit") == said
    assert (
        local.type("realm show --name tokens")
        == """\
+--------------+---------------------------------+
| ID           | 10                              |
| Name         | tokens                          |
| Object-types | ['apitoken', 'manager', 'role'] |
| Default      | False                           |
+--------------+---------------------------------+
"""
    )
    local.type("realm modify --name tokens --new-name mine --object-types ''")
    assert local.fields("realm show --id 10", "name", "object_types") == {"name": "mine", "object_types": []}
    assert local.type("realm delete --name mine") == "Realm mine with id: 10 has been deleted\n"


def test_list_shows_the_predefined_ones(local: Shell) -> None:
    listed = local.type("realm list").splitlines()
    assert listed[1].split("|")[1:5] == [" ID ", " Name         ", listed[1].split("|")[3], " Default "]
    assert len(listed) == 9 + 4


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("realm create", Mistake),
        ("realm create --name security", Conflict),
        ("realm create --name x --object-types moon", Mistake),
        ("realm modify --name security", Mistake),
        ("realm modify --name security --new-name x", Conflict),
        ("realm assign --name security", Mistake),
        ("realm delete --name events", Conflict),
        ("realm delete --id 99", NotFound),
        ("realm show --name nowhere", NotFound),
    ],
)
def test_what_is_wrong_has_its_sort(local: Shell, line: str, error: type[Exception]) -> None:
    before = local.server.audit()
    with pytest.raises(error):
        local.type(line)
    assert local.server.audit() == before
