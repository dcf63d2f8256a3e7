"""The rules of the device flow: codes, guesses, who may approve, and what a poll is answered."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.accounts.managers import Manager
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.devices import device_flow
from server_stub.domain.devices.device_flow import ALPHABET, DeviceRequest

NOW = 1_790_000_000 * SECOND
REQUEST = DeviceRequest(
    id="r",
    user_code="WDJBMJHT",
    digest=device_flow.digest("secret"),
    client_id="vshell",
    program="vshell",
    host="build-7",
    name="",
    source="192.0.2.7",
    network="192.0.2.7",
    created_at=NOW,
    expires_at=NOW + device_flow.LIFETIME,
    interval=device_flow.INTERVAL,
)
DAN = Manager(2, "dan", "", "", True, False, frozenset(), NOW - 1, None, "hash", NOW - 1)
PERMISSIONS = frozenset({"view_security"})
APPROVED = device_flow.decide(REQUEST, True, DAN.id, NOW, PERMISSIONS)


@given(st.binary(min_size=device_flow.CODE_BYTES, max_size=device_flow.CODE_BYTES))
def test_a_code_is_eight_of_twenty_letters_and_is_read_as_it_is_shown(fresh: bytes) -> None:
    try:
        code = device_flow.user_code(fresh)
    except ValueError:
        assert sum(byte < 240 for byte in fresh) < device_flow.CODE_LENGTH
        return
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)
    assert device_flow.read_code(device_flow.format_code(code)) == code


def test_each_letter_has_the_same_chance() -> None:
    letters = [device_flow.user_code(bytes([byte]) * 8)[0] for byte in range(240)]
    assert {letters.count(letter) for letter in ALPHABET} == {12}


@pytest.mark.parametrize(
    "text", ["wdjb-mjht", "WDJB MJHT", " wdjbmjht ", "W-D-J-B-M-J-H-T", "WDJB\u2011MJHT", "wdjb\u2014mjht"]
)
def test_spaces_dashes_and_case_are_forgiven(text: str) -> None:
    assert device_flow.read_code(text) == "WDJBMJHT"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WDJB-MJH",
        "WDJB-MJHTT",
        "WDJB-MJHA",
        "WDJB-MJH7",
        "WDJB-MJHІ",
        "ＷDJBMJHT",
        "WDJB.MJHT",
        "ß" * 8,
        "WDJB\u200bMJHT",
    ],
)
def test_what_only_looks_like_a_code_is_none(text: str) -> None:
    with pytest.raises(Invalid, match="cannot be a code"):
        device_flow.read_code(text)


def actor(*permissions: str) -> Actor:
    """Return a manager with these permissions."""
    return Actor(2, "dan", "manager", None, "browser session", "", frozenset(permissions))


@pytest.mark.parametrize(
    ("flow", "permissions", "refused"),
    [
        ("all", (), None),
        ("create_security", ("create_security",), None),
        ("create_security", ("view_security",), "create_security"),
        ("off", ("create_security",), "switched off"),
    ],
)
def test_who_may_approve(flow: str, permissions: tuple[str, ...], refused: str | None) -> None:
    if refused is None:
        device_flow.require_approver(flow, actor(*permissions))
    else:
        with pytest.raises(Forbidden, match=refused):
            device_flow.require_approver(flow, actor(*permissions))


@pytest.mark.parametrize("value", ["on", "", True, None])
def test_a_flow_is_one_of_three(value: object) -> None:
    assert device_flow.check_flow("device_flow", "off") == "off"
    with pytest.raises(Invalid):
        device_flow.check_flow("device_flow", value)


@pytest.mark.parametrize(
    ("change", "held", "password", "may"),
    [
        ({}, PERMISSIONS, "valid", True),
        ({}, PERMISSIONS | {"edit_security"}, "temporary", True),
        ({"enabled": False}, PERMISSIONS, "valid", False),
        ({}, frozenset(), "valid", False),
        ({"password_hash": None}, PERMISSIONS, "valid", False),
        ({"password_set_at": NOW + 1}, PERMISSIONS, "valid", False),
        ({"password_set_at": None}, PERMISSIONS, "valid", False),
        ({}, PERMISSIONS, "expired", False),
        ({}, PERMISSIONS, "lapsed", False),
    ],
)
def test_an_approver_is_looked_at_anew(
    change: dict[str, object], held: frozenset[str], password: str, may: bool
) -> None:
    approver = replace(DAN, **change)  # type: ignore[arg-type]  # each value is of its field's type
    assert device_flow.may_still(APPROVED, approver, held, password) is may  # type: ignore[arg-type]  # a state by its name
    assert not device_flow.may_still(APPROVED, None, held, "valid")


@pytest.mark.parametrize(
    ("home", "dc", "other"), [(None, "eu", None), ("eu", "eu", None), ("us", "eu", "us"), ("us", "", "us")]
)
def test_who_belongs_elsewhere_is_sent_there(home: str | None, dc: str, other: str | None) -> None:
    assert device_flow.other_home(replace(DAN, home_dc=home), dc) == other
    assert device_flow.other_home(None, dc) is None


def test_what_ends_is_answered_by_what_became_of_it() -> None:
    assert device_flow.poll(REQUEST, NOW)[0] == "pending"
    assert device_flow.poll(APPROVED, NOW)[0] == "approved"
    assert device_flow.poll(device_flow.decide(REQUEST, False, 2, NOW), NOW)[0] == "denied"
    assert device_flow.poll(device_flow.deny(APPROVED), NOW)[0] == "denied"
    for ended in (device_flow.redeem(APPROVED, "t"), device_flow.withdraw(APPROVED)):
        assert device_flow.poll(ended, NOW) == ("expired", ended)
    for request in (REQUEST, APPROVED):
        said, ended = device_flow.poll(request, request.expires_at)
        assert (said, ended.state) == ("expired", "expired")
        assert device_flow.poll(ended, ended.expires_at) == ("expired", ended)


@given(st.lists(st.integers(0, 12 * SECOND), max_size=20))
def test_whoever_waits_is_never_told_to_slow_down_and_whoever_does_not_waits_longer(pauses: list[int]) -> None:
    request, now = replace(REQUEST, expires_at=NOW + 3600 * SECOND), NOW
    _, request = device_flow.poll(request, now)
    for pause in pauses:
        now += pause
        before = request
        said, request = device_flow.poll(before, now)
        early = pause < before.interval - device_flow.SLACK
        assert said == ("slow_down" if early else "pending")
        assert request.interval == min(device_flow.SLOWEST, before.interval + (device_flow.SLOWER if early else 0))


def test_zoho_s_client_is_never_made_to_wait_longer_than_it_does() -> None:
    request = replace(REQUEST, interval=device_flow.ZOHO_INTERVAL, last_polled_at=NOW)
    said, request = device_flow.poll(request, NOW)
    assert (said, request.interval) == ("slow_down", device_flow.ZOHO_INTERVAL)


def test_only_what_is_open_is_decided_and_only_what_is_approved_is_redeemed() -> None:
    for request, now in ((APPROVED, NOW), (REQUEST, REQUEST.expires_at)):
        with pytest.raises(Conflict):
            device_flow.decide(request, True, 2, now)
        with pytest.raises(NotFound):
            device_flow.require_open(request, now)
    with pytest.raises(NotFound):
        device_flow.require_open(None, NOW)
    assert device_flow.require_open(REQUEST, NOW) is REQUEST
    with pytest.raises(AssertionError):
        device_flow.redeem(REQUEST, "t")


def test_only_what_waits_or_is_approved_is_taken_back() -> None:
    denied, redeemed = device_flow.decide(REQUEST, False, 2, NOW), device_flow.redeem(APPROVED, "t")
    for request in (denied, device_flow.deny(APPROVED), redeemed, replace(REQUEST, state="expired")):
        assert device_flow.withdraw(request) == request
    for request in (REQUEST, APPROVED):
        back = device_flow.withdraw(request)
        assert back.state == "withdrawn"
        assert device_flow.withdraw(back) == back
        with pytest.raises(Conflict, match="has stopped"):
            device_flow.require_wanted(back)
        with pytest.raises(NotFound):
            device_flow.require_open(back, NOW)
        with pytest.raises(Conflict):
            device_flow.decide(back, True, 2, NOW)
        with pytest.raises(AssertionError):
            device_flow.redeem(back, "t")
    for other in (None, REQUEST, denied):
        device_flow.require_wanted(other)


@pytest.mark.parametrize(("request_", "client"), [(None, "vshell"), (REQUEST, "other"), (REQUEST, "")])
def test_a_device_code_is_bound_to_its_client(request_: DeviceRequest | None, client: str) -> None:
    with pytest.raises(Refusal) as refused:
        device_flow.require_client(request_, client)
    assert refused.value.code == "invalid_grant"
    assert device_flow.require_client(REQUEST, "vshell") is REQUEST


def test_what_a_terminal_says_is_one_short_line() -> None:
    assert device_flow.check_text("host", "build-7") == "build-7"
    assert device_flow.check_text("host", "") == ""
    for text in ("a\nb", "x" * 129, " a", "\u202eabc"):
        with pytest.raises(Invalid):
            device_flow.check_text("host", text)


def test_a_token_is_named_as_wished_or_by_where_it_was_made() -> None:
    assert REQUEST.token_name == "vshell on build-7"
    assert replace(REQUEST, name="ci").token_name == "ci"
    assert "secret" not in repr(REQUEST)
