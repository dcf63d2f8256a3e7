"""The quota: how many live tokens of the counted kinds a manager may have at the same time.

One number holds for all managers, 5 at first; a manager may have a number of their own, larger or smaller.
The built-in manager `root` is exempt. A number may be 0. Lowering it revokes nothing: it only stops new
tokens. (VAST, "Managing VMS API Tokens"; a number of one's own is ours.)
"""

from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base.errors import QuotaExceeded
from server_stub.domain.base.fields import whole

DEFAULT = 5
LARGEST = 100_000


def check_quota(name: str, value: object) -> int:
    """Return a quota, 0 to 100,000; raises Invalid."""
    return whole(name, value, 0, LARGEST)


def limit_of(owner: Manager, for_all: int) -> int | None:
    """Return how many live tokens a manager may have; None for any number."""
    if owner.built_in and owner.username == "root":
        return None
    return for_all if owner.max_api_tokens is None else owner.max_api_tokens


def require_room(owner: Manager, live: int, for_all: int) -> None:
    """Raise QuotaExceeded unless a manager with that many live tokens may have one more.

    `live` counts the tokens of the counted kinds that are neither revoked nor expired, in the same
    transaction that stores the new one.
    """
    limit = limit_of(owner, for_all)
    if limit is not None and live >= limit:
        tokens = "token" if live == 1 else "tokens"
        raise QuotaExceeded(
            f"{owner.username} has {live} live {tokens} and may have {limit}",
            f"Revoke one of them (apitoken list --owner {owner.username}; apitoken revoke --id ID), or have "
            "the quota raised: vms set_max_api_tokens_per_user",
        )
