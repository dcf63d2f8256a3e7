"""manager: the people and robots who may sign in and own tokens; `user` is accepted for it.

Source: VAST, "Managing VMS Managers" and the manager's fields of its REST API. A manager is named by
``--username`` or ``--id``. A password is asked for unseen; ``--password -`` reads it from standard input.
"""

from typing import Annotated

from vshell.commands._managers import BACK, OwnQuota
from vshell.commands._objects import asked_password, changed, given, ids_or_names, new_password, row_of
from vshell.errors import Mistake, ShellError
from vshell.kinds import Integer, ListOf, ManagerId, ManagerName, PermissionName, RoleName, Secret, Switch, Text
from vshell.kinds.plain import NewUsername
from vshell.registry.tree import Column, View, alias_object, command, describe_object
from vshell.session import Session

describe_object("manager", "Managers, the people and robots who may sign in and own tokens.")
alias_object("user", "manager")

PATH = "/managers/"
COLUMNS = (
    Column("id"),
    Column("username"),
    Column("full_name"),
    Column("is_active", "Active"),
    Column("is_default", "Default"),
    Column("roles"),
    Column("failed_logins"),
    Column("last_login"),
    Column("password_expiration"),
)
ALL_COLUMNS = (
    *COLUMNS[:5],
    Column("max_api_tokens"),
    *COLUMNS[5:],
    Column("is_temporary_password"),
    Column("password_expiration_disabled"),
    Column("has_password"),
    Column("permissions_list"),
)
MORE = ("first_name", "last_name", "permissions", "home_dc")
LIST = View(COLUMNS, more=tuple(column.name for column in ALL_COLUMNS if column not in COLUMNS) + MORE)
SHOW = View(ALL_COLUMNS, layout="vertical", more=MORE)
CREATED = View(ALL_COLUMNS, sentence="Manager {username} with id: {id} has been created")
MODIFIED = View(ALL_COLUMNS, sentence="Manager {username} with id: {id} has been modified")
_SHORT = (Column("id"), Column("username"))
DELETED = View(_SHORT, sentence="Manager {username} with id: {id} has been deleted")
UNLOCKED = View(_SHORT, sentence="Manager {username} with id: {id} has been unlocked")
PASSWORD_SET = View((Column("username"),), sentence="The password of manager {username} has been set")


Username = Annotated[str | None, ManagerName(), "Specifies the manager by user name."]
Number = Annotated[int | None, ManagerId(), "Specifies the manager by id."]
Password = Annotated[str | None, Secret("PASSWORD"), "Gives the password, '-' for a line of standard input."]
Temporary = Annotated[bool | None, Switch(), "Makes the password one that has to be replaced soon."]
Roles = Annotated[list[str] | None, ListOf(RoleName("ROLE")), "Gives these roles, by name or id, and no others."]
Permissions = Annotated[
    list[str] | None, ListOf(PermissionName()), "Gives these permissions beside those of the roles, and no others."
]
Expiration = Annotated[
    bool | None,
    Switch(on="--disable-password-expiration", off="--enable-password-expiration"),
    "Says whether the password is spared from expiring.",
]
FirstName = Annotated[str | None, Text("NAME"), "Sets the first name."]
LastName = Annotated[str | None, Text("NAME"), "Sets the last name."]
NAMED = (("username", "id"),)


@command("manager list", view=LIST, examples=("manager list", "user list"))
def list_(session: Session, /) -> object:
    """List managers: yourself and, with View permission for the Security realm, the others."""
    return session.api.request("GET", PATH)


