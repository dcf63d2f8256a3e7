"""The pages for people, without a script: signing in, passwords, tokens, a terminal to approve.

A page is a front door like the others: it translates a form into the request that the native API takes, hands it to the
handler of the native API, and shows what came of it. No rule stands here.
"""

from server_stub.web.http.dialect import Route
from server_stub.web.pages import device, dialect, sign_in, tokens

__all__ = ["ROUTES", "device", "dialect", "sign_in", "tokens"]

ROUTES: list[Route] = dialect.routes.all
