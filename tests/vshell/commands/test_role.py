"""The role commands against the real application."""

from typing import Any

import pytest

from tests.vshell.commands.conftest import Shell
from vshell.errors import Conflict, Mistake, NotFound

VCLIS_ROWS = """\
| ID | Name           | Managers                     | Ldap-groups | Tenants | Default |
| 1  | administrators | ['root', 'admin', 'support'] | []          | []      | True    |
| 3  | configuration  | []                           | []          | []      | True    |
| 5  | csi            | ['root', 'admin', 'support'] | []          | []      | True    |
| 4  | debug_metrics  | ['root', 'support']          | []          | []      | True    |
| 2  | read_only      | []                           | []          | []      | True    |
"""
VCLIS_LAST_COLUMNS = """\
 Is Admin | Tenant-id | Tenant name |
 True     | None      | None        |
 False    | None      | None        |
 False    | None      | None        |
 False    | None      | None        |
 False    | None      | None        |
"""


def test_list_is_vclis_table(local: Shell) -> None:
    rows = [line for line in local.type("role list").splitlines() if line.startswith("|")]
    halves = zip(VCLIS_ROWS.splitlines(), VCLIS_LAST_COLUMNS.splitlines(), strict=True)
    assert rows == [first + last for first, last in halves]


@pytest.mark.parametrize(
    ("options", "permissions"),
    [
        ("", []),
        ("--realm events --permissions view", ["view_events"]),
        ("--realm events --permissions view,edit", ["edit_events", "view_events"]),
        ("--permissions-list view_security,edit_support", ["edit_support", "view_security"]),
        ("--permissions-list ''", []),
    ],
)
def test_create_gives_what_is_named(local: Shell, options: str, permissions: list[str]) -> None:
    assert local.type(f"role create --name Ops {options}") == "Role ops with id: 6 has been created\n"
    assert local.rows("role show --name ops")["permissions"] == permissions


def test_assign_and_unassign_are_vclis(local: Shell) -> None:
    local.type("role create --name ops")
    said = "Role ops with id: 6 has been modified\n"
    assert local.type("vcli: admin> role assign --id 6 --realm logical --permissions create") == said
    assert local.rows("role show --id 6")["permissions"] == ["create_logical"]
    local.type("role assign --name ops --realm logical")
    assert local.type("role unassign --name ops --realm logical --permissions create,view") == said
    assert local.rows("role show --id 6")["permissions"] == ["delete_logical", "edit_logical"]


def test_modify_renames_and_replaces(local: Shell) -> None:
    local.type("role create --name ops --realm events")
    said = "Role desk with id: 6 has been modified\n"
    assert local.type("role modify --name ops --new-name desk --permissions-list view_support") == said
    assert local.fields("role show --id 6", "name", "permissions") == {"name": "desk", "permissions": ["view_support"]}


def test_delete_asks_a_person_and_says_what_it_did(local: Shell) -> None:
    local.type("role create --name ops")
    local.session.interactive = True
    with pytest.raises(Exception, match="Nothing was changed"):
        local.type("role delete --name ops")
    assert local.asked == ["Delete role ops? Whoever holds it loses at once what it gave."]
    assert local.type("role delete --name ops --dry-run") == ""
    assert local.type("role delete --name ops --yes") == "Role ops with id: 6 has been deleted\n"
    with pytest.raises(NotFound, match="There is no role named 'ops'"):
        local.type("role show --name ops")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("role show", Mistake),
        ("role show --id 1 --name csi", Mistake),
        ("role show --id 99", NotFound),
        ("role modify --id 1", Mistake),
        ("role assign --name csi", Mistake),
        ("role assign --name csi --realm events --permissions all", Mistake),
        ("role delete --name administrators", Conflict),
        ("role create --name csi", Conflict),
        ("role create --name 'a b'", Mistake),
    ],
)
def test_what_is_wrong_has_its_sort(local: Shell, line: str, error: type[Exception]) -> None:
    before: Any = local.server.audit()
    with pytest.raises(error):
        local.type(line)
    assert local.server.audit() == before
