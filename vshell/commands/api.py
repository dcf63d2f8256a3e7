"""api: any request to the server, with the session's credential."""

from typing import Annotated

from vshell.kinds import Choice, Json, Text
from vshell.registry.tree import command
from vshell.registry.view import View
from vshell.session import Session

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Method(Choice):
    """A method of HTTP, in either case."""

    def parse(self, text: str) -> str:
        """Return the method in capitals; raises ValueError when it is none."""
        return super().parse(text.upper())


@command(
    "api",
    view=View(),
    examples=("api GET /apitokens/", """api POST /apitokens/ '{"owner": "bob"}'"""),
    changes=True,
)
def api(
    session: Session,
    method: Annotated[str, Method(*METHODS, metavar="METHOD"), "Names the method of HTTP."],
    path: Annotated[str, Text("PATH"), "Names the resource, with its query if it has one."],
    body: Annotated[object, Json(), "Gives the body as JSON."] = None,
    /,
) -> object:
    """Send one request to the server and show its answer.

    A path such as /apitokens/ is taken below /api/latest; one that begins with /api/, /v1/ or another of the
    server's own roots is sent as it is. "--output json" shows the answer as the server gave it.
    """
    return session.client.request(method, path, body)
