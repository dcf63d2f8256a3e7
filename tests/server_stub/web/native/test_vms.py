"""The server's settings and those of passwords: vcli's defaults, values that are refused, what holds at once."""

from typing import Any

import pytest

from server_stub.domain.base.timestamps import DAY, rfc3339
from tests.server_stub.conftest import BEGIN, Person, Service

DEFAULTS = {
    "min_pwd_length": 8,
    "pwd_requires_uppercase": False,
    "pwd_requires_lowercase": False,
    "pwd_requires_numeric": False,
    "pwd_requires_special_chars": False,
    "pwd_change_timeout": "24H",
    "pwd_change_timeout_enabled": False,
    "pwd_expiration_timeout": "180D",
    "pwd_expiration_timeout_enabled": False,
    "tmp_pwd_expiration_timeout": "7D",
    "max_failed_login_attempts": 10,
    "max_failed_login_attempts_enabled": False,
    "pwd_history_no_reuse_count": 8,
    "pwd_history_no_reuse_count_enabled": False,
}


def test_there_is_one_with_vcli_s_defaults(either_site: Service) -> None:
    [shown] = either_site.local.get("/vms/")
    assert shown == either_site.local.get("/vms/1/")
    assert shown == {
        "id": 1,
        "name": "vms",
        "max_api_tokens_per_user": 5,
        "login_banner": "",
        "access_token_lifetime": "01:00:00",
        "refresh_token_lifetime": "1 00:00:00",
        "default_lease_ttl": "768h",
        "max_lease_ttl": "768h",
        "device_flow": "all",
    }
    assert either_site.local.get("/vms/1/pwd_settings/") == DEFAULTS


@pytest.mark.parametrize("number", ["0", "2", "9" * 40])
def test_there_is_no_other(site: Service, number: str) -> None:
    for method, path in (("GET", ""), ("PATCH", ""), ("GET", "login_banner/"), ("GET", "pwd_settings/")):
        site.local.refused(404, method, f"/vms/{number}/{path}")


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("", {"login_banner": "You are logging into VMS"}),
        ("", {"access_token_lifetime": "02:00:00", "refresh_token_lifetime": "12:00:00"}),
        ("", {"max_api_tokens_per_user": 0}),
        ("set_max_api_tokens_per_user/", {"max_api_tokens_per_user": 40}),
        ("pwd_settings/", {"min_pwd_length": 12, "pwd_requires_numeric": True}),
        ("pwd_settings/", {"pwd_expiration_timeout": "1Y", "pwd_expiration_timeout_enabled": True}),
    ],
)
def test_a_change_changes_that_and_nothing_else(either_site: Service, path: str, change: dict[str, Any]) -> None:
    look = "/vms/1/pwd_settings/" if path == "pwd_settings/" else "/vms/1/"
    before = either_site.local.get(look)
    assert either_site.local.patch(f"/vms/1/{path}", **change) == {**before, **change}
    assert either_site.local.get(look) == {**before, **change}
    assert either_site.audit()[-1][2:] == ("vms", change)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("", {"login_banner": "two\nlines"}),
        ("", {"login_banner": None}),
        ("", {"access_token_lifetime": "2 00:00:00"}),
        ("", {"access_token_lifetime": "0"}),
        ("", {"access_token_lifetime": "soon"}),
        ("", {"refresh_token_lifetime": "00:30:00"}),
        ("", {"max_api_tokens_per_user": -1}),
        ("", {"max_api_tokens_per_user": "7"}),
        ("", {"login_banner": "fine", "ssl_port": 443}),
        ("set_max_api_tokens_per_user/", {}),
        ("set_max_api_tokens_per_user/", {"max_api_tokens_per_user": 100_001}),
        ("set_max_api_tokens_per_user/", {"max_api_tokens_per_user": 2.5}),
        ("pwd_settings/", {"min_pwd_length": 0}),
        ("pwd_settings/", {"min_pwd_length": None}),
        ("pwd_settings/", {"pwd_requires_numeric": 1}),
        ("pwd_settings/", {"pwd_expiration_timeout": "1y"}),
        ("pwd_settings/", {"pwd_expiration_timeout": "0D"}),
        ("pwd_settings/", {"min_pwd_length": 9, "pwd_expiration_timeout": "99999999Y"}),
        ("pwd_settings/", {"pwd_history_no_reuse_count": 101}),
        ("pwd_settings/", {"max_failed_login_attempts": 0}),
        (
            "pwd_settings/",
            {
                "pwd_change_timeout": "180D",
                "pwd_change_timeout_enabled": True,
                "pwd_expiration_timeout_enabled": True,
            },
        ),
    ],
)
def test_a_bad_value_stores_nothing(site: Service, path: str, change: dict[str, Any]) -> None:
    before = site.audit()
    site.local.refused(400, "PATCH", f"/vms/1/{path}", change)
    assert site.audit() == before
    assert site.local.get("/vms/1/pwd_settings/") == DEFAULTS


def test_anybody_may_read_the_banner(site: Service) -> None:
    assert site.nobody.get("/vms/1/login_banner/") == {"login_banner": ""}
    site.local.patch("/vms/1/", login_banner="Hello")
    assert site.nobody.get("/vms/1/login_banner/") == {"login_banner": "Hello"}


def test_the_quota_holds_at_once(site: Service, nora: Person) -> None:
    site.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=1)
    assert nora.ask("POST", "/apitokens/", {}).json["code"] == "quota_exceeded"
    site.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=2)
    nora.post("/apitokens/")
    assert nora.ask("POST", "/apitokens/", {}).status == 409


def test_the_expiration_of_passwords_is_the_longest_life_of_a_token(site: Service, nora: Person) -> None:
    site.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout="30D", pwd_expiration_timeout_enabled=True)
    made = nora.post("/apitokens/")
    assert nora.get(f"/apitokens/{made['id']}/")["expiry_date"] == rfc3339(BEGIN + 30 * DAY)
    nora.refused(400, "POST", "/apitokens/", {"expiry_date": "31D"})
