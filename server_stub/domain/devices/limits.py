"""How many terminals may wait for an approval, and how many codes may be tried.

- Anybody may begin, so strangers are bounded: ``OPEN_IN_ALL`` requests, and of one network so many as the room that is
  left allows, from ``OPEN_OF_A_SOURCE`` down to one. So whoever has few networks fills little, a newcomer gets in as
  long as there is any room, and nobody's request is ever put out for another's. Turned down: to put out the greediest
  source's requests when all is full, for that would be a way to end those of a large office by filling the rest.
- A network is an IPv4 address, or an IPv6 /48: that is what a site is given (RFC 6177), and whoever has one has 65,536
  of the /64 that wrong passwords are counted by.
- Whoever begins with a live token of a manager's is counted with that manager alone, whatever strangers do.
- A request that its terminal took back counts until its five minutes are over: else beginning and taking back would go
  around the bound.
- Guessing: a person has few wrong codes, a network some more, and when the whole server has seen many, only those who
  have not been wrong yet may still try. So nobody is shut out by what others guess (RFC 8628, 5.1).
"""

from dataclasses import dataclass

from server_stub.domain.base import addresses
from server_stub.domain.base.errors import SlowDown
from server_stub.domain.base.timestamps import MINUTE, SECOND

OPEN_OF_A_SOURCE = 20
OPEN_OF_AN_OWNER = 20
OPEN_IN_ALL = 2_000
SHARE = OPEN_IN_ALL // OPEN_OF_A_SOURCE
"""Of the room that is left, one network may have one in so many, rounded up."""
SITE_BITS = 48

WINDOW = 15 * MINUTE
WRONG_OF_A_PERSON = 5
WRONG_OF_A_SOURCE = 20
WRONG_IN_ALL = 200


@dataclass(frozen=True, slots=True)
class Guesses:
    """How many wrong codes were typed within the last ``WINDOW``: by a person, from their network, by all."""

    person: int = 0
    source: int = 0
    everybody: int = 0


def network(address: str) -> str:
    """Return the network under which a terminal is counted."""
    return addresses.network(address, SITE_BITS)


def allowed_of_source(in_all: int) -> int:
    """Return how many requests one network may have open when there are so many of all strangers."""
    return -(-max(0, OPEN_IN_ALL - in_all) // SHARE)


def require_room(of_source: int, in_all: int) -> None:
    """Raise SlowDown when a stranger's network, or all together, has as many open requests as there may be."""
    if of_source >= allowed_of_source(in_all):
        raise _refusal("Try again in a few minutes, or begin with a token or a session of yours.")


def require_room_of_owner(of_owner: int) -> None:
    """Raise SlowDown when terminals that a manager began have as many open requests as there may be."""
    if of_owner >= OPEN_OF_AN_OWNER:
        raise _refusal("Try again in a few minutes, when the codes that nobody typed have ended.")


def _refusal(hint: str) -> SlowDown:
    return SlowDown("too many terminals wait to be approved", hint, retry_after_seconds=60)


def require_guess(wrong: Guesses) -> None:
    """Raise SlowDown when no code may be tried now; whoever was never wrong may always try."""
    exhausted = wrong.person >= WRONG_OF_A_PERSON or (
        wrong.person > 0 and (wrong.source >= WRONG_OF_A_SOURCE or wrong.everybody >= WRONG_IN_ALL)
    )
    if exhausted:
        raise SlowDown(
            "too many wrong codes",
            "Try again in 15 minutes, with the code that your own terminal shows then.",
            retry_after_seconds=WINDOW // SECOND,
        )
