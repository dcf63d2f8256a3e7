"""The device flow: a terminal shows a code, a person approves it, the terminal gets a token.

One state machine for every door (RFC 8628; Zoho Catalyst, "Working with Tokens"):

    open -> approved -> redeemed
         -> denied
    and any of the first two ends, unredeemed, when its five minutes are over, or when its terminal takes it back.

- The code that people type is 8 letters of 20, no vowels and no digits, shown as ``XXXX-XXXX`` (RFC 8628, 6.1). Spaces,
  dashes and case are forgiven; a letter that is not one of the 20 is not: what looks like a code is none.
- What the terminal polls with has 256 random bits and is kept as a digest alone. It is bound to the client that began,
  and good for one token.
- How many may wait, and how many codes may be tried, says ``limits``.
- A terminal may poll once in each interval, with slack for clocks that run fast; whoever polls sooner gets the answer
  slow_down, and waits longer from then on. Zoho's client polls every 2 s, whatever the answer, so its front door asks
  for less and never for more.
- What is approved is the request that was shown, by its id, not whatever bears the code by then; and nothing that its
  terminal has taken back meanwhile, for then nobody waits there.
- Who may approve is a setting: everybody for themselves, only who has create_security, or nobody. When the token is
  fetched, the approver is looked at anew: whoever was disabled, got another password, whose password ended, or who has
  lost a right that the page showed, gives nothing any more.
"""

import re
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal, get_args

from server_stub.domain.accounts import managers, permissions
from server_stub.domain.accounts.managers import Manager
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base.errors import Conflict, Forbidden, Invalid, NotFound
from server_stub.domain.base.fields import printable, string
from server_stub.domain.base.timestamps import DAY, MINUTE, SECOND

State = Literal["open", "approved", "denied", "redeemed", "expired", "withdrawn"]
Flow = Literal["all", "create_security", "off"]
Poll = Literal["pending", "slow_down", "denied", "expired", "approved"]

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LENGTH = 8
CODE_BYTES = 48
"""How many random bytes ``user_code`` needs: it passes over 6 % of them."""
DEVICE_CODE_BYTES = 32
ID_BYTES = 16
LIFETIME = 5 * MINUTE
INTERVAL = 5 * SECOND
ZOHO_INTERVAL = 2 * SECOND
SLACK = SECOND
SLOWER = 5 * SECOND
SLOWEST = MINUTE
KEPT_AFTER = 10 * MINUTE
"""How long an ended request is kept, so that its terminal's polls are answered with what became of it."""

SHOWN_FOR = 7 * DAY
"""For how long a sign-in shows what was approved in the user's name."""

LONGEST_TEXT = 128

_EVEN = 240  # 12 times 20: a byte below it stands for one letter with equal chance
_FORGIVEN = re.compile(r"[\s\-‐-―]+")


@dataclass(frozen=True, slots=True)
class DeviceRequest:
    """What a terminal asked for, and what became of it; times are UTC in microseconds, lengths too.

    `program`, `host` and `name` are what the terminal says of itself: nobody has verified them. `source` is the address
    that it asked from, `network` the part of it that is counted. `terminal_key` is the public key by which it signs
    later, `decided_by` the manager who approved or denied, `shown_permissions` what they held when they approved.
    `owner_id` is the manager whose credential the terminal showed when it began, None for a stranger's; `token_id` is
    the token that was made of it.
    """

    id: str
    user_code: str
    digest: bytes = field(repr=False)
    client_id: str
    program: str
    host: str
    name: str
    source: str
    network: str
    created_at: int
    expires_at: int
    interval: int
    scopes: tuple[str, ...] = ()
    state: State = "open"
    last_polled_at: int | None = None
    decided_by: int | None = None
    decided_at: int | None = None
    shown_permissions: frozenset[str] = frozenset()
    terminal_key: str | None = None
    project: str | None = None
    owner_id: int | None = None
    token_id: str | None = None

    @property
    def bound_key(self) -> str | None:
        """The key that a revocation of the token takes, where the terminal was signed in as who approved it.

        Of any other the key proves nothing to the owner, who must be able to end the token from anywhere: else whoever
        talks a person into an approval would have a token that its owner cannot revoke.
        """
        return self.terminal_key if self.owner_id is not None and self.owner_id == self.decided_by else None

    @property
    def token_name(self) -> str:
        """The name of the token that is made: as requested, else by where it was made."""
        return self.name or f"{self.program} on {self.host}"


def user_code(fresh: bytes) -> str:
    """Make the code that people type from ``CODE_BYTES`` random bytes; raises ValueError if those are too few."""
    letters = [ALPHABET[byte % len(ALPHABET)] for byte in fresh if byte < _EVEN][:CODE_LENGTH]
    if len(letters) < CODE_LENGTH:
        raise ValueError("too few random bytes to make a code from")
    return "".join(letters)


def format_code(code: str) -> str:
    """Write a code as people see it, ``XXXX-XXXX``."""
    return f"{code[:4]}-{code[4:]}"


def read_code(text: str) -> str:
    """Read a code as people type it; raises Invalid for what cannot be one."""
    code = _FORGIVEN.sub("", text).upper()
    if len(code) != CODE_LENGTH or any(letter not in ALPHABET for letter in code):
        raise Invalid(
            "this cannot be a code",
            "It has 8 letters, none of them a vowel, as in WDJB-MJHT. Type it as the terminal shows it.",
            "no_code",
        )
    return code


