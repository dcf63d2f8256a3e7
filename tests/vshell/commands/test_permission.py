"""permission list against the real application."""

from tests.vshell.commands.conftest import Shell


def test_list_shows_all_or_those_of_a_realm(local: Shell) -> None:
    assert len(local.rows("permission list")) == 36
    assert (
        local.type("permission list --realm Settings")
        == """\
+----+-----------------+-----------------+----------+-----------+
| ID | Codename        | Permission-type | Realm    | Resources |
+----+-----------------+-----------------+----------+-----------+
| 21 | create_settings | create          | settings | ['vms']   |
| 22 | view_settings   | view            | settings | ['vms']   |
| 23 | edit_settings   | edit            | settings | ['vms']   |
| 24 | delete_settings | delete          | settings | ['vms']   |
+----+-----------------+-----------------+----------+-----------+
"""
    )
    assert local.rows("permission list --realm nowhere") == []
