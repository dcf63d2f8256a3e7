"""The node commands, typed against the real application."""

import pytest

from tests.vshell.commands.conftest import Shell
from vshell.errors import Conflict, Mistake, NotFound

UUID = "0d6b2f0e-0000-4000-8000-000000000001"


def test_the_life_of_a_node(local: Shell) -> None:
    printed = local.type(f"node create --path /projects/x --uuid {UUID}")
    assert printed == f"Node /projects/x has been created with the UUID {UUID}\n"
    made = local.rows("node create --path /a/")
    assert [(row["path"], row["uuid"]) for row in local.rows("node list")] == [
        ("/a", made["uuid"]),
        ("/projects/x", UUID),
    ]
    assert local.rows("node show --path /projects/x") == local.rows(f"node show --uuid {UUID}")
    with pytest.raises(Conflict, match="there is a node"):
        local.type("node create --path /a")
    assert local.type("node delete --path /projects/x").startswith("Node /projects/x with the UUID")
    local.type(f"node delete --uuid {made['uuid']}")
    assert local.rows("node list") == []
    for line in ("node show --path /a", f"node delete --uuid {UUID}"):
        with pytest.raises(NotFound):
            local.type(line)


def test_a_dry_run_deletes_nothing(local: Shell) -> None:
    local.type("node create --path /a")
    local.type("node delete --path /a --dry-run")
    assert len(local.rows("node list")) == 1


@pytest.mark.parametrize("line", ["node show", "node show --path a", "node show --uuid 12", "node create"])
def test_a_wrong_line_is_not_sent(local: Shell, line: str) -> None:
    with pytest.raises(Mistake):
        local.type(line)
    assert local.wire.asked == []


def test_a_scope_narrows_to_a_node(local: Shell) -> None:
    local.type(f"node create --path /projects/x --uuid {UUID}")
    made = local.rows(f"apitoken create --owner bob --scopes node:{UUID}:wr")
    assert local.rows(f"apitoken show --id {made['id']}")["scopes"] == [f"node:{UUID}:rw"]
