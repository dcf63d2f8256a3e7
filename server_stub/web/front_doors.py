"""All routes of the server, front door by front door."""

from server_stub.web import managers, openapi, passwords, permissions, realms, roles, sessions, tokens, vms
from server_stub.web.routing import Route

ROUTES: list[Route] = [
    route
    for door in (openapi, sessions, tokens, managers, passwords, roles, realms, permissions, vms)
    for route in door.routes.all
]
