"""The device flow from the terminal's side (RFC 8628), from the code to the token.

Rules:

- The server is polled once in each interval; ``slow_down`` makes the interval 5 s longer for good (3.5).
- While no server answers, or one says that it cannot for now, the pause doubles up to a minute and the flow goes on:
  an approval is not lost with a connection.
- The code that is polled with is a secret of this run; it is neither shown nor kept.
- Every poll carries the same key of its own (see ``client``): an answer with the token that got lost is given again.
- A flow that ends without a token is taken back (RFC 7009): nobody approves it any more, and a token that was made and
  got lost is revoked. That is tried once and briefly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vshell.client.client import Client, Form, idempotency_key
from vshell.errors import Failed, NotAllowed, ShellError, SlowDown, Unreachable

CLIENT = "vshell"
POLL = "/oauth/token"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER_SECONDS = 5
LONGEST_PAUSE_SECONDS = 60
TICK_SECONDS = 1.0
WITHDRAWAL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class DeviceFlow:
    """A flow that waits for approval: what a person types where; lengths are seconds."""

    user_code: str
    verification_uri: str
    expires_in: int
    interval: int
    device_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Clock:
    """How time passes: ``clock`` gives seconds, ``sleep`` takes them, ``tick`` gets those that are left."""

    clock: Callable[[], float]
    sleep: Callable[[float], object]
    tick: Callable[[float], object]


def begin_flow(api: Client, fields: Mapping[str, str]) -> DeviceFlow:
    """Begin a flow with what the terminal says of itself, as whoever is signed in. Raises a refusal's ShellError."""
    answer: Any = api.request("POST", "/oauth/device_authorization", Form(client_id=CLIENT, **fields))
    try:
        return DeviceFlow(
            str(answer["user_code"]),
            str(answer["verification_uri"]),
            int(answer["expires_in"]),
            int(answer.get("interval", SLOWER_SECONDS)),
            str(answer["device_code"]),
        )
    except (KeyError, TypeError, ValueError):
        raise Failed("The server did not begin the device flow.", "Check the address with: server list") from None


def wait_for_token(api: Client, flow: DeviceFlow, clock: Clock) -> Mapping[str, Any]:
    """Ask until the flow is decided, and return the token's answer.

    Raises NotAllowed when it was denied or ran out, and the ShellError of any other refusal.
    """
    deadline = clock.clock() + flow.expires_in
    interval = pause = float(max(1, flow.interval))
    form = Form(grant_type=GRANT, device_code=flow.device_code, client_id=CLIENT)
    key = idempotency_key("POST", POLL)
    while True:
        _sleep(pause, deadline, clock)
        if clock.clock() >= deadline:
            raise _expired_error()
        try:
            answer = api.request("POST", POLL, form, signed=False, headers=key)
        except ShellError as refusal:
            if isinstance(refusal, Unreachable) or refusal.code == "temporarily_unavailable":
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                continue
            if refusal.code == "slow_down" or isinstance(refusal, SlowDown):
                interval += SLOWER_SECONDS
            elif refusal.code != "authorization_pending":
                raise _explain_refusal(refusal) from None
            pause = interval
            continue
        if isinstance(answer, Mapping) and isinstance(answer.get("access_token"), str):
            return answer
        raise Failed("The server's answer holds no token.", "Check the address with: server list")


def withdraw_flow(api: Client, flow: DeviceFlow) -> bool:
    """Take a flow back; tell whether the server has said so within seconds. A second Ctrl-C ends the waiting for it."""
    form = Form(token=flow.device_code, token_type_hint="device_code", client_id=CLIENT)  # noqa: S106 (RFC 7009's name)
    try:
        api.request("POST", "/oauth/revoke", form, signed=False, timeout=WITHDRAWAL_SECONDS)
    except (ShellError, KeyboardInterrupt):
        return False
    return True


def _sleep(seconds: float, deadline: float, clock: Clock) -> None:
    """Let time pass, telling now and then how much is left of the whole."""
    until = min(clock.clock() + seconds, deadline)
    while (left := until - clock.clock()) > 0:
        clock.tick(deadline - clock.clock())
        clock.sleep(min(TICK_SECONDS, left))


def _explain_refusal(refusal: ShellError) -> ShellError:
    if refusal.code == "expired_token":
        return _expired_error()
    if refusal.code == "access_denied":
        sentence = refusal.sentence[:1].upper() + refusal.sentence[1:].rstrip(".")
        return NotAllowed(f"No token was generated: {sentence}.", "Begin again when that is cleared: token:generate")
    return refusal


def _expired_error() -> ShellError:
    return NotAllowed("The code was not approved in time, so no token was generated.", "Begin again: token:generate")
