"""How many terminals may wait and how many codes may be tried: nobody fills the server, and nobody is put out."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.base.errors import SlowDown
from server_stub.domain.devices import limits
from server_stub.domain.devices.limits import OPEN_IN_ALL, OPEN_OF_A_SOURCE, OPEN_OF_AN_OWNER, Guesses


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::7", "2001:db8:1::/48"),
        ("2001:db8:1:ffff::7", "2001:db8:1::/48"),
        ("2001:db8:2::7", "2001:db8:2::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("a name", "a name"),
        ("x" * 100, "x" * 64),
    ],
)
def test_a_network_is_what_one_site_is_given(address: str, network: str) -> None:
    assert limits.network(address) == network


@pytest.mark.parametrize(
    ("counts", "fits"),
    [
        ((0, 0), True),
        ((19, 19), True),
        ((20, 20), False),
        ((9, 1000), True),
        ((10, 1000), False),
        ((0, 1999), True),
        ((1, 1999), False),
        ((0, 2000), False),
        ((0, 10**6), False),
    ],
)
def test_how_many_strangers_may_wait(counts: tuple[int, int], fits: bool) -> None:
    if fits:
        limits.require_room(*counts)
    else:
        with pytest.raises(SlowDown, match="too many terminals"):
            limits.require_room(*counts)


@pytest.mark.parametrize(("count", "fits"), [(0, True), (OPEN_OF_AN_OWNER - 1, True), (OPEN_OF_AN_OWNER, False)])
def test_how_many_a_manager_may_have_wait(count: int, fits: bool) -> None:
    if fits:
        limits.require_room_of_owner(count)
    else:
        with pytest.raises(SlowDown, match="too many terminals"):
            limits.require_room_of_owner(count)


@given(st.integers(0, OPEN_IN_ALL + 10))
def test_a_network_gets_less_the_fuller_it_is_and_one_as_long_as_there_is_room(in_all: int) -> None:
    allowed = limits.allowed_of_source(in_all)
    assert limits.allowed_of_source(in_all + 1) <= allowed <= OPEN_OF_A_SOURCE
    assert (allowed >= 1) == (in_all < OPEN_IN_ALL)


@pytest.mark.parametrize("networks", [1, 10, 100, 1_000])
def test_whoever_has_few_networks_leaves_room_for_others(networks: int) -> None:
    held: Counter[int] = Counter()
    for number in range(50 * networks):
        if held[number % networks] < limits.allowed_of_source(held.total()):
            held[number % networks] += 1
    limits.require_room(0, held.total())
    assert held.total() <= {1: 20, 10: 190, 100: 1_010, 1_000: 1_950}[networks]


@pytest.mark.parametrize(
    ("wrong", "may"),
    [
        (Guesses(), True),
        (Guesses(4, 4, 4), True),
        (Guesses(5, 5, 5), False),
        (Guesses(0, 20, 20), True),
        (Guesses(1, 20, 20), False),
        (Guesses(1, 19, 199), True),
        (Guesses(1, 1, 200), False),
        (Guesses(0, 0, 10**6), True),
    ],
)
def test_who_may_try_a_code(wrong: Guesses, may: bool) -> None:
    if may:
        limits.require_guess(wrong)
    else:
        with pytest.raises(SlowDown):
            limits.require_guess(wrong)
