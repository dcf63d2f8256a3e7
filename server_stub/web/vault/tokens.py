"""Tokens in Vault's dialect, auth/token/: creation, look-up, renewal and revocation.

The early documentation puts the string into the path, today's clients into the body. Vault answers a caller who may
not ask about others the same for a token that is there and for one that is not; so do these: without the right, and
unless the token is the caller's own, they raise Forbidden before anything is said.

Vault's clients have one token of a sign-in and renew it, where the native API has a refresh token beside it. So it
lasts as long as an access token does, can be renewed, and ends for good when a refresh token would.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from server_stub.domain import settings
from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import Action
from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Conflict, Invalid, NotFound
from server_stub.domain.base.timestamps import rfc3339
from server_stub.domain.tokens import expiry, tokens, vault_roles
from server_stub.domain.tokens import issuance_rules as rules
from server_stub.domain.tokens.expiry import Lengths
from server_stub.domain.tokens.issuance_rules import Maker, TokenRequest
from server_stub.domain.tokens.tokens import Token
from server_stub.domain.tokens.vault_roles import TokenRole
from server_stub.operations import issuing, sessions, token_lifecycle
from server_stub.operations.context import ReadContext, SignedIn, WriteContext
from server_stub.store import managers as manager_store
from server_stub.store import settings as setting_store
from server_stub.store import token_roles as token_role_store
from server_stub.store import tokens as token_store
from server_stub.web.http.decoding import Body, Query
from server_stub.web.vault import decoding, dialect, policies, responses
from server_stub.web.vault.decoding import Decoded, EmptyBody, EmptyQuery, Length, Pairs, Switch, Text, Texts, Whole
from server_stub.web.vault.dialect import current, format_multierror, on_both
from server_stub.web.vault.responses import Envelope

VAULTS_OWN = "auth/"
"""How the paths of the tokens begin that are made in this dialect: its maximum lease bounds their renewals."""

LOCAL_ADMIN_PATH = "auth/token/root"
NO_ACCESSOR = "No token found with this accessor"
BAD_TOKEN = {"not_found": (403, "bad token")}
BAD_ACCESSOR = {"not_found": (400, format_multierror("invalid accessor"))}
NO_TOKEN = {"not_found": (400, "token not found")}
NO_ORPHANS = {
    "not_found": (400, "token to revoke not found"),
    "permission_denied": (400, "root or sudo privileges required to revoke and orphan"),
}


class TokenBody(Body, frozen=True):
    """A token by its whole string, and by how much to renew it."""

    token: Text = None
    increment: Length = None


class TokenQuery(Query, frozen=True):
    """A token by its whole string."""

    token: Text = None


class AccessorBody(Body, frozen=True):
    """A token by its accessor, and by how much to renew it."""

    accessor: Text = None
    increment: Length = None


def _require_text(decoded: Decoded[TokenBody] | Decoded[TokenQuery], token: str) -> str:
    text = token or decoded.request.token
    if not text:
        raise Invalid("missing token ID")
    return text


def _require_accessor(decoded: Decoded[AccessorBody]) -> str:
    if not decoded.request.accessor:
        raise Invalid(format_multierror("missing accessor"))
    return decoded.request.accessor


@on_both("get", "lookup-self", "apitoken.show", query=EmptyQuery, personal=True, quick=True)
@on_both("post", "lookup-self", "apitoken.show", body=TokenBody, read_only=True, personal=True)
def lookup_self(context: ReadContext, decoded: Decoded[EmptyQuery] | Decoded[TokenBody]) -> Envelope:
    """Show the token that asks."""
    shown = responses.make_lookup(context, find_own(context), dialect.find_token_text(context.header))
    return responses.make_envelope(context, shown)


@on_both("get", "lookup", "apitoken.show", named_in_path=True, query=TokenQuery, status_overrides=BAD_TOKEN)
@on_both("post", "lookup", "apitoken.show", body=TokenBody, status_overrides=BAD_TOKEN, read_only=True)
def lookup_token(context: ReadContext, decoded: Decoded[TokenBody] | Decoded[TokenQuery], token: str = "") -> Envelope:
    """Show a token by its whole string."""
    text = _require_text(decoded, token)
    found = require_live(context, find_by_text(context, text, "view"))
    return responses.make_envelope(context, responses.make_lookup(context, found, text), warnings=decoded.warnings)


@on_both("post", "lookup-accessor", "apitoken.show", body=AccessorBody, status_overrides=BAD_ACCESSOR, read_only=True)
def lookup_accessor(context: ReadContext, decoded: Decoded[AccessorBody]) -> Envelope:
    """Show a token by its accessor."""
    found = require_live(context, find_by_accessor(context, _require_accessor(decoded), "view"))
    return responses.make_envelope(context, responses.make_lookup(context, found, ""), warnings=decoded.warnings)


@on_both("post", "renew-self", "apitoken.renew", body=TokenBody, status_overrides=NO_TOKEN)
def renew_self(context: WriteContext, decoded: Decoded[TokenBody]) -> Envelope:
    """Renew the token that asks."""
    return _renew(context, decoded, find_own(context), dialect.find_token_text(context.header))


@on_both("post", "renew", "apitoken.renew", named_in_path=True, body=TokenBody, status_overrides=NO_TOKEN)
def renew_token(context: WriteContext, decoded: Decoded[TokenBody], token: str = "") -> Envelope:
    """Renew a token by its whole string."""
    text = _require_text(decoded, token)
    found = require_live(context, find_by_text(context, text, "edit"))
    return _renew(context, decoded, found, text)


@on_both("post", "renew-accessor", "apitoken.renew", body=AccessorBody, status_overrides=BAD_ACCESSOR)
def renew_accessor(context: WriteContext, decoded: Decoded[AccessorBody]) -> Envelope:
    """Renew a token by its accessor."""
    found = require_live(context, find_by_accessor(context, _require_accessor(decoded), "edit"))
    return _renew(context, decoded, found, "")


def _renew(
    context: WriteContext, decoded: Decoded[TokenBody] | Decoded[AccessorBody], token: Token, text: str
) -> Envelope:
    increment, warnings = decoded.request.increment, decoded.warnings
    if token.uses_left == 0:
        raise Conflict("the token's last use is this one", code="not_found")
    maximum = settings.max_lease(setting_store.load(context.tx).server)
    end = token_lifecycle.renew_token(context, token, increment, maximum if token.path.startswith(VAULTS_OWN) else None)
    context.record(token.id, {"expires_at": rfc3339(end)})
    asked = token.period or increment
    if asked is not None and end - context.now < asked:
        warnings.append(responses.format_cap(asked, end - context.now))
    renewed = replace(token, expires_at=end, renewed_at=context.now)
    return responses.answer_auth(context, renewed, text, warnings)


@on_both("post", "revoke-self", "apitoken.revoke", body=EmptyBody)
def revoke_self(context: WriteContext, decoded: Decoded[EmptyBody]) -> None:
    """Revoke the token that asks, and all that descends from it."""
    _revoke(context, find_own(context))


@on_both("post", "revoke", "apitoken.revoke", named_in_path=True, body=TokenBody)
def revoke_token(context: WriteContext, decoded: Decoded[TokenBody], token: str = "") -> None:
    """Revoke a token and all that descends from it; one that is not there is as good as revoked."""
    found = find_by_text(context, _require_text(decoded, token), "delete", refresh=True)
    if found is not None:
        _revoke(context, found)


@on_both("post", "revoke-accessor", "apitoken.revoke", body=AccessorBody)
def revoke_accessor(context: WriteContext, decoded: Decoded[AccessorBody]) -> Envelope | None:
    """Revoke a token by its accessor, and all that descends from it."""
    found = find_by_accessor(context, _require_accessor(decoded), "delete")
    if found is None or found.revoked_at is not None:
        return responses.make_envelope(context, warnings=[NO_ACCESSOR])
    _revoke(context, found, token_lifecycle.require_terminal(context, found))
    return None


def _revoke(context: WriteContext, token: Token, detail: Mapping[str, str] | None = None) -> None:
    if token.path == LOCAL_ADMIN_PATH:
        raise Conflict("the token of local-admin lives as long as the server runs", "Stop the server.")
    revoked = token_store.revoke(context.tx, issuing.root_of(token))
    context.record(token.id, {"owner": token.owner, "revoked": revoked, **(detail or {})})


@on_both(
    "post", "revoke-orphan", "apitoken.revoke-orphan", named_in_path=True, body=TokenBody, status_overrides=NO_ORPHANS
)
def revoke_orphan(context: WriteContext, decoded: Decoded[TokenBody], token: str = "") -> None:
    """Revoke a token alone: its children become orphans and live on."""
    found = require_live(context, find_by_text(context, _require_text(decoded, token), "delete"))
    if found.path == LOCAL_ADMIN_PATH:
        _revoke(context, found)
    token_lifecycle.revoke_alone(context, found)


@dialect.current.post(
    "/sys/leases/revoke-prefix/{prefix:path}", action="apitoken.revoke-prefix", status=200, body=EmptyBody
)
@dialect.current.post("/sys/revoke-prefix/{prefix:path}", action="apitoken.revoke-prefix", status=200, body=EmptyBody)
@on_both("post", "revoke-prefix/{prefix:path}", "apitoken.revoke-prefix", body=EmptyBody)
def revoke_prefix(context: WriteContext, decoded: Decoded[EmptyBody], prefix: str) -> None:
    """Revoke all tokens made at a path or below it, and all that descends from them."""
    token_lifecycle.revoke_path(context, prefix)


@on_both("list", "accessors", "apitoken.list", query=decoding.ListQuery)
def list_accessors(context: ReadContext, decoded: Decoded[decoding.ListQuery]) -> Envelope:
    """List the accessors of live tokens: one's own, and those of others with view on the Security realm."""
    actor = context.actor
    mine = {actor.token_id} if actor.token_id else set()
    if permissions.is_allowed(actor, "view", "apitoken"):
        mine |= set(token_store.live_ids(context.tx))
    elif not actor.is_narrowed and actor.id is not None:
        mine |= set(token_store.live_ids(context.tx, actor.id))
    return responses.make_envelope(context, {"keys": sorted(mine)}, warnings=decoded.warnings)


