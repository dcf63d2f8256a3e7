"""token:generate, token:list, token:revoke: tokens that a person approves on a web page.

Source: Zoho Catalyst, "Working with Tokens". The sentences that zcatalyst-cli prints are its own; a token in a list,
which it prints too, is never shown here.
"""

import os
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from vshell.commands._objects import sign_for_terminal
from vshell.errors import Interrupted, NotAllowed, ShellError
from vshell.kinds import ListOf, Scope, Switch, Text, TokenId, Word
from vshell.registry.tree import command
from vshell.registry.view import Column, View, columns
from vshell.session import Session
from vshell.state.identity import LOCAL_SOURCE, Credential
from vshell.terminal import questions
from vshell.terminal.screen import Countdown, draw_qr_code, screen_size

if TYPE_CHECKING:
    from vshell.client.device_flow import DeviceFlow

GENERATED = View(
    columns("id", "token", "approved_by", "dc", "project"),
    sentence="Token generated successfully : {token}",
)
LIST = View(
    columns(
        Column("id", "Token ID"), "name", "host", Column("created", "Created Time"), "expiry_date", "project", "owner"
    )
)
REVOKED = View(columns("id"), sentence="Token revoked successfully")
KIND = "device"
UNTOLD = "The server could not be told; if a token appears in token:list all the same, end it with token:revoke."


@command(
    "token:generate",
    view=GENERATED,
    examples=("token:generate", "token:generate --name deploy --project webshop", "token:generate --current"),
    changes=True,
    aliases=("token generate",),
    undo="Revoke it with: token:revoke {id}",
)
def generate(
    session: Session,
    /,
    *,
    current: Annotated[bool | None, Switch(), "Shows the token of your session instead; it is a secret."] = None,
    name: Annotated[str | None, Text("NAME"), "Gives the token a name; else it has this terminal's."] = None,
    project: Annotated[str | None, Word("NAME"), "Limits the token to this project."] = None,
    scopes: Annotated[list[str] | None, ListOf(Scope()), "Narrows it to these nodes and what lies below them."] = None,
) -> object:
    """Generate a token for your account, approved on a web page that you visit from any device.

    The address of the page and a code are shown; the code is valid for five minutes. Sign in there, type it, look
    at what is asked for, and approve. The token is shown here once, with who approved it. It carries your rights
    and is valid until it is revoked, unless the server's password policy ends it; any number is possible, up to
    your quota. Use it anywhere with --token or VSHELL_TOKEN.

    --scopes leaves it nothing but these nodes and what lies below them (see "help gateway"), --project has it
    used for that project alone. It cannot be given fewer of your roles; for that: apitoken create --policies

    It is revoked with "token:revoke" at this same terminal, or by whoever has Delete permission for the Security
    realm.
    """
    if current:
        return _show_current(session)
    questions.require_person(
        "nobody was asked to approve a token", "Generate it elsewhere and give it as VSHELL_TOKEN."
    )
    username = _require_sign_in(session)
    import socket

    from vshell.client import device_flow
    from vshell.state import terminal_key

    request = {
        "client_name": "vshell",
        "host": socket.gethostname()[:128] or "unknown",
        "name": name,
        "project": project,
        "scope": " ".join(scopes or ()),
        "terminal_key": terminal_key.public_key(os.environ),
    }
    flow = device_flow.begin_flow(session.client, {name: value for name, value in request.items() if value})
    granted = _await_approval(session, flow)
    token_id, approver = str(granted.get("token_id", "")), str(granted.get("approved_by", ""))
    session.out.note(f"{approver} approved it. Its token ID is {token_id}; nothing shows the token again.")
    if username and approver and approver != username:
        session.out.note(
            f"So it is a token of {approver}, not of {username}; if that is wrong, use: token:revoke {token_id}"
        )
    more = {field: granted[field] for field in ("dc", "project", "scope", "expires_in") if field in granted}
    return {"id": token_id, "token": granted["access_token"], "approved_by": approver, **more}


