"""What becomes of a token, typed against the real application."""

import io
import re

import pytest

from server_stub.domain.base.timestamps import DAY
from tests.vshell.commands.conftest import Service, Shell, holding
from vshell.errors import Conflict, Failed, Mistake


def made(shell: Shell, options: str = "") -> dict[str, str]:
    """Create a token of bob's and return its id and secret."""
    result: dict[str, str] = shell.rows(f"apitoken create --owner bob {options}")
    return result


def names_in(drawing: str) -> list[str]:
    """Return the names in a drawing, line by line."""
    return re.findall(r"[0-9A-Za-z]{8}  (\w+)  bob", drawing)


def test_renew_says_until_when(local: Shell) -> None:
    token = made(local, "--expiry-date 1D --name web")
    printed = local.type(f"apitoken renew --id {token['id']} --increment 7D")
    assert printed.startswith(f"ApiToken with id: {token['id']} has been renewed until 2026-")
    before = local.rows(f"apitoken show --id {token['id']}")["expiry_date"]
    local.type(f"apitoken renew --id {token['id']}")
    assert local.rows(f"apitoken show --id {token['id']}")["expiry_date"] == before


def test_a_hard_end_holds_against_renewal(local: Shell) -> None:
    token = made(local, "--auto 1D --hard-end 2D")
    row = local.rows(f"apitoken show --id {token['id']}")
    assert row["sliding_window"] == "1D"
    assert row["expiry_date"] < row["max_expires_at"]
    local.server.clock.advance(DAY // 2)
    local.type(f"apitoken renew --id {token['id']} --increment 9D")
    assert local.rows(f"apitoken show --id {token['id']}")["expiry_date"] < row["max_expires_at"]
    local.server.clock.advance(2 * DAY)
    with pytest.raises(Conflict, match="expired and cannot be renewed"):
        local.type(f"apitoken renew --id {token['id']}")


def test_rotate_shows_the_new_secret_and_keeps_the_id(local: Shell, service: Service) -> None:
    token = made(local)
    printed = local.type(f"apitoken rotate --id {token['id']} --grace 1h")
    assert printed.startswith(f"ApiToken with id: {token['id']} has a new secret, your token is: {token['id']}.")
    assert token["token"] not in printed
    assert service.by_bearer(token["token"]).ask("GET", "/login/").status == 200, "the old one lives through the grace"
    local.type(f"apitoken rotate --id {token['id']}")
    assert service.by_bearer(token["token"]).ask("GET", "/login/").status == 401


def test_the_tree_shows_what_descends(local: Shell, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    root = made(local, "--name root")
    bob = Shell(service, holding(service.by_bearer(root["token"])))
    first = bob.rows("apitoken create --name first")
    Shell(service, holding(service.by_bearer(first["token"]))).rows("apitoken create --name grand")
    bob.rows("apitoken create --name second")
    assert names_in(bob.type(f"apitoken tree --id {root['id']}"))[0] == "root"
    assert set(names_in(bob.type(f"apitoken tree --id {root['id']}"))) == {"root", "first", "second", "grand"}
    assert {row["name"] for row in bob.rows("apitoken tree")} == {"root", "first", "second", "grand"}
    assert {row["name"] for row in local.rows("apitoken tree")} == {"root", "first", "second", "grand"}
    dry = local.type(f"apitoken revoke --id {first['id']} --dry-run")
    assert names_in(dry) == ["first", "grand"]
    local.type(f"apitoken revoke --id {first['id']}")
    assert [row["name"] for row in local.rows("apitoken list --owner bob --sort name")] == ["root", "second"]


def test_orphaned_children_live_on(local: Shell, service: Service) -> None:
    root = made(local)
    child = Shell(service, holding(service.by_bearer(root["token"]))).rows("apitoken create")
    local.type(f"apitoken revoke --id {root['id']} --orphan-children")
    row = local.rows(f"apitoken show --id {child['id']}")
    assert (row["revoked"], row["parent_id"]) == (False, None)


def test_verify_reads_a_line_or_asks(local: Shell, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    token = made(local, "--name web --num-uses 1 --expiry-date 1D")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{token['token']}\n"))
    row = local.rows("apitoken verify")
    assert (row["user"], row["id"], row["name"], row["uses_left"]) == ("bob", token["id"], "web", 1)
    asked = Shell(service, holding(service.local), interactive=True, secret=token["token"])
    assert "bob" in asked.type("apitoken verify")
    assert asked.asked == ["Token: "]
    assert token["token"] not in asked.out.getvalue()


@pytest.mark.parametrize("text", ["JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6sMqesu", "hello"])
def test_a_token_that_is_not_live_fails(local: Shell, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    with pytest.raises(Failed, match="not live"):
        local.type("apitoken verify")


def test_verify_needs_a_token(local: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    with pytest.raises(Mistake, match="token is needed"):
        local.type("apitoken verify")


def test_list_filters(local: Shell) -> None:
    soon, late = made(local, "--expiry-date 1D"), made(local)
    assert [row["id"] for row in local.rows("apitoken list --expiring-in 7D")] == [soon["id"]]
    assert local.rows("apitoken list --unused-for 90D") == []
    local.server.clock.advance(91 * DAY)
    assert {row["id"] for row in local.rows("apitoken list --unused-for 90D")} == {soon["id"], late["id"]}
    child = local.rows(f"apitoken create --owner bob --parent {late['id']} --meta team=web")
    assert [row["id"] for row in local.rows(f"apitoken list --parent {late['id']}")] == [child["id"]]
    assert local.rows(f"apitoken show --id {child['id']}")["meta"] == {"team": "web"}