@on_both("post", "tidy", "apitoken.tidy", status=202, body=EmptyBody, read_only=True)
def tidy_tokens(context: ReadContext, decoded: Decoded[EmptyBody]) -> Envelope:
    """Do nothing, for there is nothing to tidy: a token is one record."""
    permissions.require(context.actor, "delete", "apitoken")
    warning = "There is nothing to tidy: this server keeps one record for a token."
    return responses.make_envelope(context, warnings=[warning])


def find_by_text(context: ReadContext, text: str, action: Action, refresh: bool = False) -> Token | None:
    """Return the token that a string is, dead or alive; raise Forbidden when the caller may not know.

    Unless ``refresh`` ones are meant too, a sign-in's refresh token is none.
    """
    presented = token_format.parse_any(text.strip())
    if presented is None:
        return _require_allowed(context, None, action)
    if token_format.same(presented.digest, token_format.digest(dialect.find_token_text(context.header))):
        return find_own(context)
    token = token_store.find(context.tx, presented.id)
    accepted = token is not None and tokens.accepts(token, presented.digest, context.now)
    return _require_allowed(context, token if accepted else None, action, refresh)


def find_by_accessor(context: ReadContext, accessor: str, action: Action) -> Token | None:
    """Return the token with an accessor, dead or alive; raise Forbidden when the caller may not know."""
    if accessor == context.actor.token_id:
        return find_own(context)
    token = token_store.find(context.tx, accessor) if token_format.is_id(accessor) else None
    return _require_allowed(context, token, action)


