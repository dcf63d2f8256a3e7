"""/v1/sys/ for whoever asks before anything else."""

import re
from typing import Any

import pytest

from server_stub.web import vault
from server_stub.web.http import openapi
from server_stub.web.http.dialect import Route
from server_stub.web.vault import system
from tests.server_stub.conftest import Service
from tests.server_stub.web.vault.conftest import LISTED_DENIED, Holder, holder


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("health", {"initialized": True, "sealed": False, "standby": False}),
        ("seal-status", {"initialized": True, "sealed": False, "type": "none", "storage_type": "sql"}),
        ("leader", {"ha_enabled": False, "leader_address": ""}),
        ("init", {"initialized": True}),
    ],
)
def test_anybody_is_told_that_the_server_works(site: Service, path: str, facts: dict[str, Any]) -> None:
    answer = site.ask("GET", f"/v1/sys/{path}", query={"standbyok": "true"})
    assert answer.status == 200
    assert facts.items() <= answer.json.items()
    assert "request_id" not in answer.json
    assert answer.json.get("version", openapi.version()) == openapi.version()
    assert site.ask("HEAD", f"/v1/sys/{path}").status == 200


@pytest.mark.parametrize(("path", "names"), [("auth", {"token/", "userpass/"}), ("mounts", {"sys/"})])
def test_what_is_mounted_is_told_twice(plain: Holder, path: str, names: set[str]) -> None:
    answer = plain.ask("GET", f"sys/{path}").json
    assert set(answer["data"]) == names
    assert all(answer[name] == answer["data"][name] for name in names)


def test_capabilities_are_told_by_path(root: Holder, plain: Holder) -> None:
    one = plain.ask("POST", "sys/capabilities-self", {"path": "/auth/token/create"}).json
    assert one["capabilities"] == one["data"]["capabilities"] == one["auth/token/create"] == ["create", "update"]
    two = plain.ask("POST", "sys/capabilities-self", {"paths": ["auth/token/create", "secret/x"]}).json
    assert two["data"] == {"auth/token/create": ["create", "update"], "secret/x": ["deny"]}
    token = {"token": plain.token, "path": "secret/x"}
    assert root.ask("POST", "sys/capabilities", token).json["capabilities"] == ["deny"]
    name = {"accessor": plain.data()["accessor"], "path": "secret/x"}
    assert root.ask("POST", "sys/capabilities-accessor", name).json["capabilities"] == ["deny"]
    assert root.ask("POST", "sys/capabilities-self", {"path": "secret/x"}).json["capabilities"] == ["root"]


@pytest.mark.parametrize("body", [{}, {"path": ""}, {"paths": []}, {"path": "/"}])
def test_a_path_has_to_be_named(root: Holder, body: dict[str, object]) -> None:
    assert "paths must be supplied" in root.refused(400, "POST", "sys/capabilities-self", body)


@pytest.mark.parametrize("address", ["sys/capabilities", "sys/capabilities-accessor"])
def test_capabilities_of_nobody(root: Holder, address: str) -> None:
    body = {"token": "nobody", "accessor": "ZZZZZZZZ", "path": "x"}
    assert root.refused(400, "POST", address, body) == "1 error occurred:\n\t* invalid token\n\n"


WORDS = {"GET": "read", "LIST": "list", "POST": "update", "DELETE": "delete"}
SERVED = [
    route
    for route in vault.dialect.current.all
    if not route.access.open and not route.path.startswith("/v1/sys/wrapping")
]
PEOPLE = {"nora": [], "rita": ["read_only"], "alice": ["administrators"]}


def path_of(route: Route, names: dict[str, str]) -> str:
    """Return a path of a route, about things that are there."""
    return re.sub(r"{(\w+)(?::\w+)?}", lambda match: names[match[1]], route.path).removeprefix("/v1/")


@pytest.mark.parametrize("username", PEOPLE)
@pytest.mark.parametrize("route", SERVED, ids=lambda route: f"{route.method} {route.path}")
def test_what_is_told_is_what_happens(site: Service, root: Holder, route: Route, username: str) -> None:
    who = holder(site, username, PEOPLE[username])
    root.ask("POST", "auth/token/roles/there", {"period": "1h"})
    own = who.made(ttl="1h", policies=["default"]) if username != "alice" else who.made(ttl="1h")
    names = {"token": own.token, "role": "there", "name": "there", "prefix": "no/such/path"}
    path = path_of(route, names)
    # ``root`` says nothing of a single address: what an administrator may do is told of one who is narrowed to it.
    asker = who.made(policies=["administrators"]) if username == "alice" else who
    told = asker.ask("POST", "sys/capabilities-self", {"path": path}).json["capabilities"]
    body = {"token": own.token, "accessor": own.data()["accessor"], "path": "x"}
    method = "GET" if route.method == "LIST" else route.method
    query = {"list": "true"} if route.method == "LIST" else None
    answer = asker.ask(method, path, body if route.input.body else None, query=query)
    denied = answer.status == 403 and answer.json == {"errors": [LISTED_DENIED]}
    needs_every_right = answer.status == 400 and "root or sudo" in str(answer.json)
    assert (denied or needs_every_right) == (WORDS[route.method] not in told), (told, answer)


def test_sudo_is_what_takes_more_than_being_let_in() -> None:
    assert system._rules_by_address().keys() >= {
        "auth/token/create",
        "auth/token/accessors",
        "sys/leases/revoke-prefix/",
    }
