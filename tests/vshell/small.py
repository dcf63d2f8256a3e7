"""A small shell for tests: a few commands of every shape, and a session whose streams can be read."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, cast

from vshell.client.client import Client, Request, Target, TargetFinder
from vshell.errors import NotFound, ShellError
from vshell.kinds import (
    Choice,
    Duration,
    Json,
    ListOf,
    ManagerId,
    ManagerName,
    RoleName,
    Secret,
    Switch,
    Text,
    TokenId,
)
from vshell.output import Output
from vshell.registry.tree import Registry
from vshell.registry.view import TEXT, Column, View
from vshell.run.undo import UndoHistory
from vshell.session import Session
from vshell.state.settings import Settings

TOKEN = "JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6sMqesu"

REGISTRY = Registry()
REGISTRY.describe_object("apitoken", "API tokens.")

_VIEW = View((Column("id"), Column("name"), Column("owner")), more=("created",))
_MADE = View((Column("id"), Column("token")), sentence="made {id}, {token}")


@REGISTRY.command(
    "apitoken create",
    view=_MADE,
    examples=("apitoken create", "apitoken create --name AWS_TOKEN --expiry-date 1D --owner adminjb"),
    changes=True,
)
def apitoken_create(
    session: Session,
    /,
    *,
    name: Annotated[str | None, Text("TOKEN_NAME"), "Names the token."] = None,
    expiry_date: Annotated[str | None, Duration(), "Sets the end."] = None,
    owner: Annotated[str | None, ManagerName("OWNER"), "Sets the owner."] = None,
) -> object:
    """Create a token.

    It is shown once.
    """
    return session.client.request("POST", "/apitokens/", {"name": name, "end": expiry_date, "owner": owner})


@REGISTRY.command("apitoken list", view=_VIEW, examples=("apitoken list --archived --sort -name",))
def apitoken_list(
    session: Session,
    /,
    *,
    archived: Annotated[bool | None, Switch(), "Adds the archived ones."] = None,
    owner: Annotated[str | None, ManagerName("OWNER"), "Only of this owner."] = None,
) -> object:
    """List tokens."""
    return session.client.request("GET", "/apitokens/", query={"archived": archived, "owner": owner})


@REGISTRY.command(
    "apitoken revoke",
    view=_VIEW,
    examples=("apitoken revoke --id JhxND7ci",),
    changes=True,
    confirm="Revoke {id}?",
)
def apitoken_revoke(session: Session, /, *, id_: Annotated[str, TokenId(), "The token."]) -> object:
    """Revoke a token."""
    session.client.request("GET", f"/apitokens/{id_}/")
    return session.client.request("PATCH", f"/apitokens/{id_}/revoke/")


@REGISTRY.command(
    "manager create",
    view=_VIEW,
    examples=("manager create --username bob --password 'a secret' --roles admin,csi --enable-login",),
    changes=True,
)
def manager_create(
    session: Session,
    /,
    *,
    username: Annotated[str, ManagerName(), "The user name."],
    password: Annotated[str, Secret("PASSWORD"), "The password."],
    roles: Annotated[list[str] | None, ListOf(RoleName("ROLE")), "The roles."] = None,
    login: Annotated[bool | None, Switch(on="--enable-login", off="--disable-login"), "May sign in or not."] = None,
) -> object:
    """Create a manager."""
    return {"id": 1, "name": username, "roles": roles, "login": login, "length": len(password)}


@REGISTRY.command(
    "manager show",
    view=_VIEW,
    examples=("manager show --username bob", "manager show --id 2"),
    one_of=(("username", "id"),),
    aliases=("manager display",),
)
def manager_show(
    session: Session,
    /,
    *,
    username: Annotated[str | None, ManagerName(), "The user name."] = None,
    id_: Annotated[int | None, ManagerId(), "The number."] = None,
) -> object:
    """Show a manager."""
    return {"id": id_, "name": username}


@REGISTRY.command("server forget", view=TEXT, examples=("server forget lab",), confirm="Forget {name}?")
def server_forget(session: Session, name: Annotated[str, Text("NAME"), "The server."], /) -> object:
    """Forget a server on this machine."""
    return f"forgot {name}"


class HelpWord(Text):
    """A word to be told of, an option's too."""

    dashed = True


