"""The token panel, / and /tokens/new: a list of tokens, one token, and the form of a new one.

What is listed, shown and revoked, and by whom, follows the native API: its handlers are called.

A new token is one's own, or for another by create_security; its secret is on one page, once. The form holds the id that
its token is to have, signed for this session. So what a form asks for is made once: sent again, by a reload or from the
browser's history, it finds its id taken. The page that answers it is the only one with the secret; nothing keeps it,
here or in a cache.
"""

import hmac
import urllib.parse
from typing import get_args

from server_stub.domain.accounts import managers, permissions
from server_stub.domain.base import token_format
from server_stub.domain.base.durations import spell_duration
from server_stub.domain.base.errors import Conflict, Forbidden, Refusal
from server_stub.domain.tokens import issuance_rules, tokens
from server_stub.operations import issuing
from server_stub.operations.context import Answer, ReadContext, WriteContext
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.web.http.paging import Envelope
from server_stub.web.native import sessions
from server_stub.web.native import tokens as native
from server_stub.web.native.tokens import NewToken, TokenQuery
from server_stub.web.pages.dialect import HOME, Form, PageQuery, derive_key, require_session, routes
from server_stub.web.pages.templates_env import page, see

PAGE_SIZE = 50
STATES = get_args(tokens.State)
ALL = "all"


class PanelQuery(PageQuery, frozen=True):
    """Which tokens to show: an owner's, of a name, in a state (``all`` for any), behind an id."""

    owner: str = ""
    name: str = ""
    state: str = ""
    after: str = ""

    @property
    def request(self) -> TokenQuery:
        """What the native API takes; revoked tokens are left out unless they are asked for."""
        return TokenQuery(
            page=1,
            page_size=PAGE_SIZE,
            after=self.after or None,
            owner=self.owner.strip() or None,
            name=self.name or None,
            state=next((state for state in STATES if state == self.state), None),
            archived=self.state == ALL,
        )

    def address(self, after: str = "") -> str:
        """Return the address of the same list behind an id."""
        given = {"owner": self.owner, "name": self.name, "state": self.state, "after": after}
        query = urllib.parse.urlencode({name: value for name, value in given.items() if value})
        return f"{HOME}?{query}" if query else HOME


@routes.get(HOME, action="apitoken.list", query=PanelQuery)
def panel(context: ReadContext, query: PanelQuery) -> Answer:
    """Show the tokens that one may see."""
    listed = native.list_tokens(context, query.request)
    if not isinstance(listed, Envelope):
        raise AssertionError("a page was asked for")
    return page(
        "panel.html",
        session=require_session(context),
        listed=listed.results,
        count=listed.count,
        following=query.address(listed.results[-1].id) if listed.next else None,
        first=query.address() if query.after else None,
        query=query,
        states=STATES,
        sees_all=permissions.is_allowed(context.actor, "view", "apitoken"),
        revokes_others=permissions.is_allowed(context.actor, "delete", "apitoken"),
        password_end=_temporary_end(context),
        approved=[] if query.after else sessions.list_approved(context),
    )


def _temporary_end(context: ReadContext) -> str | None:
    """Return when the temporary password of who is signed in ends; None for any other password."""
    oneself = None if context.actor.id is None else manager_store.find(context.tx, context.actor.id)
    if oneself is None or not oneself.password_temporary:
        return None
    return native.format_time(managers.password_ends_at(setting_store.load(context.tx).passwords, oneself))


@routes.get("/tokens/{token_id}", action="apitoken.show")
def show(context: ReadContext, token_id: str) -> Answer:
    """Show one token, revoked or not."""
    return page(
        "token.html",
        session=require_session(context),
        token=native.show_token(context, token_id),
        revokes_others=permissions.is_allowed(context.actor, "delete", "apitoken"),
    )


