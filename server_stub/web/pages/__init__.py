"""The pages for people: signing in, the token panel, a new password, a terminal
to approve. They need no script.

A page is a front door like the others: it translates a form into the wish that the native API takes, hands it to the
handler of the native API, and shows what came of it. No rule stands here.
"""

from server_stub.web.http.dialect import Route
from server_stub.web.pages import create_token, device, dialect, passwords, sign_in, static, tokens

__all__ = ["ROUTES", "create_token", "device", "dialect", "passwords", "sign_in", "static", "tokens"]

ROUTES: list[Route] = dialect.routes.all
