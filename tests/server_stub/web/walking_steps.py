"""How the random walk goes: what a step is, who and what is chosen for it, and what changes by itself around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from server_stub.domain.base.timestamps import SECOND
from tests.server_stub.web.walking import LIMITS, NATIVE, PEOPLE, ROLES, Asker, Known, World, seen

WAITS = (1, *(59,) * 8, *(400, 599, 1_200) * 4, 600, 3_599, 3_600, 9_000, 30_000, 86_400, 400_000)
Draw = Sequence[Any] | Callable[[Random], Any]


def any_number(random: Random) -> int:
    """Draw a number to choose by."""
    return random.randrange(10_000)


def some(options: Sequence[Any], least: int, most: int) -> Callable[[Random], list[Any]]:
    """Return what draws some of the options, none of them twice."""
    return lambda random: random.sample(options, random.randint(least, most))


_STEPS: dict[str, tuple[Callable[[Any], object], dict[str, Draw]]] = {}
_NAMES: list[str] = []

Method = TypeVar("Method", bound=Callable[..., None])


def step(weight: int, when: Callable[[Any], object] = bool, **drawn: Draw) -> Callable[[Method], Method]:
    """Declare a step of the walk: how often it is taken, when it can be, and what is drawn for it.

    Hypothesis leaves some of its rules out of each run and likes to draw what it drew before, so that chains of steps
    that need one another hardly come about. So it draws a number for each step; what a number means is decided here,
    with these weights and all the numbers before.
    """

    def declare(method: Method) -> Method:
        _STEPS[method.__name__] = when, drawn
        _NAMES.extend([method.__name__] * weight)
        return method

    return declare


class Surroundings(RuleBasedStateMachine):
    """The world of the walk: time passes, people get other roles and quotas, are disabled and enabled."""

    @initialize(limit=st.sampled_from((None, *LIMITS)))
    def begin(self, limit: str | None) -> None:
        self.world = World(limit)
        self.counts = dict.fromkeys(PEOPLE, 0)
        self.names = 0
        self.chain = 0
        self.session = ""
        self.make_firsts()

    def make_firsts(self) -> None:
        """Make the tokens that there are from the beginning."""

    @rule(number=st.integers(0, 2**20))  # of larger ranges Hypothesis mostly draws small numbers, the same again
    def walk(self, number: int) -> None:
        self.chain = Random(f"{self.chain} {number}").getrandbits(64)  # else walks that begin alike would go on alike
        random = Random(self.chain)
        possible = {name for name, (when, _) in _STEPS.items() if when(self)}
        name = random.choice([name for name in _NAMES if name in possible])
        drawn = {key: draw(random) if callable(draw) else random.choice(draw) for key, draw in _STEPS[name][1].items()}
        note(f"{name}({drawn})")
        getattr(self, name)(**drawn)
        seen[name] += 1

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()

    def pick(self, number: int) -> Known:
        """Choose a token: mostly one that lives, and most of these among the last that were made."""
        known, live = list(self.world.known.values()), self.living()
        chosen = known if number % 8 == 0 or not live else live[-6:] if number % 2 else live
        return chosen[number // 8 % len(chosen)]

    def living(self) -> list[Known]:
        """Return the known tokens that live, in the order of their making."""
        return [each for each in self.world.known.values() if self.world.live(each.id)]

    def parents(self) -> list[Known]:
        """Return the known tokens that live and have children."""
        with_children = {each.parent_id for each in self.world.records.values()}
        return [known for known in self.living() if known.id in with_children]

    def family(self, token_id: str) -> set[str]:
        """Return a token and all that descends from it."""
        found, before = {token_id}, 0
        while len(found) != before:
            before = len(found)
            found |= {each.id for each in self.world.records.values() if each.parent_id in found}
        return found

    def another(self, by: Asker, number: int) -> Known:
        """Choose a token for an asker to act on: mostly one of the same owner's, where there is one."""
        owner = by.token.owner if by.token else ""
        same = [each for each in self.living() if each is not by.known and each.made.owner == owner]
        return same[number % len(same)] if same and number % 4 else self.pick(number)

    def by(self, number: int, forms: Sequence[str] = NATIVE) -> Asker:
        """Choose who asks: a token in one of the forms, or seldom its secret before the last rotation."""
        return self.world.asker(self.pick(number), forms[number % len(forms)], old=number % 3 == 0)

    @step(4, seconds=WAITS)
    def wait(self, seconds: int) -> None:
        self.world.settle()
        self.world.site.clock.advance(seconds * SECOND)
        seen["waited"] += 1

    @step(1, name=tuple(PEOPLE), roles=some(ROLES, 1, 3))
    def change_roles(self, name: str, roles: list[str]) -> None:
        self.world.site.local.patch(f"/managers/{self.world.ids[name]}/", roles=roles)
        self.world.roles[name] = set(roles)

    @step(1, name=tuple(PEOPLE), number=any_number)
    def enable(self, name: str, number: int) -> None:
        others = [each for each in PEOPLE if each != name and not self.world.enabled[each]]
        name, enabled = (others[0], True) if others else (name, number % 4 > 0)
        self.world.site.local.patch(f"/managers/{self.world.ids[name]}/", is_active=enabled)
        self.world.enabled[name] = enabled
        theirs = [each for each in self.living() if each.made.owner == name]
        if theirs:
            self.world.ask("GET", "/apitokens/self/", by=self.world.asker(theirs[number % len(theirs)], "Bearer"))

    @step(2, name=tuple(PEOPLE), room=(-1, 0, 0, 2, 9, 40, 40))
    def change_quota(self, name: str, room: int) -> None:
        """Give somebody a quota of their own, which leaves them a certain room, or one too little."""
        world = self.world
        quota = max(0, world.count_live(name) + room)
        world.site.local.patch(f"/managers/{world.ids[name]}/", max_api_tokens=quota)
        world.quota[name] = quota
