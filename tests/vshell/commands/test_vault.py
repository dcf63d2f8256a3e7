"""Vault's commands, old and new, typed against the real application."""

import io

import pytest

from tests.server_stub.conftest import PASSWORD
from tests.vshell.commands.conftest import Service, Shell, holding
from vshell.errors import Failed, Mistake, NotAllowed


@pytest.fixture
def armon(service: Service) -> Shell:
    """The shell of armon, who has the policies web and stage and came by a token."""
    for name in ("web", "stage"):
        service.local.post("/roles/", name=name)
    service.manager("armon", "web", "stage")
    return Shell(service, holding(service.by_token("armon")))


def test_the_old_spelling_makes_a_token(armon: Shell) -> None:
    row = armon.rows("vault token-create -lease=1h -policy=web -metadata=user=armon -use-limit=1 -display-name=x")
    assert (row["token_policies"], row["token_meta"]) == (["web"], {"user": "armon"})
    kept = armon.rows(f"apitoken show --id {row['token_accessor']}")
    assert (kept["name"], kept["uses_left"], kept["owner"]) == ("x", 1, "armon")
    assert row["token_duration"] == 3_600
    assert kept["parent_id"] is not None


@pytest.mark.parametrize(
    "line",
    [
        "token create -ttl=1h -policy=web -policy=stage",
        "vault token create -ttl 3600 -policy=web -policy stage",
        "$ vault token create --ttl=1h0m0s --policy=web --policy=stage",
        "token-create -lease 60m -policy=stage -policy=web",
    ],
)
def test_todays_spelling_and_gos_way_with_dashes(armon: Shell, line: str) -> None:
    row = armon.rows(line)
    assert row["token_policies"] == ["stage", "web"]
    assert row["token_duration"] == 3_600


def test_what_the_local_administrator_makes_belongs_to_root(local: Shell) -> None:
    row = local.rows("vault token create -orphan -explicit-max-ttl=2h")
    kept = local.rows(f"apitoken show --id {row['token_accessor']}")
    assert (kept["owner"], kept["parent_id"]) == ("root", None)
    assert kept["max_expires_at"] is not None


def test_lookup_renew_and_revoke(armon: Shell) -> None:
    made = armon.rows("token create -ttl=1h -display-name=x")
    secret, accessor = made["token"], made["token_accessor"]
    looked = armon.rows(f"vault token lookup {secret}")
    assert looked == armon.rows(f"token-lookup -accessor {accessor}")
    assert (looked["accessor"], looked["display_name"], looked["orphan"]) == (accessor, "x", False)
    assert armon.rows(f"vault token-renew {secret} 7200")["token_accessor"] == accessor
    assert armon.rows(f"token renew -increment=2h {secret}")["token"] == secret
    assert armon.type(f"vault token-revoke {secret}") == "Success! Revoked token (if it existed)\n"
    assert armon.type(f"vault token-revoke {secret}") == "Success! Revoked token (if it existed)\n"
    assert armon.rows(f"apitoken show --id {accessor}")["revoked"] is True
    with pytest.raises(Failed, match="not live"):
        armon.type(f"token lookup {secret}")


def test_without_a_token_ones_own_is_meant(armon: Shell) -> None:
    own = armon.rows("token lookup")
    assert own["accessor"] == armon.rows("apitoken list")[0]["id"]
    armon.type("token revoke -self")
    with pytest.raises(NotAllowed):
        armon.type("token lookup")


def test_the_local_administrator_has_no_token_of_that_kind(local: Shell) -> None:
    with pytest.raises(Failed, match="not here by an API token"):
        local.type("token lookup")


def test_revoke_modes(armon: Shell, local: Shell, service: Service) -> None:
    parent = armon.rows("token create")
    child = Shell(service, holding(service.by_bearer(parent["token"]))).rows("token create")
    armon.type(f"vault token-revoke -mode=orphan {parent['token']}")
    assert local.rows(f"apitoken show --id {child['token_accessor']}")["revoked"] is False
    local.type("vault token-revoke -mode=path api/apitokens")
    assert local.rows("apitoken list") == []


