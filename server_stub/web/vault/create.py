"""Making tokens in Vault's dialect: create, create-orphan, create/ROLE, and signing in by password.

Vault's clients have one token of a sign-in and renew it, where the native API has a refresh token beside it. So it
lasts as long as an access token does, can be renewed, and ends for good when a refresh token would.
"""

import re
from dataclasses import replace

from server_stub.domain import settings
from server_stub.domain.base.errors import Invalid
from server_stub.domain.tokens import expiry, tokens, vault_roles
from server_stub.domain.tokens import issuance as rules
from server_stub.domain.tokens.expiry import Lengths
from server_stub.domain.tokens.issuance import Maker, TokenRequest
from server_stub.domain.tokens.vault_roles import TokenRole
from server_stub.operations import issuing, sessions
from server_stub.operations.context import ReadContext, SignedIn, WriteContext
from server_stub.store import settings as setting_store
from server_stub.store import token_roles as token_role_store
from server_stub.web.http.decoding import Body
from server_stub.web.vault import policies, responses
from server_stub.web.vault.decoding import Decoded, Length, Pairs, Switch, Text, Texts, Whole
from server_stub.web.vault.dialect import current, on_both
from server_stub.web.vault.responses import Envelope

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
