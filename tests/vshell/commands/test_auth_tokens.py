"""auth create-token, list-tokens, revoke-token, emergency-access over the real application."""

from __future__ import annotations

import re

import pytest

from tests.server_stub.conftest import Service
from tests.vshell.commands.conftest import Shell
from vshell.errors import Failed, Mistake, NotAllowed, ShellError

CREATED = re.compile(
    r"Token created\.\n"
    r"ID: tok_(?P<id>\w{8})\n"
    r"Name: ci-automation\n"
    r"Token: (?P<token>(?P=id)\.\w{32})\n"
    r"Save this token — it will not be shown again\.\n"
    r"To use it: vigocli auth set-token (?P=token)\n"
)


def test_the_block_of_a_new_token(local: Shell, service: Service) -> None:
    made = CREATED.fullmatch(local.type('vigocli auth create-token --name "ci-automation" --user bob'))
    assert made
    assert service.by_bearer(made["token"]).get("/login/")["username"] == "bob"


def test_the_list_has_vigos_columns(local: Shell) -> None:
    made = local.rows("auth create-token --name ci-automation --user bob --expires-in 720h")
    ever = local.rows("auth create-token --name monitoring --user bob")
    heading, first, second = local.type("auth list-tokens --sort name").splitlines()
    assert heading.split() == ["ID", "NAME", "PREFIX", "CREATED", "EXPIRES"]
    assert first.split() == [f"tok_{made['id']}", "ci-automation", made["token"][:8], "2026-09-21", "2026-10-21"]
    assert second.split() == [f"tok_{ever['id']}", "monitoring", ever["token"][:8], "2026-09-21", "never"]


def test_a_revoked_token_is_dead_and_off_the_list(local: Shell, service: Service) -> None:
    made = local.rows("auth create-token --user bob")
    assert local.type(f"auth revoke-token tok_{made['id']}") == f"Token tok_{made['id']} has been revoked.\n"
    assert service.by_bearer(made["token"]).ask("GET", "/login/").status == 401
    assert local.type("auth list-tokens").splitlines() == ["ID  NAME  PREFIX  CREATED  EXPIRES"]


def test_local_admin_names_an_owner_and_nobody_else_does(local: Shell, signed_in: Shell) -> None:
    with pytest.raises(Mistake, match=r"^token owner must be a real web user$"):
        local.type('auth create-token --name "ci-automation"')
    with pytest.raises(NotAllowed, match="only local-admin"):
        signed_in.type("auth create-token --user root")
    assert "Token created." in signed_in.type("auth create-token --user bob")
    assert "bob_api_token" in signed_in.type("auth list-tokens")


def test_an_emergency_needs_a_reason_and_an_administrator(local: Shell, signed_in: Shell, service: Service) -> None:
    with pytest.raises(Mistake, match="needs --reason"):
        local.type("auth emergency-access")
    with pytest.raises(NotAllowed):
        signed_in.type("auth emergency-access --reason x")
    told = local.type('auth emergency-access --reason "OIDC provider outage"')
    assert told == "Recorded in the audit trail as emergency.access: OIDC provider outage\n"
    assert service.audit()[-1][1:] == ("emergency.access", "local-admin", {"reason": "OIDC provider outage"})


def test_a_grant_shows_its_token_once(service: Service, signed_in: Shell, local: Shell) -> None:
    local.type("manager modify --username bob --roles administrators")
    shown = signed_in.type("auth emergency-access --reason outage --grant 1h")
    token = re.search(r"\w{8}\.\w{32}", shown)
    assert token
    assert "2026-09-21 15:13:20" in shown
    assert service.by_bearer(token[0]).get("/login/")["username"] == "bob"
    assert "EMERGENCY ACCESS" in signed_in.type("auth list-tokens")
    assert "EMERGENCY ACCESS" in signed_in.type("apitoken list")


def test_local_admin_is_told_that_it_needs_none(local: Shell) -> None:
    with pytest.raises(ShellError, match="owns no token"):
        local.type("auth emergency-access --reason outage --grant 1h")


def test_a_wrong_id_is_told(local: Shell) -> None:
    with pytest.raises((Failed, ShellError)):
        local.type("auth revoke-token tok_00000000")
