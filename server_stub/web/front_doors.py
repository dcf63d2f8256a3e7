"""All routes of the server, front door by front door."""

from server_stub.web import openapi, tokens
from server_stub.web.routing import Route

ROUTES: list[Route] = [route for door in (openapi, tokens) for route in door.routes.all]
