from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base.errors import Invalid, QuotaExceeded
from server_stub.domain.tokens.quotas import check_quota, limit_of, require_room

BOB = Manager(9, "bob", "", "", True, False, frozenset(), created_at=0)
ROOT = replace(BOB, id=1, username="root", built_in=True)


@pytest.mark.parametrize(
    ("owner", "limit"),
    [
        (BOB, 5),
        (replace(BOB, max_api_tokens=0), 0),
        (replace(BOB, max_api_tokens=7), 7),
        (ROOT, None),
        (replace(ROOT, max_api_tokens=1), None),
        (replace(BOB, username="root"), 5),
        (replace(ROOT, username="admin"), 5),
    ],
)
def test_limit(owner: Manager, limit: int | None) -> None:
    assert limit_of(owner, 5) == limit


@given(st.integers(0, 10), st.integers(0, 10), st.none() | st.integers(0, 10))
def test_there_is_room_below_the_limit_only(live: int, for_all: int, own: int | None) -> None:
    owner = replace(BOB, max_api_tokens=own)
    if live < (for_all if own is None else own):
        require_room(owner, live, for_all)
    else:
        with pytest.raises(QuotaExceeded):
            require_room(owner, live, for_all)


def test_root_has_always_room() -> None:
    require_room(ROOT, 10**9, 0)


def test_the_refusal_says_number_limit_and_how_to_free_one() -> None:
    with pytest.raises(QuotaExceeded, match=r"^bob has 5 live tokens and may have 5$") as caught:
        require_room(BOB, 5, 5)
    assert caught.value.code == "quota_exceeded"
    assert "apitoken revoke --id ID" in str(caught.value.hint)
    assert "vms set_max_api_tokens_per_user" in str(caught.value.hint)
    with pytest.raises(QuotaExceeded, match="has 1 live token and may have 0"):
        require_room(BOB, 1, 0)


@pytest.mark.parametrize("value", [0, 5, 100_000])
def test_quotas(value: int) -> None:
    assert check_quota("max_api_tokens", value) == value


@pytest.mark.parametrize("value", [-1, 100_001, 2**63, True, "5", 5.0, float("inf"), None])
def test_no_quotas(value: object) -> None:
    with pytest.raises(Invalid, match=r"^max_api_tokens must be"):
        check_quota("max_api_tokens", value)