@REGISTRY.command("help", view=TEXT, examples=("help apitoken create",))
def help_(session: Session, /, *words: Annotated[str, HelpWord("COMMAND"), "The command."]) -> object:
    """Show help."""
    return " ".join(words)


@REGISTRY.command("send", view=TEXT, examples=("send GET /vms/", 'send POST /roles/ \'{"name": "ci"}\''))
def send(
    session: Session,
    method: Annotated[str, Choice("GET", "POST", metavar="METHOD"), "The method."],
    path: Annotated[str, Text("PATH"), "The path."],
    body: Annotated[object, Json(), "The body."] = None,
    /,
) -> object:
    """Send a request."""
    return f"{method} {path} {body}"


@REGISTRY.command("exit", view=TEXT, examples=("exit",), here=True)
def exit_(session: Session, /) -> object:
    """Leave."""
    session.leaving = True
    return None


@REGISTRY.command("break", view=TEXT, examples=("break",))
def break_(session: Session, /) -> object:
    """Act as Ctrl-C does."""
    raise KeyboardInterrupt


REGISTRY.alias_object("user", "manager")


def declare(
    function: Callable[..., object], name: str = "thing do", registry: Registry | None = None, **more: Any
) -> Registry:
    """Declare a command with all that it needs, save what a test leaves out or adds."""
    registry = registry or Registry()
    registry.command(name, **{"view": TEXT, "examples": (name,), **more})(function)
    return registry


def plain(session: object, /) -> object:
    """Do it."""
    return None


class RecordingApi(Client):
    """Answers from a table of (method, path); what is not in it is not found, what is an error is raised."""

    def __init__(self, answers: Mapping[tuple[str, str], object]) -> None:
        super().__init__(TargetFinder(lambda: Target("https://x.invalid")))
        self.answers = answers
        self.asked: list[tuple[str, str, object, object]] = []
        self.sent: list[Request] = []

    def send(self, request: Request) -> object:
        """Return the answer of the table."""
        method, path = request.method, request.path
        self.sent.append(request)
        self.asked.append((method, path, request.body, request.query))
        if (method, path) not in self.answers:
            raise NotFound(f"There is no {path}.", "Look at the list.")
        if isinstance(answer := self.answers[method, path], ShellError):
            raise answer
        return answer

    def close(self) -> None:
        """Leave it as it is."""


class Streams(Session):
    """A session that keeps what it wrote and what it was asked."""

    def __init__(self, answers: Mapping[tuple[str, str], object] | None = None, **options: Any) -> None:
        self.stdout = io.StringIO()
        self.stderr = io.StringIO()
        self.asked: list[str] = []
        api = cast("Any", RecordingApi(answers or {}))
        super().__init__(api, Output(self.stdout, self.stderr), Settings(), **options)
        self.registry = REGISTRY
        self.history = UndoHistory()
        self.listeners.append(self.history)

    def answering(self, *answers: bool) -> "Streams":
        """Make a person of it, who gives these answers to questions."""
        left = list(answers)

        def confirm(question: str) -> bool:
            self.asked.append(question)
            return left.pop(0)

        self.interactive = True
        self.confirm = confirm
        return self


class Known:
    """Names that are given beforehand, and count how often they became old."""

    def __init__(self, **rows: Sequence[Mapping[str, object]]) -> None:
        self._rows = rows
        self.changes = 0

    def rows(self, noun: str) -> Sequence[Mapping[str, object]]:
        """Return the given rows."""
        return self._rows.get(noun, ())

    def invalidate(self) -> None:
        """Count."""
        self.changes += 1
