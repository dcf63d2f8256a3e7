"""Every route of Vault's door, tried by everybody: the table says what each may do, at the early addresses too."""

import re
from typing import NamedTuple

import pytest

from server_stub.web import vault
from server_stub.web.http.dialect import Route
from tests.server_stub.conftest import Answer, Service
from tests.server_stub.web.vault.conftest import Holder, holder


class Row(NamedTuple):
    """What a route answers: to a manager without roles, to a read_only one, to an administrator."""

    none: int
    reader: int
    administrator: int


# What has to be named is a token of somebody else, who is there.
TABLE = {
    "GET lookup-self": Row(200, 200, 200),
    "POST lookup-self": Row(200, 200, 200),
    "GET lookup": Row(403, 200, 200),
    "POST lookup": Row(403, 200, 200),
    "GET lookup/{token}": Row(403, 200, 200),
    "POST lookup-accessor": Row(403, 200, 200),
    "POST create": Row(200, 200, 200),
    "POST create-orphan": Row(400, 400, 200),
    "POST create/{role}": Row(200, 200, 200),
    "POST renew-self": Row(200, 200, 200),
    "POST renew": Row(403, 403, 200),
    "POST renew/{token}": Row(403, 403, 200),
    "POST renew-accessor": Row(403, 403, 200),
    "POST revoke-self": Row(204, 204, 204),
    "POST revoke": Row(403, 403, 204),
    "POST revoke/{token}": Row(403, 403, 204),
    "POST revoke-accessor": Row(403, 403, 204),
    "POST revoke-orphan": Row(400, 400, 204),
    "POST revoke-orphan/{token}": Row(400, 400, 204),
    "POST revoke-prefix/{prefix}": Row(403, 403, 204),
    "LIST accessors": Row(200, 200, 200),
    "POST tidy": Row(403, 403, 202),
    "LIST roles": Row(403, 200, 200),
    "GET roles/{name}": Row(403, 200, 200),
    "POST roles/{name}": Row(403, 403, 204),
    "DELETE roles/{name}": Row(403, 403, 204),
    "POST sys/leases/revoke-prefix/{prefix}": Row(403, 403, 204),
    "POST sys/revoke-prefix/{prefix}": Row(403, 403, 204),
    "POST sys/capabilities-self": Row(200, 200, 200),
    "POST sys/capabilities": Row(403, 200, 200),
    "POST sys/capabilities-accessor": Row(403, 200, 200),
    "GET sys/auth": Row(200, 200, 200),
    "GET sys/mounts": Row(200, 200, 200),
    "POST sys/wrapping/{action}": Row(400, 400, 400),
}
OPEN = {
    "GET sys/health",
    "GET sys/seal-status",
    "GET sys/leader",
    "GET sys/init",
    "POST auth/userpass/login/{username}",
}


def name_of(route: Route) -> str:
    """Return a route's name in the table, the same for both addresses."""
    path = re.sub(r":\w+}", "}", route.path).removeprefix("/v1").removeprefix("/")
    return f"{route.method} {path.removeprefix('auth/token/')}"


CLOSED = [route for route in vault.ROUTES if not route.access.open]
BY_ADDRESS = {"argvalues": CLOSED, "ids": lambda route: f"{route.method} {route.path}"}


def test_every_route_is_in_the_table_or_open_to_all() -> None:
    assert {name_of(route) for route in vault.ROUTES} == set(TABLE) | OPEN
    assert {name_of(route) for route in vault.ROUTES if route.access.open} == OPEN
    assert all(route.access.anonymous == route.access.open for route in vault.ROUTES)


def test_the_early_addresses_are_those_of_the_token_backend() -> None:
    today = {name_of(route) for route in vault.dialect.current.all if route.path.startswith("/v1/auth/token/")}
    assert {name_of(route) for route in vault.dialect.early.all} == today


def ask(site: Service, route: Route, token: str | None) -> Answer:
    """Ask a route about things that are there."""
    site.local.ask("POST", "/v1/auth/token/roles/there", {})
    bob = holder(site, "bob", expiry_date="1D")
    names = {"token": bob.token, "role": "there", "name": "there", "prefix": "no/such/path", "action": "unwrap"}
    path = re.sub(r"{(\w+)(?::\w+)?}", lambda match: names[match[1]], route.path)
    sent = {"token": bob.token, "accessor": bob.data()["accessor"], "path": "x", "ttl": "1h"}
    body = {
        name: value for name, value in sent.items() if route.input.body and name in route.input.body.__struct_fields__
    }
    query = {"LIST": {"list": "true"}, "GET": {"token": bob.token}}.get(route.method)
    method = "GET" if route.method == "LIST" else route.method
    headers = {} if token is None else {"X-Vault-Token": token}
    return site.ask(method, path, body if route.input.body else None, query=query, headers=headers)


def owned(site: Service, username: str, *roles: str) -> Holder:
    """Make a manager with a token that can be renewed."""
    return holder(site, username, roles, expiry_date="9D")


@pytest.mark.parametrize("route", **BY_ADDRESS)
@pytest.mark.parametrize("token", [None, "nobody", "00000000." + "0" * 32])
def test_without_a_token_nothing_is_served(site: Service, route: Route, token: str | None) -> None:
    answer = ask(site, route, token)
    assert (answer.status, answer.json) == (403, {"errors": ["permission denied"]})


@pytest.mark.parametrize("route", **BY_ADDRESS)
def test_without_roles_one_has_only_what_is_ones_own(site: Service, route: Route) -> None:
    assert ask(site, route, owned(site, "nora").token).status == TABLE[name_of(route)].none


@pytest.mark.parametrize("route", **BY_ADDRESS)
def test_a_reader_changes_nothing_of_others(site: Service, route: Route) -> None:
    answer = ask(site, route, owned(site, "rita", "read_only").token)
    assert answer.status == TABLE[name_of(route)].reader
    done = [(actor, action) for actor, action, _, _ in site.audit() if actor == "rita"]
    assert len(done) == (route.changes and answer.status < 400)


@pytest.mark.parametrize("route", **BY_ADDRESS)
def test_an_administrator_may_and_each_change_is_recorded_once(site: Service, route: Route) -> None:
    answer = ask(site, route, owned(site, "alice", "administrators").token)
    assert answer.status == TABLE[name_of(route)].administrator
    done = [(actor, action) for actor, action, _, _ in site.audit() if actor == "alice"]
    assert done == ([("alice", route.action)] if route.changes else [])
