"""The document of the API: valid by OpenAPI 3.1, about every route, and given to anybody."""

import json
import re

import pytest
from openapi_spec_validator import validate

from server_stub.web import routes
from server_stub.web.http import openapi
from server_stub.web.http.dialect import Route
from tests.processes import Server
from tests.wire import raw

DOCUMENT = json.loads(json.dumps(openapi.document(routes.ROUTES)))


def test_it_is_valid() -> None:
    validate(DOCUMENT)


@pytest.mark.parametrize("route", routes.ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_it_says_of_each_route_what_it_takes_and_who_may_ask(route: Route) -> None:
    operation = DOCUMENT["paths"][re.sub(r":\w+}", "}", route.path)][
        openapi.METHODS.get(route.method, route.method.lower())
    ]
    assert operation["summary"]
    assert (operation["security"] == []) == route.access.open
    assert str(route.status) in operation["responses"]
    assert ("requestBody" in operation) == (route.input.body is not None)
    in_path = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)", route.path))
    asked = {each["name"] for each in operation["parameters"] if each["in"] == "query"}
    assert asked == set(route.input.query.__struct_fields__ if route.input.query else ())


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


def test_anybody_gets_it(shared_server: Server) -> None:
    answer = raw(shared_server.url, b"GET /openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert (answer.status, answer.json) == (200, DOCUMENT)


def test_health_tells_that_the_database_works_and_nothing_else(shared_server: Server) -> None:
    answer = raw(shared_server.url, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.json == {"status": "ok", "version": openapi.version()}
