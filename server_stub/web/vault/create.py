"""Making tokens through Vault's door: create, create-orphan, create/ROLE."""

import re
from dataclasses import dataclass, replace

from server_stub.domain import settings
from server_stub.domain.base.errors import Invalid
from server_stub.domain.tokens import issuance as rules
from server_stub.domain.tokens import tokens, vault_roles
from server_stub.domain.tokens.expiry import Lengths
from server_stub.domain.tokens.issuance import Maker, TokenRequest
from server_stub.domain.tokens.vault_roles import TokenRole
from server_stub.operations import issuing
from server_stub.operations.context import WriteContext
from server_stub.operations.issuing import Made
from server_stub.store import settings as setting_store
from server_stub.store import token_roles as token_role_store
from server_stub.web.http.dialect import Body
from server_stub.web.vault import policies, responses
from server_stub.web.vault.decoding import Decoded, Length, Pairs, Switch, Text, Texts, Whole
from server_stub.web.vault.dialect import on_both
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


@dataclass(frozen=True, slots=True)
class TokenOrder:
    """One request for a token, with the role that it names (one that changes nothing when it names none).

    `asking` is who asks, without what the role hands out.
    """

    request: NewToken
    role: TokenRole
    path: str
    orphan: bool
    asking: Maker


@on_both("post", "create", "apitoken.create", body=NewToken)
def create_token(context: WriteContext, decoded: Decoded[NewToken]) -> Envelope:
    """Make a token, a child of the one that asks unless it is to be an orphan."""
    maker = issuing.find_maker(context)
    order = TokenOrder(decoded.request, TokenRole(""), "auth/token/create", bool(decoded.request.no_parent), maker)
    return _create(context, decoded, order, maker)


@on_both("post", "create-orphan", "apitoken.create", body=NewToken)
def create_orphan(context: WriteContext, decoded: Decoded[NewToken]) -> Envelope:
    """Make a token without a parent."""
    maker = issuing.find_maker(context)
    order = TokenOrder(decoded.request, TokenRole(""), "auth/token/create-orphan", True, maker)
    return _create(context, decoded, order, maker)


@on_both("post", "create/{role}", "apitoken.create", body=NewToken, status_overrides={"role_policy": (400, "")})
def create_by_role(context: WriteContext, decoded: Decoded[NewToken], role: str) -> Envelope:
    """Make a token as a role says; what is asked is kept within the role."""
    kept = token_role_store.find(context.tx, role)
    if kept is None:
        raise Invalid(f"unknown role {role}")
    path = "/".join(part for part in ("auth/token/create", kept.name, kept.path_suffix) if part)
    asking = maker = issuing.find_maker(context)
    if decoded.request.id:
        rules.require_naming(asking)
    if decoded.request.period and kept.period is None:
        rules.require_period(TokenRequest(Lengths(period=decoded.request.period)), asking)
    # Whoever wrote the role held every right, and handed these two on with it.
    if kept.orphan or kept.period is not None:
        maker = replace(maker, has_every_right=True)
    return _create(context, decoded, TokenOrder(decoded.request, kept, path, kept.orphan, asking), maker)


def _create(context: WriteContext, decoded: Decoded[NewToken], order: TokenOrder, maker: Maker) -> Envelope:
    request = order.request
    _require_service(request)
    names = vault_roles.policies_for(order.role, policies.clean_names(request.policies))
    made = issuing.issue(
        context,
        _make_request(context, order, names),
        owner=issuing.find_owner(context, tokens.owner_at_vault(context.actor), None),
        maker=maker,
        name=format_display_name(request.display_name),
        path=order.path,
        refuse_longer=False,
        longest_grant=settings.max_lease(setting_store.load(context.tx).server),
        text=request.id or None,
    )
    warnings = [*decoded.warnings, *_warnings(context, order, names, made)]
    return responses.make_envelope(
        context, auth=responses.make_auth(context, made.token, made.secret), warnings=warnings
    )


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


def _make_request(context: WriteContext, order: TokenOrder, names: tuple[str, ...]) -> TokenRequest:
    request, role = order.request, order.role
    uses = request.num_uses or 0
    if uses < 0:
        raise Invalid("number of uses cannot be negative")
    no_default = bool(request.no_default_policy) or role.no_default_policy
    wanted = policies.choose_policies(names, order.asking, context.actor, no_default)
    return TokenRequest(
        lengths=_lengths(context, order, wanted is None),
        policies=wanted,
        meta=request.meta or {},
        num_uses=min(uses or role.num_uses, role.num_uses) if role.num_uses else uses,
        orphan=order.orphan,
        renewable=role.renewable and request.renewable is not False,
        unknown_policies=True,
    )


def _lengths(context: WriteContext, order: TokenOrder, un_narrowed: bool) -> Lengths:
    """Return how long a token is to last; only what is root may have no end."""
    request = order.request
    lifetime = request.ttl or request.lease
    is_root = un_narrowed and order.asking.has_every_right and not context.actor.is_narrowed
    if lifetime is None and not is_root:
        lifetime = settings.default_lease(setting_store.load(context.tx).server)
    return Lengths(
        lifetime=lifetime,
        hard_end=vault_roles.shortest(request.explicit_max_ttl, order.role.explicit_max_ttl),
        period=order.role.period or request.period,
    )


def _warnings(context: WriteContext, order: TokenOrder, names: tuple[str, ...], made: Made) -> list[str]:
    request, token = order.request, made.token
    warnings = [NAMED] if request.id else []
    warnings += [f'Policy "{name}" does not exist' for name in policies.list_missing(context.tx, names)]
    asked = token.period or request.ttl or request.lease
    if asked is not None and token.granted is not None and token.granted < asked:
        warnings += made.cut or [responses.format_cap(asked, token.granted)]
    return warnings


def format_display_name(request: str | None) -> str:
    """Return a token's name as Vault makes it: led by ``token``, of letters, digits and hyphens; raise Invalid."""
    if not request:
        return "token"
    if len(request) > LONGEST_DISPLAY_NAME:
        raise Invalid(f"display_name has at most {LONGEST_DISPLAY_NAME} characters")
    return re.sub("[^A-Za-z0-9-]", "-", f"token-{request}").removesuffix("-")
