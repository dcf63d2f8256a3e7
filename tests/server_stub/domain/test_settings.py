from dataclasses import asdict, fields

import pytest

from server_stub.domain.accounts.managers import PasswordSettings
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import DAY, HOUR
from server_stub.domain.settings import (
    ServerSettings,
    access_lifetime,
    default_lease,
    max_lease,
    merge,
    refresh_lifetime,
)

DEFAULTS = ServerSettings()


def test_the_defaults_are_vasts() -> None:
    assert ServerSettings() == ServerSettings(5, "", "01:00:00", "1 00:00:00")
    assert (access_lifetime(DEFAULTS), refresh_lifetime(DEFAULTS)) == (HOUR, DAY)
    assert merge(DEFAULTS, asdict(DEFAULTS)) == DEFAULTS


@pytest.mark.parametrize(
    ("wishes", "name", "kept"),
    [
        ({"max_api_tokens_per_user": 40}, "max_api_tokens_per_user", 40),
        ({"login_banner": "You are logging into VMS"}, "login_banner", "You are logging into VMS"),
        ({"login_banner": ""}, "login_banner", ""),
        ({"access_token_lifetime": "02:00:00"}, "access_token_lifetime", "02:00:00"),
        ({"access_token_lifetime": "3600"}, "access_token_lifetime", "01:00:00"),
        ({"refresh_token_lifetime": "12:00:00"}, "refresh_token_lifetime", "12:00:00"),
        ({"refresh_token_lifetime": "365 00:00:00"}, "refresh_token_lifetime", "365 00:00:00"),
    ],
)
def test_merge(wishes: dict[str, object], name: str, kept: object) -> None:
    assert asdict(merge(DEFAULTS, wishes)) == {**asdict(DEFAULTS), name: kept}


@pytest.mark.parametrize(
    "wishes",
    [
        {"max_api_tokens_per_user": -1},
        {"max_api_tokens_per_user": 100_001},
        {"max_api_tokens_per_user": "5"},
        {"max_api_tokens_per_user": True},
        {"max_api_tokens_per_user": 5.0},
        {"login_banner": "two\nlines"},
        {"login_banner": "\x1b[31mred"},
        {"login_banner": "x" * 1001},
        {"login_banner": None},
        {"access_token_lifetime": "0"},
        {"access_token_lifetime": "1h"},
        {"access_token_lifetime": 3600},
        {"access_token_lifetime": "1 00:00:00"},
        {"refresh_token_lifetime": "01:00:00"},
        {"refresh_token_lifetime": "366 00:00:00"},
        {"server_id": "x"},
    ],
)
def test_bad_settings(wishes: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        merge(DEFAULTS, wishes)


def test_both_lifetimes_can_move_at_once() -> None:
    changed = merge(DEFAULTS, {"access_token_lifetime": "2 00:00:00", "refresh_token_lifetime": "3 00:00:00"})
    assert (access_lifetime(changed), refresh_lifetime(changed)) == (2 * DAY, 3 * DAY)


def test_every_setting_is_explained_once() -> None:
    declared = [*fields(ServerSettings), *fields(PasswordSettings)]
    assert len({field.name for field in declared}) == len(declared)
    assert all(field.metadata["explanation"].endswith(".") for field in declared)


@pytest.mark.parametrize(("text", "hours"), [("768h", 768), ("3600", 1), ("2d", 48), ("1h0m", 1)])
def test_leases_are_written_as_vault_writes_them(text: str, hours: int) -> None:
    changed = merge(ServerSettings(), {"default_lease_ttl": text, "max_lease_ttl": text})
    assert default_lease(changed) == max_lease(changed) == hours * 3_600_000_000


@pytest.mark.parametrize("value", ["0", "-1h", "1w", "", 5, None])
def test_a_lease_that_cannot_be(value: object) -> None:
    for name in ("default_lease_ttl", "max_lease_ttl"):
        with pytest.raises(Invalid):
            merge(ServerSettings(), {name: value})
