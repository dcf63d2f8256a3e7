"""/api/vms/: the server's settings, and those of passwords (vcli.md section 2).

There is one VMS, number 1.
They lie in the Settings realm. The bodies have exactly the fields of the records of settings, each checked where
it is declared; what is left out stays.
"""

from dataclasses import fields
from typing import Any, get_type_hints

import msgspec
from msgspec import UNSET, UnsetType

from server_stub.domain import settings
from server_stub.domain.accounts import managers, permissions
from server_stub.domain.accounts.managers import PasswordSettings
from server_stub.domain.base.errors import NotFound
from server_stub.domain.settings import ServerSettings
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store import Reads
from server_stub.store import settings as setting_store
from server_stub.web.http.decoding import Body, list_sent
from server_stub.web.http.routing import Routes

routes = Routes("/api/vms")

THE_ONE = 1
NAME = "vms"


def _make_change(record: type[Any], name: str, explanation: str) -> type[Body]:
    """Make the body that changes a record of settings: its fields, none of them required."""
    hints = get_type_hints(record)
    made = [(each.name, hints[each.name] | UnsetType, UNSET) for each in fields(record)]
    body = msgspec.defstruct(name, made, bases=(Body,), frozen=True, namespace={"__doc__": explanation})
    assert issubclass(body, Body)
    return body


VmsChange = _make_change(ServerSettings, "VmsChange", "Which settings are to change.")
PasswordSettingsChange = _make_change(
    PasswordSettings, "PasswordSettingsChange", "Which settings of passwords are to change."
)


class Quota(Body, frozen=True):
    """How many live API tokens a manager may have."""

    max_api_tokens_per_user: int


class Banner(msgspec.Struct, frozen=True):
    """One line to show at sign-in; empty for none."""

    login_banner: str


class VmsView(msgspec.Struct, frozen=True):
    """The server with its settings."""

    id: int
    name: str
    max_api_tokens_per_user: int
    login_banner: str
    access_token_lifetime: str
    refresh_token_lifetime: str
    default_lease_ttl: str
    max_lease_ttl: str
    device_flow: str


def view_vms(tx: Reads) -> VmsView:
    """Show the server."""
    present = setting_store.load(tx).server
    return VmsView(THE_ONE, NAME, **{each.name: getattr(present, each.name) for each in fields(present)})


@routes.get("/", action="vms.list")
def list_vms(context: ReadContext) -> list[VmsView]:
    """List the one server there is."""
    _require(context, THE_ONE, "view")
    return [view_vms(context.tx)]


@routes.get("/{vms_id:int}/", action="vms.show")
def show_vms(context: ReadContext, vms_id: int) -> VmsView:
    """Show the server's settings."""
    _require(context, vms_id, "view")
    return view_vms(context.tx)


@routes.patch("/{vms_id:int}/", action="vms.modify", body=VmsChange)
def modify_vms(context: WriteContext, request: Body, vms_id: int) -> VmsView:
    """Change the server's settings."""
    return _update(context, vms_id, request)


@routes.patch("/{vms_id:int}/set_max_api_tokens_per_user/", action="vms.set_max_api_tokens_per_user", body=Quota)
def set_quota(context: WriteContext, request: Quota, vms_id: int) -> VmsView:
    """Change how many live API tokens a manager may have; lowering it revokes none."""
    return _update(context, vms_id, request)


@routes.get("/{vms_id:int}/login_banner/", action="vms.login_banner", open=True)
def show_login_banner(context: ReadContext, vms_id: int) -> Banner:
    """Show the line that is meant for everybody who is about to sign in."""
    _require_one(vms_id)
    return Banner(setting_store.load(context.tx).server.login_banner)


@routes.get("/{vms_id:int}/pwd_settings/", action="vms.get_pwd_settings")
def show_password_settings(context: ReadContext, vms_id: int) -> PasswordSettings:
    """Show the settings of passwords."""
    _require(context, vms_id, "view")
    return setting_store.load(context.tx).passwords


@routes.patch("/{vms_id:int}/pwd_settings/", action="vms.modify_pwd_settings", body=PasswordSettingsChange)
def modify_password_settings(context: WriteContext, request: Body, vms_id: int) -> PasswordSettings:
    """Change the settings of passwords; they hold at once, also for passwords that were set before."""
    _require(context, vms_id, "edit")
    before = setting_store.load(context.tx).passwords
    after = managers.merge_password_settings(before, list_sent(request))
    context.record(NAME, setting_store.save(context.tx, before, after))
    return after


def _update(context: WriteContext, vms_id: int, request: Body) -> VmsView:
    _require(context, vms_id, "edit")
    before = setting_store.load(context.tx).server
    context.record(NAME, setting_store.save(context.tx, before, settings.merge(before, list_sent(request))))
    return view_vms(context.tx)


def _require(context: ReadContext, vms_id: int, action: permissions.Action) -> None:
    permissions.require(context.actor, action, "vms")
    _require_one(vms_id)


def _require_one(vms_id: int) -> None:
    if vms_id != THE_ONE:
        raise NotFound(f"there is no VMS with the id {vms_id}"[:80], f"There is one, with the id {THE_ONE}.")
