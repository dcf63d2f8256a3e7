"""manager: the people and robots who may sign in and own tokens; `user` is accepted for it.

Source: VAST, "Managing VMS Managers" and the manager's fields of its REST API. A manager is named by
``--username`` or ``--id``. A password is typed unseen; ``--password -`` reads it from standard input.
"""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, TypedDict, Unpack

from vshell.commands._objects import Collection, drop_none
from vshell.errors import Mistake, ShellError
from vshell.kinds import Integer, ListOf, ManagerId, ManagerName, PermissionName, RoleName, Secret, Switch, Text
from vshell.kinds.plain import NewUsername
from vshell.registry.tree import alias_object, command, describe_object, same
from vshell.registry.view import Column, View, columns
from vshell.session import Session
from vshell.state.identity import read_secret

describe_object("manager", "Managers, the people and robots who may sign in and own tokens.")
alias_object("user", "manager")

MANAGERS = Collection("/managers/", "username")
COLUMNS = columns(
    "id",
    "username",
    "full_name",
    Column("is_active", "Active"),
    Column("is_default", "Default"),
    "roles",
    "failed_logins",
    "last_login",
    "password_expiration",
)
DETAILS = columns("is_temporary_password", "password_expiration_disabled", "has_password", "permissions_list")
ALL_COLUMNS = (*COLUMNS[:5], Column("max_api_tokens"), *COLUMNS[5:], *DETAILS)
MORE = ("first_name", "last_name", "permissions", "home_dc")
LIST = View(COLUMNS, more=tuple(column.name for column in ALL_COLUMNS if column not in COLUMNS) + MORE)
SHOW = View(ALL_COLUMNS, layout="vertical", more=MORE)
CREATED = View(ALL_COLUMNS, sentence="Manager {username} with id: {id} has been created")
MODIFIED = View(ALL_COLUMNS, sentence="Manager {username} with id: {id} has been modified")
DELETED = View(columns("id", "username"), sentence="Manager {username} with id: {id} has been deleted")
UNLOCKED = View(columns("id", "username"), sentence="Manager {username} with id: {id} has been unlocked")
PASSWORD_SET = View(columns("username"), sentence="The password of manager {username} has been set")
NAMED = (("username", "id"),)
MOST_TOKENS = 100_000
STDIN = "-"

Expiration = Annotated[
    bool,
    Switch(on="--disable-password-expiration", off="--enable-password-expiration"),
    "Says whether the password is spared from expiring.",
]


class OwnQuota(Integer):
    """How many live API tokens one manager may have, or "default" for the number that holds for all."""

    def parse(self, text: str) -> int | str:  # type: ignore[override]  # one word beside the numbers
        """Return the number, or "default"; raises ValueError for anything else."""
        return text if text == "default" else super().parse(text)


class Named(TypedDict, total=False):
    """What names a manager."""

    username: Annotated[str, ManagerName(), "Specifies the manager by user name."]
    id_: Annotated[int, ManagerId(), "Specifies the manager by id."]


class Password(TypedDict, total=False):
    """A password that is set."""

    password: Annotated[str, Secret("PASSWORD"), "Gives the password, '-' for a line of standard input."]
    is_temporary_password: Annotated[bool, Switch(), "Makes the password one that has to be replaced soon."]


class Person(TypedDict, total=False):
    """What is set at first and later."""

    first_name: Annotated[str, Text("NAME"), "Sets the first name."]
    last_name: Annotated[str, Text("NAME"), "Sets the last name."]
    roles: Annotated[list[str], ListOf(RoleName("ROLE")), "Gives these roles, by name or id, and no others."]
    permissions_list: Annotated[
        list[str], ListOf(PermissionName()), "Gives these permissions beside those of the roles, and no others."
    ]


class NewManager(Password, Person, total=False):
    """What a new manager is to be."""

    max_api_tokens: Annotated[
        int, Integer(maximum=MOST_TOKENS), "Sets how many live API tokens they may have, instead of the number for all."
    ]
    password_expiration_disabled: Expiration


