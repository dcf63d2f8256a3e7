"""Vault's dialect: the API of HashiCorp Vault's token backend, and of OpenBao's, over our tokens.

Two sets of addresses with one set of handlers: today's below /v1, and those of the early documentation without it
("Auth Backend: Token"), where a cookie named ``token`` is a credential too. A dialect decides nothing: who may do what
is said by the rules of the engine, and comes out here in the statuses and words that Vault's clients match on.

    our word               Vault's
    id                     accessor
    role                   policy; ``root`` is every right un-narrowed, ``default`` what a token may do with itself
    name                   display_name
    path                   path
    the manager ``root``   who owns what local-admin makes
"""

from server_stub.web.http.dialect import Route
from server_stub.web.vault import dialect, system, token_roles, tokens

__all__ = ["ROUTES", "dialect", "system", "token_roles", "tokens"]

ROUTES: list[Route] = [*dialect.current.all, *dialect.early.all]
