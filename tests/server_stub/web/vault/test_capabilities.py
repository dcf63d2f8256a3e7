"""What is told of an address is what happens there: for everybody, at every address of the token backend."""

import re

import pytest

from server_stub.web import vault
from server_stub.web.http.dialect import Route
from server_stub.web.vault import capabilities
from tests.server_stub.conftest import Service
from tests.server_stub.web.vault.conftest import LISTED_DENIED, Holder, holder

WORDS = {"GET": "read", "LIST": "list", "POST": "update", "DELETE": "delete"}
TOLD = [
    route
    for route in vault.dialect.current.all
    if not route.access.open and not route.path.startswith("/v1/sys/wrapping")
]
PEOPLE = {"nora": [], "rita": ["read_only"], "alice": ["administrators"]}


def address(route: Route, names: dict[str, str]) -> str:
    """Return a path of a route, about things that are there."""
    return re.sub(r"{(\w+)(?::\w+)?}", lambda match: names[match[1]], route.path).removeprefix("/v1/")


@pytest.mark.parametrize("username", PEOPLE)
@pytest.mark.parametrize("route", TOLD, ids=lambda route: f"{route.method} {route.path}")
def test_what_is_told_is_what_happens(site: Service, root: Holder, route: Route, username: str) -> None:
    who = holder(site, username, PEOPLE[username])
    root.ask("POST", "auth/token/roles/there", {"period": "1h"})
    own = who.made(ttl="1h", policies=["default"]) if username != "alice" else who.made(ttl="1h")
    names = {"token": own.token, "role": "there", "name": "there", "prefix": "no/such/path"}
    path = address(route, names)
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
    assert capabilities.ADDRESSES.keys() >= {"auth/token/create", "auth/token/accessors", "sys/leases/revoke-prefix/"}