@command(
    "token:list", view=LIST, examples=("token:list", "token:list --columns id,created,host"), aliases=("token list",)
)
def list_(session: Session, /) -> object:
    """List the tokens that were generated for your account: the ID, when and at which terminal; never the token."""
    name = session.client.get_object("/login/").get("username")
    rows = session.client.get_list("/apitokens/", {"owner": None if name == "local-admin" else name})
    found: list[dict[str, Any]] = []
    for row in rows:
        if row.get("kind") == KIND:
            meta = row.get("meta")
            found.append({**row, "host": meta.get("host") if isinstance(meta, Mapping) else None})
    if not found:
        session.out.note("Oops!!! It looks like your tokens basket is empty.\nGenerate one with: token:generate")
    return found


@command(
    "token:revoke",
    view=REVOKED,
    examples=("token:revoke L7k8ljIC",),
    changes=True,
    confirm="Revoke {token_id}? Programs that use it, or what descends from it, lose access at once.",
    undo="A revoked token stays revoked; generate another with: token:generate",
)
def revoke(session: Session, token_id: Annotated[str, TokenId(), "Specifies the token to revoke."], /) -> object:
    """Revoke a token at the terminal where it was generated; from this moment on it is of no use.

    At another terminal it takes Delete permission for the Security realm, which the audit trail says.
    "token:list" shows the IDs, and at which terminal each was generated.
    """
    session.client.request("PATCH", f"/apitokens/{token_id}/revoke/", headers=sign_for_terminal(session, token_id))
    return {"id": token_id}


def _show_current(session: Session) -> dict[str, object]:
    """Return the token by which this session is authenticated. Raises NotAllowed when there is none to show."""
    credential = _require_credential(session)
    if credential.token is None or credential.source == LOCAL_SOURCE:
        raise NotAllowed(
            f"There is no token to show: you are here by {credential.source}.", "Sign in with: login, or use --token"
        )
    return {"token": credential.token}


def _require_sign_in(session: Session) -> str | None:
    """Return who is signed in. Raises NotAllowed for whoever is here by anything but a session or a password."""
    credential = _require_credential(session)
    if credential.refresh is None and credential.password is None:
        raise NotAllowed(
            f"A token is generated by somebody who is signed in; you are here by {credential.source}.",
            "Sign in with: login; to make a token by another use: apitoken create",
        )
    return credential.username


def _require_credential(session: Session) -> Credential:
    credential = session.client.credential
    if credential is None:
        raise NotAllowed("Oops! It looks like you haven't logged in yet.", "Sign in with: login, or use --token")
    return credential


def _show_code(session: Session, flow: "DeviceFlow") -> None:
    """Show where to go and what to type there; on a terminal with room for it also as a QR code."""
    screen = screen_size(sys.stderr) if sys.stderr is not None and sys.stderr.isatty() else None
    picture = None
    if screen is not None and "utf" in (sys.stderr.encoding or "").lower():
        picture = draw_qr_code(flow.verification_uri, screen.columns, screen.lines - 6)
    session.out.note(f"\nVisit this URL on any device:\n{flow.verification_uri}\n")
    if picture:
        session.out.note(f"{picture}\n")
    session.out.note(f"Enter the device verification code: {flow.user_code} and click verify to continue.")


def _await_approval(session: Session, flow: "DeviceFlow") -> Mapping[str, Any]:
    """Show the code and wait for the approval. Raises Interrupted for Ctrl-C, and the ShellError of what ended it."""
    from vshell.client import device_flow

    try:
        _show_code(session, flow)
        with Countdown("for the code", sys.stderr) as countdown:
            return device_flow.wait_for_token(
                session.client, flow, device_flow.Clock(time.monotonic, time.sleep, countdown.tick)
            )
    except KeyboardInterrupt:
        gone = device_flow.withdraw_flow(session.client, flow)
        hint = "The code is good for nothing any more." if gone else f"Type the code nowhere any more. {UNTOLD}"
        raise Interrupted("No token was generated: Ctrl-C stopped it.", hint) from None
    except ShellError as refusal:
        if not device_flow.withdraw_flow(session.client, flow):
            refusal.hint = UNTOLD
        raise