def _require_allowed(context: ReadContext, token: Token | None, action: Action, refresh: bool = False) -> Token | None:
    found = token if token is not None and (refresh or token.kind != "refresh") else None
    actor = context.actor
    if found is None or not permissions.is_own_token(actor, found.owner_id, found.id, found.parent_id):
        permissions.require(actor, action, "apitoken")
    return found


def find_own(context: ReadContext) -> Token:
    """Return the token that the caller was let in by; local-admin's is written here, for it has no record."""
    actor = context.actor
    if actor.token_id is None:
        raise NotFound("the caller shows no token")
    if context.token is not None:
        return context.token
    root = manager_store.find_by_name(context.tx, "root")
    if root is None:
        raise AssertionError("built-in managers are never deleted")
    return Token(
        id=actor.token_id,
        digest=b"",
        kind="api",
        owner_id=root.id,
        owner=root.username,
        name="root",
        created_at=token_format.made_at(actor.token_id),
        renewable=False,
        path=LOCAL_ADMIN_PATH,
    )


def require_live(context: ReadContext, token: Token | None) -> Token:
    """Return a token that is alive; raise NotFound for none and for a dead one.

    The caller's own is alive, also when this request has taken its last use.
    """
    if token is None or (token.id != context.actor.token_id and tokens.state(token, context.now) != "live"):
        raise NotFound("there is no such token")
    return token


