"""The making of tokens on the random walk: by whomever, by every form of a credential and front door, as wished.

What is made is checked against all that bounds it: who asked, and the parent that was named.
"""

from __future__ import annotations

from random import Random
from typing import Any

from server_stub.domain.base import durations
from server_stub.domain.tokens.tokens import Token
from tests.server_stub.conftest import PASSWORD, Answer
from tests.server_stub.web import walking
from tests.server_stub.web.walking import (
    MAX_LEASE,
    NATIVE,
    PATHS,
    PEOPLE,
    ROLES,
    SEED,
    TOKEN_ROLES,
    VAULT,
    Asker,
    Known,
    earlier,
    is_over_quota,
    seen,
    within,
)  # fmt: skip
from tests.server_stub.web.walking_steps import Surroundings, any_number, some, step
from vshell.formats.durations import GO


def any_request(random: Random) -> dict[str, Any]:
    """Draw what a new token is to be."""
    scopes = [(path, random.choice(("r", "w", "rw"))) for path in some(PATHS, 1, 2)(random)]
    return {
        "lifetime": random.choice((None, None, "2h", "40h", "500h", "500h", "2000h")),
        "window": random.choice((None, None, None, "10m", "3h", "3h")),
        "hard_end": random.choice((None, None, None, None, None, "1h", "9h", "60h")),
        "policies": random.choice((None, None, some(ROLES, 1, 3)(random))),
        "scopes": random.choice(((), scopes)),
        "num_uses": random.choice((0,) * 9 + (1, 3)),
        "orphan": random.random() < 0.2,
        "owner": random.choice((None, random.choice(tuple(PEOPLE)))),
        "period": random.choice((None, None, None, None, None, "5h")),
        "named": random.random() < 0.3,
    }


