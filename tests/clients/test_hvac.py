"""Unmodified hvac over real sockets: every method of client.auth.token, and the legacy ones of Client."""

from collections.abc import Iterator
from typing import Any

import hvac
import pytest
from hvac import exceptions

from tests import processes
from tests.processes import Server

PASSWORD = "correct horse 1"


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a manager who may sign in by password."""
    with processes.running(tmp_path_factory.mktemp("data")) as server:
        made = server.call("POST", "/managers/", {"username": "carol", "password": PASSWORD, "roles": [2]})
        assert made.status_code == 201, made.text
        yield server


@pytest.fixture
def client(vault: Server) -> Iterator[Any]:
    """A client of local-admin."""
    with closing(vault, vault.local_admin) as made:
        yield made


class closing:  # noqa: N801 (used like a function)
    """A client that is closed at the end of the block."""

    def __init__(self, server: Server, token: str | None):
        self._client = hvac.Client(url=server.url, token=token)

    def __enter__(self) -> Any:
        return self._client

    def __exit__(self, *exception: object) -> None:
        self._client.adapter.close()


def created(client: Any, **wish: Any) -> dict[str, Any]:
    """Make a token and return its auth."""
    auth: dict[str, Any] = client.auth.token.create(**wish)["auth"]
    return auth


def test_create_with_everything(client: Any) -> None:
    auth = created(
        client,
        id="hvac named this",
        policies=["read_only", "csi"],
        meta={"user": "armon"},
        no_parent=True,
        no_default_policy=True,
        renewable=True,
        ttl="1h",
        explicit_max_ttl="2h",
        display_name="jane",
        num_uses=9,
    )
    assert auth["client_token"] == "hvac named this"
    assert (auth["policies"], auth["metadata"], auth["num_uses"]) == (["csi", "read_only"], {"user": "armon"}, 9)
    data = client.auth.token.lookup("hvac named this")["data"]
    assert (data["display_name"], data["explicit_max_ttl"], data["orphan"]) == ("token-jane", 7_200, True)
    assert created(client, period="24h")["lease_duration"] == 86_400
    assert created(client)["policies"] == ["root"]


def test_create_orphan(client: Any) -> None:
    auth = client.auth.token.create_orphan(policies=["csi"], ttl="1h")["auth"]
    data = client.auth.token.lookup(auth["client_token"])["data"]
    assert (data["path"], data["orphan"]) == ("auth/token/create-orphan", True)


def test_lookup_renew_and_revoke(vault: Server, client: Any) -> None:
    auth = created(client, ttl="1h", policies=["read_only"])
    token, accessor = auth["client_token"], auth["accessor"]
    assert client.auth.token.lookup(token)["data"]["accessor"] == accessor
    assert client.auth.token.lookup_accessor(accessor)["data"]["id"] == ""
    assert client.auth.token.renew(token, increment="2h")["auth"]["lease_duration"] == 7_200
    assert client.auth.token.renew_accessor(accessor, increment=60)["auth"]["lease_duration"] == 60
    with closing(vault, token) as own:
        assert own.auth.token.lookup_self()["data"]["id"] == token
        assert own.auth.token.renew_self(increment="1h")["auth"]["lease_duration"] == 3_600
        assert own.auth.token.renew_self()["auth"]["client_token"] == token
        child = created(own)["client_token"]
        assert client.auth.token.revoke(token).status_code == 204
        assert not own.is_authenticated()
    with pytest.raises(exceptions.Forbidden, match="bad token"):
        client.auth.token.lookup(child)


@pytest.mark.parametrize("way", ["revoke_self", "revoke_accessor", "revoke_and_orphan_children"])
def test_other_ways_to_revoke(vault: Server, client: Any, way: str) -> None:
    auth = created(client, policies=["csi"])
    with closing(vault, auth["client_token"]) as own:
        child = created(own)["client_token"]
        if way == "revoke_self":
            assert own.auth.token.revoke_self().status_code == 204
        elif way == "revoke_accessor":
            assert client.auth.token.revoke_accessor(auth["accessor"]).status_code == 204
        else:
            assert client.auth.token.revoke_and_orphan_children(auth["client_token"]).status_code == 204
        assert not own.is_authenticated()
    with closing(vault, child) as left:
        assert left.is_authenticated() == (way == "revoke_and_orphan_children")


def test_accessors_are_listed(client: Any) -> None:
    accessor = created(client)["accessor"]
    assert accessor in client.auth.token.list_accessors()["data"]["keys"]


def test_roles(client: Any) -> None:
    with pytest.raises(exceptions.InvalidPath):
        client.auth.token.list_roles()
    made = client.auth.token.create_or_update_role(
        "builder",
        allowed_policies=["read_only"],
        disallowed_policies=["csi"],
        orphan=True,
        renewable=True,
        path_suffix="ci",
        token_period="1h",
        token_explicit_max_ttl="3h",
    )
    assert made.status_code == 204
    data = client.auth.token.read_role("builder")["data"]
    assert (data["allowed_policies"], data["token_period"], data["orphan"]) == (["read_only"], 3_600, True)
    assert client.auth.token.list_roles()["data"]["keys"] == ["builder"]
    auth = created(client, role_name="builder")
    assert (auth["policies"], auth["lease_duration"]) == (["default", "read_only"], 3_600)
    with pytest.raises(exceptions.InvalidRequest, match="the role does not allow"):
        created(client, role_name="builder", policies=["csi"])
    assert client.auth.token.delete_role("builder").status_code == 204
    with pytest.raises(exceptions.InvalidPath):
        client.auth.token.read_role("builder")


def test_tidy(client: Any) -> None:
    assert client.auth.token.tidy().status_code == 202


def test_legacy_methods_of_the_client(vault: Server, client: Any) -> None:
    auth = created(client, ttl="1h", policies=["csi"])
    token, accessor = auth["client_token"], auth["accessor"]
    assert client.lookup_token()["data"]["policies"] == ["root"]
    assert client.lookup_token(token)["data"]["accessor"] == accessor
    assert client.lookup_token(accessor, accessor=True)["data"]["id"] == ""
    assert client.renew_token(token)["auth"]["lease_duration"] == 3_600
    assert client.renew_token(token, increment=60)["auth"]["lease_duration"] == 60
    client.revoke_token(token, orphan=True)
    client.revoke_token(created(client)["client_token"])
    client.revoke_token(created(client)["accessor"], accessor=True)
    with closing(vault, created(client)["client_token"]) as own:
        assert own.is_authenticated()
        own.logout(revoke_token=True)
        assert not own.is_authenticated()
    with closing(vault, "nobody") as nobody:
        assert not nobody.is_authenticated()


def test_reading_and_writing_by_path(client: Any) -> None:
    auth = client.write_data("auth/token/create", data={"policies": "csi", "ttl": "1h"})["auth"]
    assert client.read("auth/token/lookup-self")["data"]["path"] == "auth/token/root"
    assert auth["accessor"] in client.list("auth/token/accessors")["data"]["keys"]
    assert client.read("auth/token/roles/none") is None


def test_signing_in_by_password(vault: Server) -> None:
    with closing(vault, None) as carol:
        auth = carol.auth.userpass.login("carol", PASSWORD)["auth"]
        assert carol.token == auth["client_token"]
        assert carol.is_authenticated()
        assert carol.auth.token.renew_self()["auth"]["renewable"] is True
        with pytest.raises(exceptions.InvalidRequest, match="invalid username or password"):
            carol.auth.userpass.login("carol", "wrong")


def test_the_system_tells_of_itself(client: Any) -> None:
    assert client.sys.is_initialized()
    assert not client.sys.is_sealed()
    assert client.sys.read_health_status(method="GET")["sealed"] is False
    assert client.sys.read_health_status(method="HEAD").status_code == 200
    assert client.sys.read_leader_status()["ha_enabled"] is False
    assert "token/" in client.sys.list_auth_methods()["data"]
    assert "sys/" in client.sys.list_mounted_secrets_engines()["data"]
    assert client.sys.get_capabilities(["auth/token/create"])["capabilities"] == ["root"]


def test_errors_are_told_apart(vault: Server, client: Any) -> None:
    with closing(vault, "nobody") as nobody, pytest.raises(exceptions.Forbidden, match="permission denied"):
        nobody.auth.token.lookup_self()
    with pytest.raises(exceptions.InvalidRequest, match="batch tokens are not supported by this server"):
        created(client, type="batch")
    with pytest.raises(exceptions.InvalidRequest, match="response wrapping is not supported"):
        client.auth.token.create(wrap_ttl="15m")
    with pytest.raises(exceptions.InvalidRequest, match="response wrapping is not supported"):
        client.sys.unwrap("nobody")
    with pytest.raises(exceptions.InvalidPath):
        client.adapter.get("/v1/secret/data/x")
