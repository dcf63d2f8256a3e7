"""Capabilities: what a token may do at an address, in Vault's words.

The words are create, read, update, delete, list and sudo. Vault goes by its policies, this table by the rules of the
engine, address by address. ``root`` is every right un-narrowed and ``deny`` is none. What everybody may do with their
own tokens is called ``update``, though others' take a right.
"""

from collections.abc import Callable, Mapping

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import authentication
from server_stub.operations.context import ReadContext
from server_stub.web.vault import policies

Rule = Callable[[Actor], set[str]]


def _always(*words: str) -> Rule:
    return lambda actor: set(words)


def _if_allowed(action: permissions.Action, object_type: str, *words: str) -> Rule:
    return lambda actor: set(words) if permissions.is_allowed(actor, action, object_type) else set()


def _if_administrator(*words: str) -> Rule:
    def rule(actor: Actor) -> set[str]:
        full = not actor.scopes and permissions.is_administrator(actor.permissions, actor.custom_realms)
        return set(words) if actor.kind == "local-admin" or full else set()

    return rule


_CHANGED = ("create", "update")
ADDRESSES: Mapping[str, tuple[Rule, ...]] = {
    "auth/token/lookup-self": (_always("read", *_CHANGED),),
    "auth/token/renew-self": (_always(*_CHANGED),),
    "auth/token/revoke-self": (_always(*_CHANGED),),
    "sys/capabilities-self": (_always(*_CHANGED),),
    "auth/token/create": (_always(*_CHANGED), _if_administrator("sudo")),
    "auth/token/create-orphan": (_if_administrator("sudo", *_CHANGED),),
    "auth/token/create/": (_always(*_CHANGED),),
    "auth/token/lookup": (_always("read", *_CHANGED),),
    "auth/token/lookup/": (_always("read"),),
    "auth/token/lookup-accessor": (_always(*_CHANGED),),
    "auth/token/renew": (_always(*_CHANGED),),
    "auth/token/renew/": (_always(*_CHANGED),),
    "auth/token/renew-accessor": (_always(*_CHANGED),),
    "auth/token/revoke": (_always(*_CHANGED),),
    "auth/token/revoke/": (_always(*_CHANGED),),
    "auth/token/revoke-accessor": (_always(*_CHANGED),),
    "auth/token/revoke-orphan": (_always(*_CHANGED),),
    "auth/token/revoke-orphan/": (_always(*_CHANGED),),
    "auth/token/revoke-prefix/": (_if_allowed("delete", "apitoken", "sudo", *_CHANGED),),
    "sys/leases/revoke-prefix/": (_if_allowed("delete", "apitoken", "sudo", *_CHANGED),),
    "sys/revoke-prefix/": (_if_allowed("delete", "apitoken", "sudo", *_CHANGED),),
    "auth/token/accessors": (_always("list"), _if_allowed("view", "apitoken", "sudo")),
    "auth/token/roles": (_if_allowed("view", "role", "list"),),
    "auth/token/roles/": (_if_allowed("view", "role", "read"), _if_administrator("delete", *_CHANGED)),
    "auth/token/tidy": (_if_allowed("delete", "apitoken", *_CHANGED),),
    "sys/capabilities": (_always(*_CHANGED),),
    "sys/capabilities-accessor": (_always(*_CHANGED),),
    "sys/auth": (_always("read"),),
    "sys/mounts": (_always("read"),),
}
"""The rules of each address; one that ends in a slash stands for all below it."""


def list_capabilities(context: ReadContext, token: Token, path: str) -> list[str]:
    """Return what a token may do at an address, in Vault's words and order."""
    if policies.names_of(context.tx, token) == [policies.ROOT]:
        return [policies.ROOT]
    actor = authentication.of_token(context.tx, token, context.source)
    below = [address for address in ADDRESSES if address.endswith("/") and path.startswith(address)]
    rules = ADDRESSES.get(path) or (ADDRESSES[max(below, key=len)] if below else ())
    return sorted(set[str]().union(*(rule(actor) for rule in rules))) or ["deny"]