@command("manager show", view=SHOW, examples=("manager show --username admin", "manager show --id 2"), one_of=NAMED)
def show(session: Session, /, *, username: Username = None, id_: Number = None) -> object:
    """Show one manager.

    "Permissions-list" is what they were given directly; "--columns permissions" shows what they hold by their
    roles too.
    """
    return row_of(session, PATH, "username", username, id_)


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
    password: Password = None,
    is_temporary_password: Temporary = None,
    first_name: FirstName = None,
    last_name: LastName = None,
    roles: Roles = None,
    permissions_list: Permissions = None,
    max_api_tokens: Annotated[
        int | None,
        Integer(maximum=100_000),
        "Sets how many live API tokens they may have, instead of the number for all.",
    ] = None,
    password_expiration_disabled: Expiration = None,
) -> object:
    """Create a manager; nobody can give one more rights than they have themselves.

    At a terminal you are asked for the password; an empty one means none. A manager without a password cannot
    sign in, but tokens can be made for them.
    """
    if password is not None:
        password = new_password(session, password, username)
    elif session.interactive:
        password = asked_password(session, f"Password of {username} (empty for none): ") or None
    wishes = given(
        username=username,
        password=password,
        is_temporary_password=is_temporary_password,
        first_name=first_name,
        last_name=last_name,
        roles=ids_or_names(roles),
        permissions_list=permissions_list,
        max_api_tokens=max_api_tokens,
        password_expiration_disabled=password_expiration_disabled,
    )
    return session.api.request("POST", PATH, wishes)


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
def modify(
    session: Session,
    /,
    *,
    username: Username = None,
    id_: Number = None,
    new_username: Annotated[str | None, NewUsername(), "Changes the user name."] = None,
    first_name: FirstName = None,
    last_name: LastName = None,
    roles: Roles = None,
    permissions_list: Permissions = None,
    max_api_tokens: Annotated[
        int | str | None,
        OwnQuota(maximum=100_000),
        "Sets how many live API tokens they may have; 'default' for the number that holds for all.",
    ] = None,
    is_active: Annotated[
        bool | None,
        Switch(on="--enable", off="--disable"),
        "Says whether they may act; disabling holds at once, for tokens too.",
    ] = None,
    password_expiration_disabled: Expiration = None,
    home_dc: Annotated[
        str | None, Text("NAME"), "Names the data centre that they belong to; '' for that of this server."
    ] = None,
) -> object:
    """Modify a manager; built-in managers cannot be renamed, disabled or given fewer permissions.

    --roles and --permissions-list replace what was given before; '' takes all away. A quota of their own needs
    Edit permission for the Settings realm. The password has its own command: "manager set_password".
    """
    row = row_of(session, PATH, "username", username, id_)
    changes = given(
        username=new_username,
        first_name=first_name,
        last_name=last_name,
        roles=ids_or_names(roles),
        permissions_list=permissions_list,
        max_api_tokens=max_api_tokens,
        is_active=is_active,
        password_expiration_disabled=password_expiration_disabled,
        home_dc=home_dc,
    )
    if max_api_tokens == "default":
        changes["max_api_tokens"] = None
    return changed(session, PATH, row, changes)


@command(
    "manager delete",
    view=DELETED,
    examples=("manager delete --username bob",),
    one_of=NAMED,
    changes=True,
    confirm="Delete manager {target}? All their API tokens are revoked and gone.",
    undo="Create the manager anew with: manager create",
)
def delete(session: Session, /, *, username: Username = None, id_: Number = None) -> object:
    """Delete a manager with all their API tokens; built-in managers cannot be deleted."""
    row = row_of(session, PATH, "username", username, id_)
    session.api.request("DELETE", f"{PATH}{row['id']}/")
    return _named(row)


@command("manager unlock", view=UNLOCKED, examples=("manager unlock --username bob",), one_of=NAMED, changes=True)
def unlock(
    session: Session,
    /,
    *,
    username: Username = None,
    id_: Number = None,
    password: Password = None,
    is_temporary_password: Temporary = None,
) -> object:
    """Let a manager sign in again at once after wrong passwords, and set a new password if one is given."""
    row = row_of(session, PATH, "username", username, id_)
    if password is not None:
        password = new_password(session, password, str(row.get("username")))
    body = given(password=password, is_temporary_password=is_temporary_password)
    session.api.request("PATCH", f"{PATH}{row['id']}/unlock/", body or None)
    return _named(row)


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
    id_: Number = None,
    password: Password = None,
    is_temporary_password: Temporary = None,
) -> object:
    """Set your own password, or that of another manager; it is asked for and not shown.

    Every sign-in of that manager ends; API tokens live on. Your own takes the present password, so you need to
    have signed in, not to use an API token. One that has expired can be replaced by "vshell -u NAME manager
    set_password". To set another's you need Edit permission for the Security realm and every right they have.
    """
    if username is None and id_ is None:
        return _set_own(session, password, is_temporary_password)
    row = row_of(session, PATH, "username", username, id_)
    chosen = new_password(session, password, str(row.get("username")))
    body = given(password=chosen, is_temporary_password=is_temporary_password)
    session.api.request("PATCH", f"{PATH}{row['id']}/password/", body)
    return _named(row)


def _named(row: dict[str, object]) -> object:
    return {"id": row["id"], "username": row.get("username")}


def _set_own(session: Session, typed: str | None, temporary: bool | None) -> object:
    """Set the caller's own password, and go on with it where the sign-in has ended by that."""
    if temporary:
        raise Mistake("Only somebody else's password can be temporary.", "Name the manager with --username or --id.")
    credential = session.api.credential
    username = credential.username if credential else None
    if username is None:
        caller = session.api.request("GET", "/login/")
        username = str(caller.get("username")) if isinstance(caller, dict) else "this manager"
    chosen = new_password(session, typed, username)
    session.api.request("PATCH", f"{PATH}password/", {"password": chosen})
    try:
        _go_on(session, username, chosen)
    except ShellError:
        session.out.note("Your sign-in has ended with the old password; sign in again with: login")
    return {"username": username}


def _go_on(session: Session, username: str, password: str) -> None:
    """Show the new password from now on, or open and keep a new session in the place of the one that ended."""
    from dataclasses import replace

    link = session.api.link
    credential = link.credential
    if credential is None:
        return
    if credential.refresh is not None:
        opened = session.api.sign_in(username, password, credential.source)
        opened = replace(opened, passing=credential.passing)
        if link.keeper is not None:
            link.keeper.write(opened)
        session.api.use(opened, link.keeper)
    elif credential.password is not None:
        session.api.use(replace(credential, password=password))
