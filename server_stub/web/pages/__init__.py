"""The pages for people: signing in, the token panel, a new password, a terminal
to approve. They need no script.

A page is a front door like the others: it translates a form into the wish that the native API takes, hands it to the
handler of the native API, and shows what came of it. No rule stands here.
"""

from server_stub.web.pages import device, doors, files, making, passwords, sign_in, tokens
from server_stub.web.routing import Route

__all__ = ["ROUTES", "device", "doors", "files", "making", "passwords", "sign_in", "tokens"]

ROUTES: list[Route] = doors.routes.all