class Making(Surroundings):
    """Everything by which a token may be made."""

    def make_firsts(self) -> None:
        """Give everybody a whole token to begin with."""
        for owner in PEOPLE:
            self.make_native(self.world.local, {"owner": owner})

    def fit(self, by: Asker, request: dict[str, Any], number: int) -> dict[str, Any]:
        """Return a wish that may be granted, of one that may not; one in three stays as it is."""
        if number % 3 == 0 or by.token is None:
            return request
        if not by.has_every_right:
            request = {**request, "orphan": False, "period": None, "named": False}
        if "create_security" not in by.permissions or by.token.scopes:
            request = {**request, "owner": None}
        names = self.world.roles[by.token.owner] & set(by.token.policies or ROLES)
        policies = [name for name in request["policies"] or () if name in names]
        scopes = () if by.token.scopes and number % 2 else request["scopes"]
        return {**request, "policies": policies or None, "scopes": scopes}

    @step(2, when=lambda self: len(self.living()) < 12, owner=tuple(PEOPLE), request=any_request)
    def make_root(self, owner: str, request: dict[str, Any]) -> None:
        self.make_native(self.world.local, {**request, "owner": owner, "orphan": False})

    @step(6, when=lambda self: self.world.known, number=any_number, request=any_request)
    def make(self, number: int, request: dict[str, Any]) -> None:
        by = self.by(number)
        self.make_native(by, self.fit(by, request, number))

    @step(
        5,
        when=lambda self: self.world.known,
        number=any_number,
        lifetime=("40h", "500h"),
        window=(None, "3h"),
    )
    def make_plain(self, number: int, lifetime: str, window: str | None) -> None:
        self.make_native(self.by(number), {"lifetime": lifetime, "window": window})

    @step(2, when=lambda self: any(each.made.scopes for each in self.living()), number=any_number)
    def make_by_scoped(self, number: int) -> None:
        """Make a token with scopes by one that has some."""
        scoped = [each for each in self.living() if each.made.scopes]
        by = self.world.asker(scoped[number % len(scoped)], NATIVE[number % 5])
        letters = ("r", "w", "rw")[number % 3]
        self.make_native(by, {"lifetime": "40h", "scopes": [(PATHS[number // 15 % len(PATHS)], letters)]})

    @step(3, when=lambda self: self.world.known, number=any_number, parent=any_number, request=any_request)
    def make_below(self, number: int, parent: int, request: dict[str, Any]) -> None:
        """Make a token below another that is named as its parent."""
        by = self.by(number)
        self.make_native(
            by, {**self.fit(by, request, number), "orphan": False, "policies": None}, self.another(by, parent)
        )

    @step(1, when=lambda self: self.world.enabled["cem"] and len(self.living()) < 12, request=any_request)
    def make_signed_in(self, request: dict[str, Any]) -> None:
        """Make a token by a manager who signed in, or who shows a password; it has no parent."""
        world = self.world
        if world.site.ask("GET", "/apitokens/self/", authorization=f"Bearer {self.session}").status != 200:
            answer = world.site.ask("POST", "/token/", {"username": "cem", "password": PASSWORD})
            if answer.status != 200:
                return  # the password has had its time
            self.session = answer.json["access"]
        form, secret = ("Basic", PASSWORD) if request["named"] else ("Bearer", self.session)
        by = Asker(walking.headers_of(form, "cem", secret), None, world.permissions("cem", None), usable=True)
        if world.site.ask("GET", "/apitokens/self/", headers=by.headers).status != 200:
            return  # the password has had its time, and the session has not
        self.make_native(by, {**request, "named": False, "orphan": False}, signed_in="cem")
        seen["asked after a sign-in"] += 1

    def native_body(self, request: dict[str, Any], parent: Known | None, named: str | None) -> dict[str, Any]:
        """Say a wish as the native door reads it."""
        names = {"lifetime": "expiry_date", "window": "sliding_window"}
        body = {names.get(name, name): value for name, value in request.items()}
        body["scopes"] = [f"node:{self.world.nodes[path]}:{letters}" for path, letters in request.get("scopes", ())]
        body |= {"parent": parent.id} if parent else {}
        return body | ({"token": named} if named else {})

    def make_native(self, by: Asker, request: dict[str, Any], parent: Known | None = None, signed_in: str = "") -> None:
        """Make a token at the native door, and check it."""
        request = {name: value for name, value in request.items() if value}
        named = self.name() if request.pop("named", False) else None
        body = self.native_body(request, parent, named)
        owner = request.get("owner") or signed_in or (by.token.owner if by.token else "root")
        bounds = [each for each in (by.token, parent and self.world.records[parent.id]) if each]
        before = self.world.count_live(owner)
        answer, let_in = self.world.ask("POST", "/apitokens/", body, by=by)
        self.check_quota(answer, owner, before)
        if answer.status != 201:
            seen["refused by rule"] += let_in
            assert answer.status in (400, 401, 403, 404, 409), answer
            return
        made = self.made(by, bounds, answer.json["id"], answer.json["token"], bool(named))
        above = parent.id if parent else by.token.id if by.token else None
        assert made.parent_id == (None if request.get("orphan") else above)
        assert request.get("orphan") is None or by.has_every_right, "an orphan takes every right"
        self.check_lengths(made, request)
        seen["native"] += 1
        seen["below"] += parent is not None

    @step(
        9,
        when=lambda self: self.world.known,
        number=any_number,
        request=any_request,
        door=("/v1/auth/token", "/v1/auth/token", "/auth/token"),
        path=("create", "create", "create-orphan", *(f"create/{name}" for name in TOKEN_ROLES)),
    )
    def make_by_vault(self, number: int, request: dict[str, Any], door: str, path: str) -> None:
        """Make a token through Vault's door, today's or the early one."""
        by = self.by(number, VAULT if door.startswith("/v1") else SEED) if number % 6 else self.world.local
        request = self.fit(by, request, number)
        path = "create" if path == "create-orphan" and number % 4 and not by.has_every_right else path
        policies = [*(request["policies"] or ()), *(["root"] if number % 50 == 0 else [])]
        named = self.name() if request["named"] else None
        body = {
            "ttl": request["lifetime"], "explicit_max_ttl": request["hard_end"], "policies": policies, "id": named,
            "num_uses": request["num_uses"], "period": request["period"], "no_parent": request["orphan"],
        }  # fmt: skip
        before = self.world.count_live(by.token.owner if by.token else "root")
        answer, let_in = self.world.ask("POST", f"{door}/{path}", {k: v for k, v in body.items() if v}, by=by)
        self.check_quota(answer, by.token.owner if by.token else "root", before)
        if answer.status != 200:
            seen["refused by rule"] += let_in
            assert answer.status in (400, 403), answer
            return
        issued, role = answer.json["auth"], path.partition("/")[2]
        made = self.made(by, [by.token] if by.token else [], issued["accessor"], issued["client_token"], bool(named))
        orphan = path == "create-orphan" or role == "orphans" or (request["orphan"] and not role)
        assert made.parent_id == (None if orphan or by.token is None else by.token.id)
        assert not orphan or role or by.has_every_right, "an orphan takes every right, or a role by one who has it"
        self.check_lengths(made, {"lifetime": request["lifetime"], "hard_end": request["hard_end"]})
        is_root = (
            made.policies is None and by.has_every_right and request["lifetime"] is None
        )  # its parent alone bounds it
        assert within(made.expires_at, self.world.now + MAX_LEASE) or is_root
        if by is self.world.local and made.period is None:
            whom = {"accessor": made.id, "increment": "3000h"}
            self.world.ask("POST", f"{door}/renew-accessor", whom, by=by)
            assert within(self.world.records[made.id].expires_at, made.created_at + MAX_LEASE) or not made.granted
        seen["vault" if door.startswith("/v1") else "seed"] += 1
        seen["by role"] += bool(role)

    def name(self) -> str:
        """Return a new string for a token whose maker names it."""
        self.names += 1
        return f"a-string-of-its-makers-own-{self.names}"

    def check_quota(self, answer: Answer, owner: str, before: int) -> None:
        """Check that one more token was made only where there was room, and that only no room was called none."""
        limit = self.world.quota.get(owner)
        if is_over_quota(answer):
            assert limit is not None, answer
            assert before >= limit, answer
            seen["over quota"] += 1
        elif answer.status in (200, 201):
            assert limit is None or before < limit

    def made(self, by: Asker, bounds: list[Token], token_id: str, secret: str, named: bool) -> Token:
        """Check a new token against all that bounds it: who asked, and the parent that was named; and keep it."""
        world = self.world
        made = world.records[token_id]
        assert world.permissions(made.owner, made.policies) <= by.permissions, "nobody gives what they lack"
        for bound in bounds:
            assert within(made.expires_at, world.records[bound.id].expires_at), "it outlives what made it"
            assert bound.uses_left is None, "it could be used more often than what made it"
            kept = ROLES if made.policies is None else made.policies
            assert bound.policies is None or set(kept) <= set(bound.policies), "it has more policies"
            assert world.reaches(made) <= world.reaches(bound), "it reaches farther"
        assert not made.period or by.has_every_right or made.path.endswith("/weekly"), "a period takes every right"
        assert not named or by.has_every_right, "naming takes every right"
        if by.token and made.owner != by.token.owner:
            assert "create_security" in by.permissions
            assert not by.token.scopes, "scopes leave nothing but nodes"
        lasting = [world.records[bound.id].expires_at for bound in bounds if bound.id != made.parent_id]
        if by.until is not None:
            lasting.append(by.until)
            seen["by an old secret"] += 1
        ceiling = earlier(*lasting) if any(lasting) else None
        world.keep(token_id, secret, ceiling)
        for kind, value in {
            "made": True,
            "child": made.parent_id, "orphan": by.token and not made.parent_id, "sliding": made.sliding_window,
            "hard": made.max_expires_at, "limited": made.uses_left, "policed": made.policies is not None,
            "scoped": made.scopes, "named": named, "periodic": made.period, "capped": ceiling,
            "for others": by.token and by.token.owner != made.owner, "grandchild": self.depth(made) > 1,
        }.items():  # fmt: skip
            seen[kind] += bool(value)
        return made

    def depth(self, token: Token) -> int:
        """Count the ancestors of a token."""
        return 0 if token.parent_id is None else 1 + self.depth(self.world.records[token.parent_id])

    def check_lengths(self, made: Token, request: dict[str, Any]) -> None:
        """Check that what was made lasts no longer than was wished."""
        now = self.world.now
        for name, end in (
            ("lifetime", made.expires_at),
            ("window", made.expires_at),
            ("hard_end", made.max_expires_at),
        ):
            overruled = name == "lifetime" and (made.period or made.sliding_window)
            if request.get(name) and not overruled:
                assert within(end, now + durations.parse_duration(request[name], GO)), name
