"""Every route of the native API, tried by everybody: the table says what each may do."""

import re
from typing import NamedTuple

import msgspec
import pytest

from server_stub.web import routes as front_doors
from server_stub.web import vault
from server_stub.web.http import openapi
from server_stub.web.http.decoding import Body
from server_stub.web.http.dialect import Route
from server_stub.web.oauth import dialect, endpoints, zoho
from tests.server_stub.conftest import Person, Service

GATE = {"gate.check"}  # it answers of another address than its own; see test_gate
OPEN = {
    "apitoken.home",
    "server.health",
    "server.describe",
    "session.create",
    "session.refresh",
    "vms.login_banner",
    "audit.key",
}


class Row(NamedTuple):
    """What a route answers: to a manager without roles, to a read_only one, to an administrator."""

    none: int
    reader: int
    administrator: int
    body: dict[str, object] | None = None


# The path's id is that of a manager, role or realm who is there and not the caller's own.
TABLE = {
    "apitoken.list": Row(200, 200, 200),
    "apitoken.create": Row(403, 403, 201, {"owner": "bob"}),
    "apitoken.show": Row(404, 200, 200),
    "apitoken.modify": Row(404, 403, 200, {"name": "new"}),
    "apitoken.revoke": Row(404, 403, 200),
    "apitoken.renew": Row(404, 403, 200, {}),
    "apitoken.rotate": Row(404, 403, 200, {"grace": "1h"}),
    "apitoken.revoke-orphan": Row(404, 403, 200),
    "apitoken.tree": Row(404, 200, 200),
    "apitoken.forest": Row(200, 200, 200),
    "apitoken.self": Row(200, 200, 200),
    "apitoken.made-at": Row(200, 200, 200),
    "apitoken.revoke-prefix": Row(403, 403, 200, {"prefix": "oauth/device"}),
    "apitoken.verify": Row(200, 200, 200, {"token": "none"}),
    "emergency.access": Row(403, 403, 201, {"reason": "the identity provider is down"}),
    "audit.actions": Row(200, 200, 200),
    "audit.list": Row(200, 200, 200),
    "audit.show": Row(404, 200, 200),
    "audit.head": Row(200, 200, 200),
    "audit.export": Row(403, 200, 200),
    "audit.find": Row(403, 200, 200, {"token_id": "428BFekp"}),
    "node.list": Row(403, 200, 200),
    "node.create": Row(403, 403, 201, {"path": "/projects/y"}),
    "node.show": Row(403, 200, 200),
    "node.delete": Row(403, 403, 204),
    "session.show": Row(200, 200, 200),
    "session.approved": Row(200, 200, 200),
    "session.end": Row(409, 409, 409),
    "manager.list": Row(200, 200, 200),
    "manager.create": Row(403, 403, 201, {"username": "eve"}),
    "manager.show": Row(404, 200, 200),
    "manager.modify": Row(404, 403, 200, {"first_name": "Robert"}),
    "manager.delete": Row(404, 403, 204),
    "manager.change_password": Row(403, 403, 403, {"password": "a new password"}),
    "manager.set_password": Row(404, 403, 204, {"password": "a new password"}),
    "manager.unlock": Row(404, 403, 204),
    "role.list": Row(403, 200, 200),
    "role.show": Row(403, 200, 200),
    "role.create": Row(403, 403, 201, {"name": "new"}),
    "role.modify": Row(403, 403, 200, {"name": "new"}),
    "role.assign": Row(403, 403, 200, {"realm": "events"}),
    "role.unassign": Row(403, 403, 200, {"realm": "events"}),
    "role.delete": Row(403, 403, 204),
    "realm.list": Row(403, 200, 200),
    "realm.show": Row(403, 200, 200),
    "realm.create": Row(403, 403, 201, {"name": "new"}),
    "realm.modify": Row(403, 403, 200, {"name": "new"}),
    "realm.assign": Row(403, 403, 200, {"object_types": ["quota"]}),
    "realm.unassign": Row(403, 403, 200, {"object_types": ["quota"]}),
    "realm.delete": Row(403, 403, 204),
    "permission.list": Row(403, 200, 200),
    "rehearsal": Row(200, 200, 200, {"requests": []}),
    "vms.list": Row(403, 200, 200),
    "vms.show": Row(403, 200, 200),
    "vms.modify": Row(403, 403, 200, {"login_banner": "hello"}),
    "vms.set_max_api_tokens_per_user": Row(403, 403, 200, {"max_api_tokens_per_user": 7}),
    "vms.get_pwd_settings": Row(403, 200, 200),
    "vms.modify_pwd_settings": Row(403, 403, 200, {"min_pwd_length": 9}),
}
# Where an action is another thing at another door.
BY_PATH = {
    ("POST", "/api/own-tokens/"): Row(201, 201, 201, {"name": "own"}),
}
DIALECTS = (dialect.starts, endpoints.routes, zoho.routes)
OTHERS = {id(route) for room in (vault.ROUTES, *(routes.all for routes in DIALECTS)) for route in room}
ROUTES = [route for route in front_doors.ROUTES if route.path.startswith("/api/")]
CLOSED = [route for route in ROUTES if route.action in TABLE]


def expected(route: Route) -> Row:
    """Return the row of a route."""
    return BY_PATH.get((route.method, route.path)) or TABLE[route.action]


def test_every_route_is_in_the_table_or_open_to_all() -> None:
    natives = [route for route in front_doors.ROUTES if id(route) not in OTHERS]
    actions = {route.action for route in natives}
    missing = [
        f'"{action}": Row(none, reader, administrator),' for action in sorted(actions - set(TABLE) - OPEN - GATE)
    ]
    assert not missing, f"add to TABLE in {__file__}, with the three statuses:\n" + "\n".join(missing)
    assert actions == set(TABLE) | OPEN | GATE, "a row whose route is gone"
    assert {route.action for route in natives if route.access.open} == OPEN


