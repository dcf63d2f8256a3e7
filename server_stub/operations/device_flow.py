"""The device flow for every front door: a terminal begins, polls and gets its token.

A front door translates; what a page approves is in ``pages.device``. The token is made when the terminal fetches it,
inside the writer, so that of many that poll at the same moment one gets it, and the quota and the approver are those of
that moment.

Whatever a person decides, and whatever a terminal does that showed a credential of theirs, has a record of its own,
which says who began, when and from where. What strangers begin, take back or let end is recorded only as the first of
its kind within a minute, and counted then (see ``audit_throttle``): anybody may do it as often as they like, nothing
has come of it, and a flood must not stay in the audit chain for ever.
"""

import base64
from dataclasses import dataclass, field, replace
from typing import Any

from server_stub.domain.accounts import managers, permissions
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base.errors import Invalid, quote
from server_stub.domain.base.timestamps import rfc3339
from server_stub.domain.devices import device_flow, limits, terminals
from server_stub.domain.devices.device_flow import DeviceRequest
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.issuance_rules import Maker, TokenRequest
from server_stub.operations import authentication, issuing, sessions
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.operations.issuing import Made
from server_stub.store import devices as device_store
from server_stub.store import managers as manager_store
from server_stub.store import roles as role_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store

TRIES = 8
MADE_AT = "oauth/device"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a poll came to: its word, the request as it is kept now, and what goes with the word.

    `made` is the token, once; `sentence` says why nothing is given; `home_dc` names where to go on instead.
    """

    poll: device_flow.Poll
    request: DeviceRequest
    made: Made | None = field(default=None, repr=False)
    approver: str = ""
    sentence: str = ""
    home_dc: str | None = None


def require_beginning(context: ReadContext, request: object = None) -> None:
    """Raise Forbidden where the flow is switched off, and SlowDown where no more terminals may wait.

    As a route's ``prepare`` it ends a flood before the writer; in the writer it is called once more.
    """
    device_flow.require_flow(setting_store.load(context.tx).server.device_flow)
    owner_id = _owner_id(context)
    if owner_id is None:
        limits.require_room(*device_store.count_open(context.tx, limits.network(context.source)))
    else:
        limits.require_room_of_owner(device_store.count_of_owner(context.tx, owner_id))


def _owner_id(context: ReadContext) -> int | None:
    """Return the manager whose credential a terminal shows; local-admin is none."""
    return None if context.caller is None else context.caller.id


def begin(
    context: WriteContext,
    interval: int,
    *,
    client_id: str,
    client_name: str = "",
    host: str = "",
    name: str = "",
    scope: str = "",
    terminal_key: str = "",
    project: str = "",
) -> tuple[DeviceRequest, str]:
    """Store a terminal's request; return it with what the terminal polls with, which is stored nowhere.

    Empty texts are left out.
    """
    tx = context.tx
    require_beginning(context)
    secret = _text(context.server.fresh(device_flow.DEVICE_CODE_BYTES))
    request = DeviceRequest(
        id=_text(context.server.fresh(device_flow.ID_BYTES)),
        user_code=_free_code(context),
        digest=device_flow.digest(secret),
        client_id=_client(client_id),
        program=device_flow.check_text("client_name", client_name) or client_id,
        host=device_flow.check_text("host", host) or context.source,
        name=device_flow.check_text("name", name),
        source=context.source,
        network=limits.network(context.source),
        created_at=tx.now,
        expires_at=tx.now + device_flow.LIFETIME,
        interval=interval,
        scopes=_scopes(context, scope),
        terminal_key=terminals.check_key(terminal_key) if terminal_key else None,
        project=tokens.check_project("project", project) if project else None,
        owner_id=_owner_id(context),
    )
    device_store.insert(tx, request)
    _note(context, "device.requested", request)
    return request, secret


def request_mark(request: DeviceRequest) -> str:
    """Return what the audit chain calls a request: not its id, by which it could be approved."""
    return request.digest.hex()[:16]


def request_facts(request: DeviceRequest) -> dict[str, Any]:
    """Return what the audit chain says of a request; never its codes."""
    said = {"client_id": request.client_id, "program": request.program, "host": request.host, "source": request.source}
    said["requested_at"] = rfc3339(request.created_at)
    more = {"name": request.name, "scopes": list(request.scopes), "project": request.project}
    return said | {name: value for name, value in more.items() if value}


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _client(client_id: str) -> str:
    if not client_id:
        raise Invalid("client_id is missing", "Any name of the program will do, as in client_id=vshell.")
    return device_flow.check_text("client_id", client_id)


def _free_code(context: WriteContext) -> str:
    """Draw a code that no request bears, not even an ended one: it is still answered."""
    for _ in range(TRIES):
        code = device_flow.user_code(context.server.fresh(device_flow.CODE_BYTES))
        if device_store.by_code(context.tx, code) is None:
            return code
    raise AssertionError("of 20^8 codes a free one is soon found")


def _scopes(context: ReadContext, request: str) -> tuple[str, ...]:
    """Read the scope of a request (RFC 6749, 3.3): words that narrow the token to nodes; raise Invalid."""
    words = request.split()
    if len(words) > tokens.MOST_SCOPES:  # before they are looked up: anybody may ask
        raise Invalid(
            f"a token has at most {tokens.MOST_SCOPES} scopes", "Scope it to a node further up.", "invalid_scope"
        )
    try:
        nodes = [tokens.parse_scope(word).node for word in words]
        return tokens.check_scopes(words, token_store.find_node_paths(context.tx, nodes))
    except Invalid as refusal:
        raise Invalid(refusal.sentence, refusal.hint, "invalid_scope") from None


def find_request(context: ReadContext, device_code: str, client_id: str) -> DeviceRequest:
    """Return the request that a terminal polls for; raise Invalid. Guesses end here, before the writer."""
    found = device_store.by_digest(context.tx, device_flow.digest(device_code)) if device_code else None
    return device_flow.require_client(found, client_id)


def poll(context: WriteContext, device_code: str, client_id: str) -> Outcome:
    """Answer a poll, and make the token when it was approved; raise Invalid for no such code, and by the quota."""
    tx = context.tx
    found = find_request(context, device_code, client_id)
    word, request = device_flow.poll(found, tx.now)
    approver = None if request.decided_by is None else manager_store.find(tx, request.decided_by)
    outcome = Outcome(word, request, approver=approver.username if approver else "")
    if word == "approved":
        outcome = _redeem(context, outcome, approver)
    elif request.state != found.state:
        _note(context, "device.expired", request)
    if outcome.request != found:
        device_store.update(tx, outcome.request)
    return outcome


def _redeem(context: WriteContext, outcome: Outcome, approver: Manager | None) -> Outcome:
    """Make the token that was approved, or deny it when the approver is not who they were."""
    request, home = outcome.request, device_flow.other_home(approver, context.server.dc)
    if home is not None:
        return replace(outcome, poll="denied", home_dc=home, sentence=f"{outcome.approver} belongs to {quote(home)}")
    if approver is None or not _may_approve(context, request, approver):
        denied = device_flow.deny(request)
        _note(context, "device.denied", denied, {"reason": "the approver may not any more"})
        return replace(outcome, poll="denied", request=denied, sentence="who approved this may not do so any more")
    made = _make_token(
        replace(context, caller=sessions.actor_of(context, approver, None, "device code")), request, approver
    )
    return replace(outcome, request=device_flow.redeem(request, made.token.id), made=made)


def _may_approve(context: WriteContext, request: DeviceRequest, approver: Manager) -> bool:
    settings = setting_store.load(context.tx)
    password = managers.password_state(settings.passwords, approver, context.now)
    held = role_store.permissions_of(context.tx, approver.id)
    flow = settings.server.device_flow
    actor = replace(sessions.actor_of(context, approver, None, "device code"), permissions=held)
    if flow == "off" or (flow == "create_security" and not permissions.is_allowed(actor, "create", "apitoken")):
        return False
    return device_flow.may_still(request, approver, held, password)


def _make_token(context: WriteContext, request: DeviceRequest, owner: Manager) -> Made:
    """Make the device token; its meta says by which client and where, and stands in the record of all that it does."""
    return issuing.issue(
        context,
        TokenRequest(
            scopes=request.scopes,
            meta={"client_id": request.client_id, "host": request.host},
            project=request.project,
        ),
        owner=owner,
        maker=Maker(None, False),
        name=request.token_name[:128].strip(),
        path=MADE_AT,
        detail={"request": request_mark(request), "program": request.program},
        kind="device",
        terminal_key=request.bound_key,
    )


def withdraw(context: WriteContext, device_code: str, client_id: str) -> None:
    """Take a terminal's request back, and revoke the token that was made of it; raise Invalid for another client's.

    Nothing is done for what is no device code (as RFC 7009 has it, 2.2).
    """
    tx = context.tx
    found = device_store.by_digest(tx, device_flow.digest(device_code))
    if found is None:
        return
    request = device_flow.withdraw(device_flow.require_client(found, client_id))
    if request != found:
        device_store.update(tx, request)
        _note(context, "device.withdrawn", request)
    token = token_store.find(tx, request.token_id) if request.token_id is not None else None
    if token is not None and token.revoked_at is None:
        owner = replace(authentication.find_actor(tx, token, context.source), auth_method="device code")
        detail = {"owner": token.owner, "revoked": token_store.revoke(tx, token.id), "request": request_mark(request)}
        context.record(token.id, detail, owner)


def _note(context: WriteContext, action: str, request: DeviceRequest, detail: dict[str, Any] | None = None) -> None:
    """Record what became of a request, unless it is a stranger's that nobody decided and not the first of its kind."""
    is_known = request.decided_by is not None or context.caller is not None or request.owner_id is not None
    if not is_known and not context.server.is_first(action, request.network):
        context.tx.mark_unaudited()
        return
    replace(context, action=action).record(request_mark(request), request_facts(request) | (detail or {}))
