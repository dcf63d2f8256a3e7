"""/: the token panel. One's own tokens; with view_security everybody's, by filter; each can be looked at and revoked.

What is listed, shown and revoked, and by whom, the native API decides: its handlers are asked.
"""

import urllib.parse
from typing import get_args

from server_stub.domain.accounts import passwords, permissions
from server_stub.domain.tokens import emergency, tokens
from server_stub.store import families
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.web.http.paging import Envelope
from server_stub.web.http.routing import Answer, Change, Look
from server_stub.web.native import approvals
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
    def wish(self) -> TokenQuery:
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
def panel(look: Look, query: PanelQuery) -> Answer:
    """Show the tokens that one may see."""
    listed = native.list_tokens(look, query.wish)
    if not isinstance(listed, Envelope):
        raise AssertionError("a page was asked for")
    return page(
        "panel.html",
        session=require(look),
        listed=listed.results,
        count=listed.count,
        following=query.address(listed.results[-1].id) if listed.next else None,
        first=query.address() if query.after else None,
        query=query,
        states=STATES,
        sees_all=permissions.allowed(look.actor, "view", "apitoken"),
        revokes_others=permissions.allowed(look.actor, "delete", "apitoken"),
        is_emergency=is_emergency,
        password_end=_temporary_end(look),
        approved=[] if query.after else approvals.list_approved(look),
    )


def _temporary_end(look: Look) -> str | None:
    """Return when the temporary password of who is signed in ends; None for any other password."""
    oneself = None if look.actor.id is None else manager_store.find(look.tx, look.actor.id)
    if oneself is None or not oneself.password_temporary:
        return None
    settings = setting_store.load(look.tx).passwords
    return native.moment(
        passwords.ends_at(settings, oneself.password_set_at, temporary=True, expiration_disabled=False)
    )


def is_emergency(token: TokenView) -> bool:
    """Tell whether a token was made by an emergency access, to be flagged."""
    return token.path == emergency.PATH


@routes.get("/tokens/{token_id}", action="apitoken.show")
def show(look: Look, token_id: str) -> Answer:
    """Show one token, revoked or not."""
    return page(
        "token.html",
        session=require(look),
        token=native.show(look, token_id),
        revokes_others=permissions.allowed(look.actor, "delete", "apitoken"),
        is_emergency=is_emergency,
    )


@routes.get("/tokens/{token_id}/revoke", action="apitoken.show")
def ask(look: Look, token_id: str) -> Answer:
    """Ask whether a token is to be revoked, and say what dies with it."""
    token = native.found(look, token_id, "delete")
    dying = sum(each.revoked_at is None for each in families.descendants(look.tx, token.id)) - 1
    return page(
        "revoke.html",
        session=require(look),
        token=native.view(token, look.now),
        dying=max(0, dying),
        elsewhere=token.terminal_key is not None and not permissions.allowed(look.actor, "delete", "apitoken"),
        is_emergency=is_emergency,
    )


@routes.post("/tokens/{token_id}/revoke", action="apitoken.revoke")
def revoke(change: Change, wish: Form, token_id: str) -> Answer:
    """Revoke a token and all that descends from it, and go to its page, which says so."""
    native.revoke(change, token_id)
    return see(f"/tokens/{token_id}")