def ask(site: Service, person: Person, route: Route) -> int:
    """Ask a route about things that are there, with a body that is good."""
    bob = site.manager("bob")
    role = site.local.post("/roles/", name="ops")["id"]
    realm = site.local.post("/realms/", name="mine")["id"]
    token = site.local.post("/apitokens/", owner="bob", expiry_date="1D")["id"]
    node = site.local.post("/nodes/", path="/projects/x")["uuid"]
    names = {
        "manager_id": bob,
        "role_id": role,
        "realm_id": realm,
        "token_id": token,
        "vms_id": 1,
        "seq": 1,
        "node_uuid": node,
    }
    path = re.sub(r"{(\w+)(?::\w+)?}", lambda match: str(names[match[1]]), route.path)
    if route.action == "apitoken.made-at":
        path += "?prefix=api/apitokens"
    return person.ask(route.method, path.removeprefix("/api"), expected(route).body).status


@pytest.mark.parametrize("route", CLOSED, ids=lambda route: route.action)
def test_without_a_credential_nothing_is_served(site: Service, route: Route) -> None:
    assert ask(site, site.nobody, route) == 401


@pytest.mark.parametrize("route", CLOSED, ids=lambda route: route.action)
def test_without_roles_one_has_only_what_is_ones_own(site: Service, nora: Person, route: Route) -> None:
    assert ask(site, nora, route) == expected(route).none


FOREIGN = [route for route in CLOSED if not (route.changes and expected(route).none < 300)]


@pytest.mark.parametrize("route", FOREIGN, ids=lambda route: route.action)
def test_a_reader_changes_nothing(site: Service, rita: Person, route: Route) -> None:
    before = len(site.audit())
    assert ask(site, rita, route) == expected(route).reader
    assert [action for _, action, _, _ in site.audit()[before:]] == [
        "manager.create",
        "role.create",
        "realm.create",
        "apitoken.create",
        "node.create",
    ]


@pytest.mark.parametrize("route", CLOSED, ids=lambda route: route.action)
def test_an_administrator_may_and_each_change_is_recorded_once(site: Service, alice: Person, route: Route) -> None:
    before = len(site.audit())
    assert ask(site, alice, route) == expected(route).administrator
    recorded = [(actor, action) for actor, action, _, _ in site.audit()[before + 5 :]]
    done = route.changes and expected(route).administrator < 400
    assert recorded == ([("alice", route.action)] if done else [])


@pytest.mark.parametrize("route", [each for each in CLOSED if each.input.body], ids=lambda route: route.action)
@pytest.mark.parametrize("body", [{"unheard_of": 1}, [], 7])
def test_a_body_that_is_not_wanted_is_refused(site: Service, alice: Person, route: Route, body: object) -> None:
    path = re.sub(r"{\w+(?::\w+)?}", "1", route.path).removeprefix("/api")
    before = site.audit()
    alice.refused(400, route.method, path, body)
    assert site.audit() == before


@pytest.mark.parametrize("path", ["/managers/", "/roles/", "/realms/"])
@pytest.mark.parametrize("number", ["0", "999", str(2**53), "9" * 40])
def test_an_id_that_nothing_has_is_not_found(alice: Person, path: str, number: str) -> None:
    alice.refused(404, "GET", f"{path}{number}/")


@pytest.mark.parametrize("path", ["/managers/", "/roles/", "/realms/", "/permissions/"])
def test_lists_come_whole_or_in_pages_that_hold_every_entry_once(alice: Person, path: str) -> None:
    whole = alice.get(path)
    results: list[object] = []
    page = alice.get(path, page_size="2")
    assert page["count"] == len(whole)
    while True:
        results += page["results"]
        if page["next"] is None:
            break
        query = dict(each.split("=") for each in page["next"].partition("?")[2].split("&"))
        page = alice.get(path, **query)
    assert results == whole
    assert alice.get(path, page="2", page_size="2")["results"] == whole[2:4]


@pytest.mark.parametrize("query", [{"page": "0"}, {"page_size": "0"}, {"page_size": "1001"}, {"page": "9" * 30}])
@pytest.mark.parametrize("path", ["/managers/", "/roles/", "/permissions/"])
def test_a_page_that_cannot_be_is_refused(alice: Person, path: str, query: dict[str, str]) -> None:
    alice.refused(400, "GET", path, query=query)


@pytest.mark.parametrize("path", ["/managers/", "/permissions/"])
@pytest.mark.parametrize("after", ["x", "-1", "9" * 30])
def test_a_key_that_is_no_id_is_refused(alice: Person, path: str, after: str) -> None:
    alice.refused(400, "GET", path, query={"page": "2", "after": after})


def test_the_document_describes_every_route() -> None:
    document = openapi.document(front_doors.ROUTES)
    operations = [method for methods in document["paths"].values() for method in methods]
    assert len(operations) == len(front_doors.ROUTES)
    properties = document["components"]["schemas"]["PasswordSettingsChange"]["properties"]
    assert properties["min_pwd_length"] == {"type": "integer"}
    assert msgspec.json.encode(document)


SECRETIVE = [
    route.input.body
    for route in front_doors.ROUTES
    if route.input.body and "password" in route.input.body.__struct_fields__
]


@pytest.mark.parametrize("body", SECRETIVE, ids=lambda body: body.__name__)
def test_no_body_shows_what_it_holds(body: type[Body]) -> None:
    given = {"password": "s3cret"} | ({"username": "bob"} if "username" in body.__struct_fields__ else {})
    assert "s3cret" not in repr(body(**given))
