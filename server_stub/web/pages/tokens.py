"""/: the token panel, where tokens are listed, looked at and revoked.

What is listed, shown and revoked, and by whom, the native API decides: its handlers are asked.
"""

import urllib.parse
from typing import get_args

from server_stub.domain.accounts import passwords, permissions
from server_stub.domain.tokens import emergency, tokens
from server_stub.operations.context import Answer, ReadContext, WriteContext
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.store import tokens as token_store
from server_stub.web.http.paging import Envelope
from server_stub.web.native import sessions
from server_stub.web.native import tokens as native
from server_stub.web.native.tokens import TokenQuery, TokenView
from server_stub.web.pages.dialect import HOME, Form, PageQuery, routes
from server_stub.web.pages.session import require
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
        session=require(context),
        listed=listed.results,
        count=listed.count,
        following=query.address(listed.results[-1].id) if listed.next else None,
        first=query.address() if query.after else None,
        query=query,
        states=STATES,
        sees_all=permissions.is_allowed(context.actor, "view", "apitoken"),
        revokes_others=permissions.is_allowed(context.actor, "delete", "apitoken"),
        is_emergency=is_emergency,
        password_end=_temporary_end(context),
        approved=[] if query.after else sessions.list_approved(context),
    )


def _temporary_end(context: ReadContext) -> str | None:
    """Return when the temporary password of who is signed in ends; None for any other password."""
    oneself = None if context.actor.id is None else manager_store.find(context.tx, context.actor.id)
    if oneself is None or not oneself.password_temporary:
        return None
    return native.format_time(passwords.ends_at(setting_store.load(context.tx).passwords, oneself))


def is_emergency(token: TokenView) -> bool:
    """Tell whether a token was made by an emergency access, to be flagged."""
    return token.path == emergency.PATH


@routes.get("/tokens/{token_id}", action="apitoken.show")
def show(context: ReadContext, token_id: str) -> Answer:
    """Show one token, revoked or not."""
    return page(
        "token.html",
        session=require(context),
        token=native.show_token(context, token_id),
        revokes_others=permissions.is_allowed(context.actor, "delete", "apitoken"),
        is_emergency=is_emergency,
    )


@routes.get("/tokens/{token_id}/revoke", action="apitoken.show")
def ask(context: ReadContext, token_id: str) -> Answer:
    """Ask whether a token is to be revoked, and say what dies with it."""
    token = native.find_token(context, token_id, "delete")
    dying = sum(each.revoked_at is None for each in token_store.list_descendants(context.tx, token.id)) - 1
    return page(
        "revoke.html",
        session=require(context),
        token=native.view_token(token, context.now),
        dying=max(0, dying),
        elsewhere=token.terminal_key is not None and not permissions.is_allowed(context.actor, "delete", "apitoken"),
        is_emergency=is_emergency,
    )


@routes.post("/tokens/{token_id}/revoke", action="apitoken.revoke")
def revoke(context: WriteContext, request: Form, token_id: str) -> Answer:
    """Revoke a token and all that descends from it, and go to its page, which says so."""
    native.revoke_token(context, token_id)
    return see(f"/tokens/{token_id}")