@pytest.mark.parametrize(
    "line", ["token revoke", "token revoke -self x", "token lookup -accessor a b", "token capabilities"]
)
def test_what_is_meant_must_be_clear(armon: Shell, line: str) -> None:
    with pytest.raises(Mistake):
        armon.type(line)


def test_auth_goes_on_as_somebody_else(local: Shell, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    token = service.local.post("/apitokens/", owner="bob", num_uses=0)["token"]
    printed = local.type(f"vault auth {token}")
    assert printed.startswith("Successfully authenticated! The policies that are associated\nwith this token")
    assert local.rows("whoami")["username"] == "bob"
    monkeypatch.setattr("sys.stdin", io.StringIO(token))
    assert "Successfully" in local.type("vault login")


def test_a_token_that_is_none_changes_nothing(local: Shell) -> None:
    with pytest.raises(NotAllowed):
        local.type("vault auth JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6sMqesu")
    assert local.rows("whoami")["username"] == "local-admin"


def test_a_token_may_be_named_by_who_has_every_right(local: Shell, armon: Shell, service: Service) -> None:
    row = local.rows("vault token-create -id=the-very-string -period=1h -renewable=true -no-default-policy")
    assert row["token"] == "the-very-string"
    assert row["token_renewable"] is True
    assert local.rows("token lookup the-very-string")["accessor"] == row["token_accessor"]
    assert service.by_bearer("the-very-string").get("/login/")["username"] == "root"
    with pytest.raises(NotAllowed, match="takes every right"):
        armon.type("token create -id=another-string")
    assert local.rows("token create -ttl=1h -renewable=false")["token_renewable"] is False


def test_capabilities_are_those_of_vaults_door(local: Shell, armon: Shell) -> None:
    assert armon.type("vault token capabilities auth/token/lookup-self") == "create, read, update\n"
    made = armon.rows("token create -ttl=1h")
    assert local.type(f"token capabilities {made['token']} sys/mounts") == "read\n"
    assert local.type("token capabilities sys/mounts") == "root\n"


def test_a_sign_in_is_ended_by_either_of_its_tokens(local: Shell, service: Service) -> None:
    """None that lives is said to be revoked, and none is looked for by an id that it has not."""
    service.manager("eve", password=PASSWORD)
    for name in ("access", "refresh"):
        pair = service.nobody.post("/token/", username="eve", password=PASSWORD)
        with pytest.raises(Failed, match="it came of a sign-in"):
            local.type(f"token lookup {pair[name]}")
        assert local.type(f"vault token-revoke {pair[name]}") == "Success! Revoked token (if it existed)\n"
        assert service.nobody.ask("POST", "/token/refresh/", {"refresh": pair["refresh"]}).status == 401
        assert service.by_bearer(pair["access"]).ask("GET", "/login/").status == 401


OLD_LINE = "token-create -lease=1h -policy=web -metadata=user=armon -orphan -use-limit=1 -display-name=x"


def test_on_a_new_server_a_policy_need_not_exist(local: Shell, armon: Shell, service: Service) -> None:
    row = local.rows(OLD_LINE.replace("web", "nowhere"))
    assert (row["token_policies"], row["token_meta"]) == (["nowhere"], {"user": "armon"})
    assert 'Policy "nowhere" does not exist' in local.err.getvalue()
    assert service.by_bearer(row["token"]).get("/login/")["permissions"] == []
    before = local.err.getvalue()
    local.rows(OLD_LINE)
    assert local.err.getvalue() == before
    with pytest.raises(Mistake, match="does not have the role"):
        local.type("token create -policy=root")
    with pytest.raises(Mistake, match="does not have the role"):
        armon.type("token create -policy=nowhere")
