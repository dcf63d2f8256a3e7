"""/healthz, and the document that /openapi.json gives: what the server says of itself, to anybody."""

import functools
import importlib.metadata
import re
import typing
from typing import Any

import msgspec

from server_stub.operations.context import ReadContext
from server_stub.web.http.decoding import Query
from server_stub.web.http.dialect import Route
from server_stub.web.http.routing import Routes

routes = Routes("")

METHODS = {"LIST": "get"}
"""The methods that OpenAPI 3.1 has no word for, by what means the same."""


class Health(msgspec.Struct, frozen=True, omit_defaults=True):
    """The server works, and so does its database; `audit` says what is wrong with its audit chain, if anything is."""

    status: str
    version: str
    audit: str | None = None


@routes.get("/healthz", action="server.health", open=True, quick=True)
def health(context: ReadContext) -> Health:
    """Tell whether the server and its database work."""
    context.tx.rows("SELECT seq FROM audit_head")
    trouble = context.server.audit_trouble()
    return Health("audit trouble" if trouble else "ok", version(), trouble)


@functools.cache
def version() -> str:
    """Return the version of this program."""
    return importlib.metadata.version("vshell")


def document(routes: list[Route]) -> dict[str, Any]:
    """Write the OpenAPI 3.1 document of these routes; it is made from the declarations alone."""
    bodies = {route.input.body for route in routes if route.input.body}
    answers = {answer for route in routes if (answer := _answer(route)) is not None}
    problems = {route.dialect.error_type for route in routes}
    wanted = sorted({*bodies, *answers, *problems}, key=str)
    schemas, components = msgspec.json.schema_components(wanted, ref_template="#/components/schemas/{name}")
    by_type = dict(zip(wanted, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operation = _operation(route, by_type)
        path = re.sub(r":\w+}", "}", route.path)  # without the converters in its names
        paths.setdefault(path, {})[METHODS.get(route.method, route.method.lower())] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "vshell-server", "version": version(), "license": {"name": "MIT"}},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic"},
            },
        },
    }


def _answer(route: Route) -> Any:
    hint = typing.get_type_hints(route.handler).get("return")
    return None if hint in (None, Any, type(None)) else hint


def _operation(route: Route, schemas: dict[Any, Any]) -> dict[str, Any]:
    answer = _answer(route)
    answered = {"description": "done"}
    if answer is not None:
        answered |= {"content": {"application/json": {"schema": schemas[answer]}}}  # type: ignore[dict-item]  # nested on purpose
    refused = {"content": {"application/json": {"schema": schemas[route.dialect.error_type]}}, "description": "refused"}
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": f"{route.method.lower()} {route.path}",
        "responses": {str(route.status): answered, "4XX": refused},
        "security": [] if route.access.open else [{"bearer": []}, {"basic": []}],
        "parameters": [_path_parameter(*match) for match in re.findall(r"{(\w+)(?::(\w+))?}", route.path)],
    }
    if route.input.body:
        operation["requestBody"] = {"content": {"application/json": {"schema": schemas[route.input.body]}}}
    if route.input.query:
        operation["parameters"] += _query_parameters(route.input.query)
    return operation


def _path_parameter(name: str, converter: str) -> dict[str, Any]:
    kind = {"int": "integer"}.get(converter, "string")
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def _query_parameters(query: type[Query]) -> list[dict[str, Any]]:
    schema = msgspec.json.schema(query, ref_template="{name}")
    properties = schema["$defs"][query.__name__]["properties"]
    return [{"name": name, "in": "query", "schema": kind} for name, kind in properties.items()]