LONGEST_DISPLAY_NAME = 512
NAMED = "a token that names its own string is only as strong as that string; leave out the id to have one made"


class NewToken(Body, frozen=True):
    """What a new token is to be; `lease` is the early name of `ttl`, which wins."""

    id: Text = None
    policies: Texts = None
    meta: Pairs = None
    no_parent: Switch = None
    no_default_policy: Switch = None
    renewable: Switch = None
    ttl: Length = None
    lease: Length = None
    explicit_max_ttl: Length = None
    period: Length = None
    display_name: Text = None
    num_uses: Whole = None
    type: Text = None
    entity_alias: Text = None
    role_name: Text = None


@on_both("post", "create", "apitoken.create", body=NewToken)
def create_token(context: WriteContext, decoded: Decoded[NewToken]) -> Envelope:
    """Make a token, a child of the one that asks unless it is to be an orphan."""
    role = TokenRole("", orphan=bool(decoded.request.no_parent))
    return _create(context, decoded, role, "auth/token/create", issuing.find_maker(context))


@on_both("post", "create-orphan", "apitoken.create", body=NewToken)
def create_orphan(context: WriteContext, decoded: Decoded[NewToken]) -> Envelope:
    """Make a token without a parent."""
    role = TokenRole("", orphan=True)
    return _create(context, decoded, role, "auth/token/create-orphan", issuing.find_maker(context))


@on_both("post", "create/{role}", "apitoken.create", body=NewToken, status_overrides={"role_policy": (400, "")})
def create_by_role(context: WriteContext, decoded: Decoded[NewToken], role: str) -> Envelope:
    """Make a token as a role says; what is asked is kept within the role."""
    stored = token_role_store.find(context.tx, role)
    if stored is None:
        raise Invalid(f"unknown role {role}")
    path = "/".join(part for part in ("auth/token/create", stored.name, stored.path_suffix) if part)
    maker = issuing.find_maker(context)
    if decoded.request.id:
        rules.require_naming(maker)
    if decoded.request.period and stored.period is None:
        rules.require_period(TokenRequest(Lengths(period=decoded.request.period)), maker)
    return _create(context, decoded, stored, path, maker)