def digest(device_code: str) -> bytes:
    """Return the SHA-256 of what a terminal polls with, the only thing that is kept of it."""
    return sha256(device_code.encode()).digest()


def check_flow(name: str, value: object) -> str:
    """Return who may approve terminals: all, create_security or off; raises Invalid."""
    text = string(name, value)
    if text not in get_args(Flow):
        raise Invalid(f"{name} must be {', '.join(get_args(Flow)[:-1])} or {get_args(Flow)[-1]}")
    return text


def check_text(name: str, value: str) -> str:
    """Return what a terminal says of itself, which may be nothing; raises Invalid."""
    return printable(name, value, shortest=0, longest=LONGEST_TEXT)


def require_flow(flow: str) -> None:
    """Raise Forbidden where the device flow is switched off."""
    if flow == "off":
        raise Forbidden(
            "the device flow is switched off on this server",
            "Make a token at the token panel, or with: apitoken create",
            "device_flow_off",
        )


def require_approver(flow: str, actor: Actor) -> None:
    """Raise Forbidden unless an actor may approve terminals; what they approve acts for them."""
    require_flow(flow)
    if flow == "create_security":
        permissions.require(actor, "create", "apitoken")


def may_still(
    request: DeviceRequest, approver: Manager | None, permissions: frozenset[str], password: managers.PasswordState
) -> bool:
    """Tell whether the approver of a request still is who they were when they approved.

    `permissions` are those that they hold now, `password` is the state of their password.
    """
    if approver is None or not approver.enabled or approver.password_hash is None or request.decided_at is None:
        return False
    if approver.password_set_at is None or approver.password_set_at > request.decided_at:
        return False
    return password in ("valid", "temporary") and request.shown_permissions <= permissions


def other_home(approver: Manager | None, dc: str) -> str | None:
    """Return the data centre that a manager belongs to, when it is not this server's; else None."""
    home = approver.home_dc if approver is not None else None
    return home if home and home != dc else None


def withdraw(request: DeviceRequest) -> DeviceRequest:
    """Return a request that its terminal takes back; what is denied, redeemed or ended already stays so."""
    return replace(request, state="withdrawn") if request.state in ("open", "approved") else request


def require_wanted(request: DeviceRequest | None) -> None:
    """Raise Conflict for a request that was shown, and that its terminal has taken back since."""
    if request is not None and request.state == "withdrawn":
        raise Conflict(
            "the program that asked for this has stopped, so nobody waits for it any more",
            "Nothing has been approved. Begin again at the terminal if you want a token.",
            "withdrawn",
        )


def is_open(request: DeviceRequest, now: int) -> bool:
    """Tell whether a request waits for a decision."""
    return request.state == "open" and now < request.expires_at


def require_open(request: DeviceRequest | None, now: int) -> DeviceRequest:
    """Return a request that waits for a decision; raise the one answer to every code that is no good."""
    if request is None or not is_open(request, now):
        raise NotFound(
            "no terminal waits with this code",
            "Codes are good for 5 minutes and once. Ask the terminal for a new one.",
            "no_such_code",
        )
    return request


def decide(
    request: DeviceRequest, approved: bool, manager_id: int, now: int, shown: frozenset[str] = frozenset()
) -> DeviceRequest:
    """Return a request with its decision; raises Conflict when it has been decided or has ended meanwhile.

    `shown` are the permissions that the page showed to who approves.
    """
    if not is_open(request, now):
        raise Conflict(
            "this request has been decided or has ended meanwhile",
            "Nothing has been changed. Ask the terminal for a new code.",
            "decided",
        )
    state: State = "approved" if approved else "denied"
    return replace(request, state=state, decided_by=manager_id, decided_at=now, shown_permissions=shown)


def poll(request: DeviceRequest, now: int) -> tuple[Poll, DeviceRequest]:
    """Say what a poll is answered, and return the request as it is kept from then on.

    A redeemed request is answered like one that has ended: its token is gone out already. So is one taken back.
    """
    if request.state == "denied":
        return "denied", request
    if request.state in ("redeemed", "expired", "withdrawn"):
        return "expired", request
    if now >= request.expires_at:
        return "expired", replace(request, state="expired")
    polled = replace(request, last_polled_at=now)
    if request.last_polled_at is not None and now - request.last_polled_at < request.interval - SLACK:
        # A client that polls every 2 s whatever the answer would never be answered again if it had to wait longer.
        slower = 0 if request.interval == ZOHO_INTERVAL else SLOWER
        return "slow_down", replace(polled, interval=min(SLOWEST, request.interval + slower))
    return ("approved" if request.state == "approved" else "pending"), polled


def require_client(request: DeviceRequest | None, client_id: str) -> DeviceRequest:
    """Return the request that a terminal polls for; raises Invalid for none, and for that of another client."""
    if request is None or request.client_id != client_id:
        raise Invalid(
            "there is no such device code for this client",
            "Begin anew; a code is good once, and for the client that asked for it.",
            "invalid_grant",
        )
    return request


def deny(request: DeviceRequest) -> DeviceRequest:
    """Return an approved request whose approver may not give anything any more."""
    return replace(request, state="denied")


def redeem(request: DeviceRequest, token_id: str) -> DeviceRequest:
    """Return an approved request whose token goes out now."""
    if request.state != "approved":
        raise AssertionError("only what was approved is redeemed")
    return replace(request, state="redeemed", token_id=token_id)
