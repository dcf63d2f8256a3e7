"""Pydio Cells' command, typed against the real application."""

import pytest

from tests.vshell.commands.conftest import Service, Shell
from vshell.commands import _cells
from vshell.errors import Mistake, NotFound

UUID = "0d6b2f0e-0000-4000-8000-000000000001"


def test_the_output_is_cells_own(local: Shell) -> None:
    printed = local.type("$ ./cells-enterprise admin user token -u bob -e 24h")
    row = local.rows("apitoken list --owner bob")[0]
    told, shown, empty, warning = printed.splitlines()
    assert told == f"✔ This token for bob will expire on {_cells.format_rfc850(row['max_expires_at'])}."
    assert shown.startswith(f"✔ {row['id']}.")
    assert (empty, warning) == ("", "⚠ Make sure to secure it as it grants access to the user resources!")


def test_a_window_slides_and_says_so(local: Shell) -> None:
    printed = local.type("./cells-enterprise user token -u bob -a 10m")
    assert " unless it is automatically refreshed.\n" in printed
    row = local.rows("apitoken list --owner bob")[0]
    assert (row["sliding_window"], row["max_expires_at"]) == ("10m", None)


def test_quiet_shows_only_the_token(local: Shell, service: Service) -> None:
    token = local.type("admin user token --user=bob --expire=7d --quiet")
    assert service.by_bearer(token.strip()).get("/login/")["username"] == "bob"


@pytest.mark.parametrize(
    "scopes",
    [
        f"-s node:{UUID}:r -s node:{UUID[:-1]}2:rw",
        f"-s node:{UUID}:r,node:{UUID[:-1]}2:rw",
        f"--scope=node:{UUID}:r --scope node:{UUID[:-1]}2:wr",
    ],
)
def test_scopes_may_be_repeated_or_listed(local: Shell, scopes: str) -> None:
    local.type(f"node create --path /a --uuid {UUID}")
    local.type(f"node create --path /b --uuid {UUID[:-1]}2")
    local.type(f"admin user token -u bob -e24h -q {scopes}")
    assert local.rows("apitoken list --owner bob")[0]["scopes"] == [f"node:{UUID}:r", f"node:{UUID[:-1]}2:rw"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("admin user token -u bob", "Missing Arguments"),
        ("admin user token -e 24h", "needs -u USER"),
        ("admin user token", "needs -u USER"),
        ("admin user token -u bob -e abcd", "not a length of time"),
        ("admin user token -u bob -e 0h", "whole seconds"),
        ("admin user token -u bob -e 1.5d", "not a length of time"),
        ("admin user token -u bob -e", "-e needs a value"),
        ("admin user token -u -e 24h", "-u needs a value"),
        ("admin user token -u bob -e 24h -e 1h", "given before"),
        ("admin user token -u bob -e 24h -s node:x:r", "not a scope"),
        ("admin user token -u bob -e 24h -x", "no option '-x'"),
        ("admin user token -u bob -e 24h -q=1", "takes no value"),
    ],
)
def test_a_wrong_line_is_exit_2_and_sends_nothing(local: Shell, line: str, sentence: str) -> None:
    with pytest.raises(Mistake, match=sentence) as mistake:
        local.type(line)
    assert mistake.value.exit_code == 2
    assert local.wire.asked == []


def test_an_unknown_user_is_not_found(local: Shell) -> None:
    with pytest.raises(NotFound):
        local.type("admin user token -u nobody -e 1h")


def test_a_date_is_written_as_cells_does() -> None:
    assert _cells.format_rfc850("2026-11-21T22:00:00.000000Z") == "Saturday, 21-Nov-26 22:00:00 UTC"