def _create(context: WriteContext, decoded: Decoded[NewToken], role: TokenRole, path: str, maker: Maker) -> Envelope:
    """Make a token within a role: one without a name narrows nothing and hands nothing out."""
    body = decoded.request
    _require_service(body)
    names = vault_roles.policies_for(role, policies.clean_names(body.policies))
    request = _make_request(context, body, role, maker, names)
    # Whoever wrote the role held every right, and handed these two on with it.
    hands_out = bool(role.name) and (role.orphan or role.period is not None)
    made = issuing.issue(
        context,
        request,
        owner=issuing.find_owner(context, tokens.owner_at_vault(context.actor), None),
        maker=replace(maker, has_every_right=True) if hands_out else maker,
        name=format_display_name(body.display_name),
        path=path,
        refuse_longer=False,
        longest_grant=settings.max_lease(setting_store.load(context.tx).server),
        text=body.id or None,
    )
    warnings = [*decoded.warnings, *([NAMED] if body.id else ())]
    warnings += [f'Policy "{name}" does not exist' for name in policies.list_missing(context.tx, names)]
    granted, asked = made.token.granted, made.token.period or body.ttl or body.lease
    if asked is not None and granted is not None and granted < asked:
        warnings += made.cut or [responses.format_cap(asked, granted)]
    return responses.answer_auth(context, made.token, made.secret, warnings)


def _require_service(request: NewToken) -> None:
    """Raise Invalid for the kinds of token that are not made here."""
    if request.type == "batch":
        raise Invalid("batch tokens are not supported by this server", 'Leave out the type, or use "service".')
    if request.type not in (None, "", "service", "default-service"):
        raise Invalid("invalid 'token_type' value")
    if request.entity_alias:
        raise Invalid("entity aliases are not supported by this server")
    if request.id and request.id.startswith("s."):
        raise Invalid("custom token ID cannot have the 's.' prefix")
    if request.id and "." in request.id:
        raise Invalid("custom token ID cannot have a '.' in the value")


def _make_request(
    context: WriteContext, body: NewToken, role: TokenRole, maker: Maker, names: tuple[str, ...]
) -> TokenRequest:
    """Put together what a body asks for and what a role says; only what is root may have no end."""
    uses = body.num_uses or 0
    if uses < 0:
        raise Invalid("number of uses cannot be negative")
    no_default = bool(body.no_default_policy) or role.no_default_policy
    wanted = policies.choose_policies(names, maker, context.actor, no_default)
    lifetime = body.ttl or body.lease
    is_root = wanted is None and maker.has_every_right and not context.actor.is_narrowed
    if lifetime is None and not is_root:
        lifetime = settings.default_lease(setting_store.load(context.tx).server)
    return TokenRequest(
        lengths=Lengths(
            lifetime=lifetime,
            hard_end=expiry.earliest(body.explicit_max_ttl, role.explicit_max_ttl),
            period=role.period or body.period,
        ),
        policies=wanted,
        meta=body.meta or {},
        num_uses=min(uses or role.num_uses, role.num_uses) if role.num_uses else uses,
        orphan=role.orphan,
        renewable=role.renewable and body.renewable is not False,
        unknown_policies=True,
    )


def format_display_name(request: str | None) -> str:
    """Return a token's name as Vault makes it: led by ``token``, of letters, digits and hyphens; raise Invalid."""
    if not request:
        return "token"
    if len(request) > LONGEST_DISPLAY_NAME:
        raise Invalid(f"display_name has at most {LONGEST_DISPLAY_NAME} characters")
    return re.sub("[^A-Za-z0-9-]", "-", f"token-{request}").removesuffix("-")


class Password(Body, frozen=True):
    """A manager's password."""

    password: Text = None


def _check(context: ReadContext, decoded: Decoded[Password], username: str) -> SignedIn:
    """Check the password; slow, and counted when it is wrong."""
    if not decoded.request.password:
        raise Invalid("missing password")
    return sessions.check_sign_in(context, username, decoded.request.password)


@current.post(
    "/auth/userpass/login/{username}",
    action="session.create",
    status=200,
    body=Password,
    prepare=_check,
    open=True,
    anonymous=True,
    status_overrides={"not_authenticated": (400, "invalid username or password")},
)
def login(context: WriteContext, decoded: Decoded[Password], username: str) -> Envelope:
    """Sign in by password."""
    made, _ = sessions.open_session(context, context.prepared, "renewable")
    return responses.answer_auth(context, made.token, made.secret, decoded.warnings)