class Renamed(Named, total=False):
    """A manager and what they are called from now on."""

    new_username: Annotated[str, NewUsername(), "Changes the user name."]


class Changes(Renamed, Person, total=False):
    """What a manager is to become."""

    max_api_tokens: Annotated[
        int | str,
        OwnQuota(maximum=MOST_TOKENS),
        "Sets how many live API tokens they may have; 'default' for the number that holds for all.",
    ]
    is_active: Annotated[
        bool,
        Switch(on="--enable", off="--disable"),
        "Says whether they may act; disabling holds at once, for tokens too.",
    ]
    password_expiration_disabled: Expiration
    home_dc: Annotated[str, Text("NAME"), "Names the data centre that they belong to; '' for that of this server."]


class NamedPassword(Named, Password):
    """A manager and their new password."""


CHANGEABLE = ("username", *(name for name in Changes.__annotations__ if name not in Renamed.__annotations__))
BACK = MANAGERS.reversal(same(*CHANGEABLE))


@command("manager list", view=LIST, examples=("manager list", "user list"))
def list_(session: Session, /) -> object:
    """List managers: yourself and, with View permission for the Security realm, the others."""
    return session.client.request("GET", MANAGERS.path)


@command("manager show", view=SHOW, examples=("manager show --username admin", "manager show --id 2"), one_of=NAMED)
def show(session: Session, /, **manager: Unpack[Named]) -> object:
    """Show one manager.

    "Permissions-list" is what they were given directly; "--columns permissions" shows what they hold by their
    roles too.
    """
    return MANAGERS.find(session, manager)


@command(
    "manager create",
    view=CREATED,
    examples=(
        "manager create --username bob --roles read_only",
        "manager create --username robot --first-name Nightly --last-name Backup --max-api-tokens 20",
    ),
    changes=True,
    undo="Delete it with: manager delete --id {id}",
)
def create(
    session: Session,
    /,
    *,
    username: Annotated[str, NewUsername(), "Names the new manager."],
    **fields: Unpack[NewManager],
) -> object:
    """Create a manager; nobody can give one more rights than they have themselves.

    At a terminal you are asked for the password; an empty one means none. A manager without a password cannot
    sign in, but tokens can be made for them.
    """
    wanted = name_ids(fields)
    if "password" in fields:
        wanted["password"] = choose_password(session, fields["password"], username)
    elif session.interactive:
        wanted |= drop_none(password=ask_password(session, f"Password of {username} (empty for none): ") or None)
    return session.client.request("POST", MANAGERS.path, {"username": username, **wanted})


@command(
    "manager modify",
    view=MODIFIED,
    examples=(
        "manager modify --username bob --roles read_only,csi",
        "manager modify --username bob --max-api-tokens 20",
        "manager modify --id 7 --disable",
    ),
    one_of=NAMED,
    changes=True,
    undo=BACK,
)
def modify(session: Session, /, **fields: Unpack[Changes]) -> object:
    """Modify a manager; built-in managers cannot be renamed, disabled or given fewer permissions.

    --roles and --permissions-list replace what was given before; '' takes all away. A quota of their own needs
    Edit permission for the Settings realm. The password has its own command: "manager set_password".
    """
    changes = name_ids(fields)
    if changes.get("max_api_tokens") == "default":
        changes["max_api_tokens"] = None
    return MANAGERS.change(session, changes)


@command(
    "manager delete",
    view=DELETED,
    examples=("manager delete --username bob",),
    one_of=NAMED,
    changes=True,
    confirm="Delete manager {target}? All their API tokens are revoked and gone.",
    undo="Create the manager anew with: manager create",
)
def delete(session: Session, /, **manager: Unpack[Named]) -> object:
    """Delete a manager with all their API tokens; built-in managers cannot be deleted."""
    return MANAGERS.delete(session, manager)


