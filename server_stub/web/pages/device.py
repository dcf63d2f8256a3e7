"""/device: a manager who is signed in approves or denies a terminal that waits for a token.

They type the code that the terminal shows, see what is asked for, and decide. Nothing is approved by a link: the code
is typed, and the decision is a form of its own, bound to the request that was shown and to the session that it was
shown to. So whatever bears the code by then, and whoever else knows of the request, is out of it. A wrong code is
counted and recorded; see ``server_stub.domain.devices.device_flow`` for how many there may be.
"""

import hmac

from server_stub.domain.accounts.permissions import is_administrator
from server_stub.domain.base.errors import Forbidden, NotFound, Refusal
from server_stub.domain.base.timestamps import rfc3339
from server_stub.domain.devices import device_flow as flow
from server_stub.domain.devices import limits
from server_stub.domain.devices.device_flow import DeviceRequest
from server_stub.operations import device_flow, issuing
from server_stub.operations.context import Answer, ReadContext, WriteContext, draft
from server_stub.store import devices as device_store
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.web.pages.dialect import Form, PageQuery, derive_key, require_session, routes, status_of
from server_stub.web.pages.templates_env import page, see

DEVICE = "/device"
NOTICES = {
    "approved": "Approved. The terminal goes on by itself within a few seconds, and says that it was you.",
    "denied": "Denied. The terminal gets nothing, and is told so.",
}


class DeviceQuery(PageQuery, frozen=True):
    """What was done just before."""

    after: str = ""


class CodeForm(Form, frozen=True):
    """The code that a terminal shows, as people type it."""

    code: str = ""


class DecisionForm(Form, frozen=True):
    """The request that was shown, and the mark that it was shown in this session."""

    request_id: str = ""
    shown: str = ""


@routes.get(DEVICE, action="device.page", query=DeviceQuery)
def ask(context: ReadContext, query: DeviceQuery) -> Answer:
    """Ask for the code that a terminal shows."""
    return _form(context, notice=NOTICES.get(query.after))


def _form(context: ReadContext, refusal: Refusal | None = None, notice: str | None = None) -> Answer:
    status = None if refusal is None else status_of(refusal)
    return page("device.html", status=status, session=require_session(context), refusal=refusal, notice=notice)


def _rerender(context: ReadContext, refusal: Refusal, request: CodeForm) -> Answer:
    """Ask anew; what was typed is not shown again, so that a code stays with its terminal."""
    return _form(context, refusal)


@routes.post(DEVICE, action="device.shown", body=CodeForm, rerender=_rerender)
def show(context: WriteContext, request: CodeForm) -> Answer:
    """Show what the terminal with a code asks for."""
    actor, tx, network = context.actor, context.tx, limits.network(context.source)
    flow.require_approver(setting_store.load(tx).server.device_flow, actor)
    limits.require_guess(device_store.guesses(tx, actor.id or 0, network))
    found = device_store.by_code(tx, flow.read_code(request.code))
    try:
        return _show_request(context, flow.require_open(found, tx.now))
    except NotFound as refusal:  # answered, not raised: the count of wrong codes must stay
        device_store.note_guess(tx, actor.id or 0, network)
        detail = {"code": refusal.code}
        tx.record(draft(tx.now, context.action, actor, context.source, "", detail, "refused"))
        return _form(context, refusal)


def _show_request(context: ReadContext, request: DeviceRequest) -> Answer:
    session, permissions = require_session(context), context.actor.permissions
    paths = token_store.find_node_paths(context.tx, [each.split(":")[1] for each in request.scopes])
    oneself = manager_store.find(context.tx, context.actor.id or 0)
    beginner = None if request.owner_id is None else manager_store.find(context.tx, request.owner_id)
    return page(
        "device_request.html",
        session=session,
        request=request,
        code=flow.format_code(request.user_code),
        asked_at=rfc3339(request.created_at),
        begun_by=beginner.username if beginner else None,
        shown=_mark(session.form_key, request.id),
        source=context.source,
        is_administrator=is_administrator(permissions, context.actor.custom_realms),
        permissions=sorted(permissions),
        reach=[(paths.get(node, node), access) for _, node, access in (each.split(":") for each in request.scopes)],
        home_dc=flow.other_home(oneself, context.server.dc),
    )


def _mark(form_key: str, request_id: str) -> str:
    return derive_key(form_key, f"device {request_id}")


@routes.post(f"{DEVICE}/approve", action="device.approved", body=DecisionForm)
def approve(context: WriteContext, request: DecisionForm) -> Answer:
    """Let the terminal that was shown have a token of one's own."""
    settings = setting_store.load(context.tx).server
    flow.require_approver(settings.device_flow, context.actor)
    oneself = manager_store.find(context.tx, context.actor.id or 0)
    if oneself is None:
        raise AssertionError("who is signed in is a manager")
    issuing.require_room(context.tx, oneself, settings.max_api_tokens_per_user)
    return _decide(context, request, "approved")


@routes.post(f"{DEVICE}/deny", action="device.denied", body=DecisionForm)
def deny(context: WriteContext, request: DecisionForm) -> Answer:
    """Deny the terminal that was shown a token, which its next poll then says."""
    return _decide(context, request, "denied")


def _decide(context: WriteContext, form: DecisionForm, word: str) -> Answer:
    if not hmac.compare_digest(form.shown.encode(), _mark(require_session(context).form_key, form.request_id).encode()):
        raise Forbidden(
            "this request was not shown to you", "Type the code once more. Nothing has been changed.", "stale_form"
        )
    found, actor = device_store.find(context.tx, form.request_id), context.actor
    flow.require_wanted(found)
    request = flow.require_open(found, context.now)
    request = flow.decide(request, word == "approved", actor.id or 0, context.now, actor.permissions)
    device_store.update(context.tx, request)
    context.record(device_flow.request_mark(request), device_flow.request_facts(request))
    return see(f"{DEVICE}?after={word}")