@routes.get("/tokens/{token_id}/revoke", action="apitoken.show")
def ask(context: ReadContext, token_id: str) -> Answer:
    """Ask whether a token is to be revoked, and say what dies with it."""
    token = native.find_token(context, token_id, "delete")
    dying = sum(each.revoked_at is None for each in token_store.list_descendants(context.tx, token.id)) - 1
    return page(
        "revoke.html",
        session=require_session(context),
        token=native.view_token(token, context.now),
        dying=max(0, dying),
        elsewhere=token.terminal_key is not None and not permissions.is_allowed(context.actor, "delete", "apitoken"),
    )


@routes.post("/tokens/{token_id}/revoke", action="apitoken.revoke")
def revoke(context: WriteContext, request: Form, token_id: str) -> Answer:
    """Revoke a token and all that descends from it, and go to its page, which says so."""
    native.revoke_token(context, token_id)
    return see(f"/tokens/{token_id}")


LENGTHS = ("1D", "7D", "30D", "90D", "180D", "1Y")
"""What the form offers; any other length can be typed."""


class TokenForm(Form, frozen=True):
    """What a new token is to be; ``expiry_date`` is a duration as vcli writes it. ``ticket`` is its id, signed."""

    ticket: str = ""
    name: str = ""
    owner: str = ""
    expiry_date: str = ""


@routes.get("/tokens/new", action="apitoken.form")
def show_form(context: ReadContext) -> Answer:
    """Show the form of a new token."""
    return _form(context, TokenForm())


def _form(context: ReadContext, held: TokenForm, refusal: Refusal | None = None) -> Answer:
    session, settings = require_session(context), setting_store.load(context.tx)
    oneself = manager_store.find_by_name(context.tx, session.username)
    longest = settings.longest_token_lifetime
    return page(
        "new.html",
        session=session,
        ticket=_sign_id(session.form_key, issuing.mint(context).id),
        held=held,
        refusal=refusal,
        lengths=LENGTHS,
        longest=None if longest is None else spell_duration(longest),
        creates_for_others=permissions.is_allowed(context.actor, "create", "apitoken"),
        live=0 if oneself is None else token_store.count_live(context.tx, oneself.id),
        limit=None if oneself is None else issuance_rules.quota_of(oneself, settings.server.max_api_tokens_per_user),
    )


def _sign_id(form_key: str, token_id: str) -> str:
    return f"{token_id}.{derive_key(form_key, f'ticket {token_id}')}"


def _rerender(context: ReadContext, refusal: Refusal, request: TokenForm) -> Answer:
    """Show the form again, unless its token is there already: then the page of that says so."""
    if refusal.code == "created_already":
        token_id = request.ticket.partition(".")[0]
        return page("created_already.html", session=require_session(context), token_id=token_id)
    return _form(context, request, refusal)


def _check(context: ReadContext, request: TokenForm) -> str:
    """Return the id that the form's token is to have; raise when the ticket is not ours or used."""
    token_id = request.ticket.partition(".")[0]
    if not hmac.compare_digest(request.ticket.encode(), _sign_id(require_session(context).form_key, token_id).encode()):
        raise Forbidden("the form is out of date", "Send it once more. Nothing has been created.", "stale_ticket")
    if not token_format.is_id(token_id) or token_store.exists(context.tx, token_id):
        raise Conflict("this token has been created already", "Its secret is not shown again.", "created_already")
    return token_id


@routes.post("/tokens/new", action="apitoken.create", body=TokenForm, prepare=_check, rerender=_rerender)
def create(context: WriteContext, request: TokenForm) -> Answer:
    """Create a token and show its secret, once."""
    name, owner, expiry_date = (each.strip() or None for each in (request.name, request.owner, request.expiry_date))
    wanted = NewToken(name=name, owner=owner, expiry_date=expiry_date)
    issued = native.create_token(context, wanted, context.prepared)
    token = token_store.find(context.tx, issued.id)
    if token is None:
        raise AssertionError("a token that was just kept is there")
    shown = native.view_token(token, context.now)
    return page("created.html", session=require_session(context), token=shown, secret=issued.token)