@command("manager unlock", view=UNLOCKED, examples=("manager unlock --username bob",), one_of=NAMED, changes=True)
def unlock(session: Session, /, **fields: Unpack[NamedPassword]) -> object:
    """Let a manager sign in again at once after wrong passwords, and set a new password if one is given."""
    row = MANAGERS.find(session, fields)
    body: dict[str, object] = {name: each for name, each in fields.items() if name in Password.__annotations__}
    if "password" in fields:
        body["password"] = choose_password(session, fields["password"], str(row.get("username")))
    session.client.request("PATCH", f"{MANAGERS.path}{row['id']}/unlock/", body or None)
    return MANAGERS.brief(row)


@command(
    "manager set_password",
    view=PASSWORD_SET,
    examples=("manager set_password", "manager set_password --username bob --is-temporary-password"),
    changes=True,
)
def set_password(
    session: Session,
    /,
    *,
    username: Annotated[str | None, ManagerName(), "Specifies the manager by user name; yourself if not given."] = None,
    id_: Annotated[int | None, ManagerId(), "Specifies the manager by id."] = None,
    **fields: Unpack[Password],
) -> object:
    """Set your own password, or that of another manager; it is asked for and not shown.

    Every sign-in of that manager ends; API tokens live on. Your own takes the present password, so you need to
    have signed in, not to use an API token. One that has expired can be replaced by "vshell -u NAME manager
    set_password". To set another's you need Edit permission for the Security realm and every right they have.
    """
    typed = fields.get("password")
    if username is None and id_ is None:
        return _set_own(session, typed, "is_temporary_password" in fields)
    row = MANAGERS.find(session, {"username": username, "id_": id_})
    body = {**fields, "password": choose_password(session, typed, str(row.get("username")))}
    session.client.request("PATCH", f"{MANAGERS.path}{row['id']}/password/", body)
    return MANAGERS.brief(row)


def name_ids(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with roles that are all digits as numbers, which the server takes for ids."""
    body = dict(fields)
    if "roles" in body:
        body["roles"] = [int(each) if each.isascii() and each.isdigit() else each for each in body["roles"]]
    return body


def choose_password(session: Session, typed: str | None, whose: str) -> str:
    """Return the new password: as typed, a line of standard input for "-", else asked for twice, unseen.

    Raises Mistake when there is none, or the two differ.
    """
    if typed == STDIN:
        password = read_secret(f"New password of {whose}: ", sys.stdin)
    elif typed is not None:
        password = typed
    else:
        password = ask_password(session, f"New password of {whose}: ")
    if not password:
        raise Mistake("A new password is needed.", "Type it when you are asked, or give a line of input: --password -")
    return password


def ask_password(session: Session, question: str) -> str:
    """Ask for a password twice; raises Mistake when the two differ. Empty where there is nobody to ask."""
    password = session.ask_secret(question)
    if password and session.ask_secret("The same again: ") != password:
        raise Mistake("The two passwords differ, so nothing was changed.", "Type the line again.")
    return password


def _set_own(session: Session, typed: str | None, temporary: bool) -> object:
    """Set the caller's own password, and go on with it where the sign-in has ended by that."""
    if temporary:
        raise Mistake("Only somebody else's password can be temporary.", "Name the manager with --username or --id.")
    credential = session.client.credential
    username = credential.username if credential else None
    if username is None:
        username = str(session.client.get_object("/login/").get("username", "this manager"))
    chosen = choose_password(session, typed, username)
    session.client.request("PATCH", f"{MANAGERS.path}password/", {"password": chosen})
    try:
        _go_on(session, username, chosen)
    except ShellError:
        session.out.note("Your sign-in has ended with the old password; sign in again with: login")
    return {"username": username}


def _go_on(session: Session, username: str, password: str) -> None:
    """Show the new password from now on, or open and keep a new session in the place of the one that ended."""
    link = session.client.signed_target
    credential = link.credential
    if credential is None:
        return
    if credential.refresh is not None:
        opened = session.client.sign_in(username, password, credential.source)
        opened = opened._replace(passing=credential.passing)
        if link.session_store is not None:
            link.session_store.write(opened)
        session.client.use(opened, link.session_store)
    elif credential.password is not None:
        session.client.use(credential._replace(password=password))
