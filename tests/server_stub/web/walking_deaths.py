"""How tokens die on the random walk: revoked with all that descends from them, alone, or by where they were made."""

from __future__ import annotations

from tests.server_stub.web.walking import NATIVE, VAULT, earlier, seen
from tests.server_stub.web.walking_makers import Making
from tests.server_stub.web.walking_steps import any_number, step


class Dying(Making):
    """Everything by which a token, and what descends from it, is revoked."""

    @step(
        3,
        when=lambda self: len(self.living()) > 2,
        number=any_number,
        at=any_number,
        way=("local", "native", "native", "text", "accessor", "self", "early"),
    )
    def revoke(self, number: int, at: int, way: str) -> None:
        """Revoke a token with all that descends from it."""
        world = self.world
        target = max(self.parents() or [self.pick(at)], key=lambda each: len(self.family(each.id)))
        target = target if at % 2 else self.pick(at)
        by = world.local if way == "local" else self.by(number, NATIVE if way == "native" else VAULT)
        family = self.family(target.id)
        if way in ("local", "native"):
            answer, _ = world.ask("PATCH", f"/apitokens/{target.id}/revoke/", by=by)
        elif way == "early":
            answer, _ = world.ask("POST", f"/auth/token/revoke/{target.secret}", by=by)
        elif way == "self" and by.known is not None:
            family = self.family(by.known.id)
            answer, _ = world.ask("POST", "/v1/auth/token/revoke-self", by=by)
        else:
            whom = {"accessor": target.id} if way == "accessor" else {"token": target.secret}
            path = "revoke-accessor" if way == "accessor" else "revoke"
            answer, _ = world.ask("POST", f"/v1/auth/token/{path}", whom, by=by)
        if answer.status in (200, 204):
            assert all(world.records[each].revoked_at is not None for each in family), "something of it lives on"
            seen["revoked"] += 1
            seen["revoked a family"] += len(family) > 2
        assert way != "local" or answer.status == 200

    @step(
        3,
        when=lambda self: self.parents(),
        number=any_number,
        at=any_number,
        way=("local", "native", "native", "vault"),
    )
    def free(self, number: int, at: int, way: str) -> None:
        """Revoke a token alone; its children live on, within the end that bounded them, unless who asks may do all."""
        world = self.world
        parents = self.parents()
        target = parents[at % len(parents)]
        asker = target if number % 2 else self.pick(number)
        by = world.local if way == "local" else world.asker(asker, (NATIVE if way == "native" else VAULT)[at % 2])
        children = [each.id for each in world.records.values() if each.parent_id == target.id]
        lived = {each for each in children if world.live(each)}
        if way == "vault":
            answer, _ = world.ask("POST", "/v1/auth/token/revoke-orphan", {"token": target.secret}, by=by)
        else:
            answer, _ = world.ask("PATCH", f"/apitokens/{target.id}/free/", by=by)
        if answer.status not in (200, 204):
            return
        assert world.records[target.id].revoked_at is not None
        end = world.records[target.id].expires_at
        for each in children:
            assert world.records[each].parent_id is None
            assert world.live(each) is (each in lived) or (by.token and by.token.id == each)
            if not by.has_every_right or by.until or (by.token and by.token.expires_at is not None):
                world.known[each].ceiling = earlier(world.known[each].ceiling, end)
                seen["freed within the end"] += each in lived and end is not None
        seen["freed"] += bool(lived)
        for each in lived:  # a renewal is what would carry it beyond
            world.ask("PATCH", f"/apitokens/{each}/renew/", {"increment": "3000h"}, by=world.local)

    @step(2, when=lambda self: len(self.living()) > 4 and self.parents(), at=any_number)
    def revoke_prefix(self, at: int) -> None:
        """Revoke all that was made where some token with children was made, with all that descends from it."""
        world, parents = self.world, self.parents()
        paths = sorted({world.records[each.id].path for each in parents})
        prefix = paths[-1] if at % 9 else paths[0]  # the first is mostly that of the native door, and nearly all
        if at % 9 and not prefix.startswith("auth/"):
            return
        roots = [each.id for each in world.records.values() if (each.path + "/").startswith(prefix + "/")]
        doomed = set().union(*map(self.family, roots))
        assert world.ask("PATCH", "/apitokens/revoke-prefix/", {"prefix": prefix}, by=world.local)[0].status == 200
        assert all(world.records[each].revoked_at is not None for each in doomed)
        seen["revoked by prefix"] += bool(roots)
