"""The vms commands against the real application: vcli's usage, and what each sends."""

import pytest

from tests.vshell.commands.conftest import Shell
from vshell.errors import Mistake, NotFound
from vshell.registry.tree import REGISTRY


def test_list_and_show_are_vclis_tables(local: Shell) -> None:
    assert (
        local.type("vms show")
        == local.type("vms show --id 1")
        == """\
+-------------------------+------------+
| ID                      | 1          |
| Name                    | vms        |
| Max-api-tokens-per-user | 5          |
| Login-banner            |            |
| Access-token-lifetime   | 01:00:00   |
| Refresh-token-lifetime  | 1 00:00:00 |
+-------------------------+------------+
"""
    )
    listed = local.type("vms list").splitlines()
    assert [cell.strip() for cell in listed[1].split("|")[1:-1]] == [
        "ID",
        "Name",
        "Max-api-tokens-per-user",
        "Login-banner",
        "Access-token-lifetime",
        "Refresh-token-lifetime",
    ]
    with pytest.raises(NotFound):
        local.type("vms show --id 2")


def test_modify_sets_and_removes_the_banner(local: Shell) -> None:
    said = "VMS with id: 1 has been modified\n"
    assert local.type("vms modify --login-banner 'You are logging into VMS'") == said
    assert local.rows("vms show")["login_banner"] == "You are logging into VMS"
    assert local.type("vms modify --login-banner ''") == said
    assert local.rows("vms show")["login_banner"] == ""


def test_modify_sets_the_lifetimes_of_sign_ins(local: Shell) -> None:
    local.type("vms modify --id 1 --access-token-lifetime 02:00:00 --refresh-token-lifetime 12:00:00")
    assert local.fields("vms show", "access_token_lifetime", "refresh_token_lifetime") == {
        "access_token_lifetime": "02:00:00",
        "refresh_token_lifetime": "12:00:00",
    }


def test_modify_sets_what_vaults_clients_are_given(local: Shell) -> None:
    local.type("vms modify --default-lease-ttl 24h --max-lease-ttl 7d")
    assert local.fields("vms show", "default_lease_ttl", "max_lease_ttl") == {
        "default_lease_ttl": "86400s",
        "max_lease_ttl": "604800s",
    }


def test_modify_sets_who_approves_terminals(local: Shell) -> None:
    for flow in ("create_security", "off", "all"):
        local.type(f"vms modify --device-flow {flow}")
        assert local.rows("vms show")["device_flow"] == flow


def test_the_quota_is_set_in_one_sentence(local: Shell) -> None:
    line = "vms set_max_api_tokens_per_user --max-api-tokens-per-user 40"
    assert local.type(line) == "Live API tokens each manager may have: 40\n"
    assert local.rows("vms show")["max_api_tokens_per_user"] == 40


def test_the_rules_of_passwords_are_shown_under_both_names(local: Shell) -> None:
    shown = local.type("vms get_pwd_settings")
    assert shown == local.type("vms show_pwd_settings")
    assert "| Pwd-expiration-timeout             | 180D  |" in shown
    assert len(shown.splitlines()) == 14 + 2


# Every option of vcli's usage but --id, with the field and the value that it sets.
OPTIONS = {
    "--min-pwd-length 12": ("min_pwd_length", 12),
    "--enable-pwd-uppercase-validation": ("pwd_requires_uppercase", True),
    "--disable-pwd-uppercase-validation": ("pwd_requires_uppercase", False),
    "--enable-pwd-lowercase-validation": ("pwd_requires_lowercase", True),
    "--disable-pwd-lowercase-validation": ("pwd_requires_lowercase", False),
    "--enable-pwd-numeric-validation": ("pwd_requires_numeric", True),
    "--disable-pwd-numeric-validation": ("pwd_requires_numeric", False),
    "--enable-pwd-special-chars-validation": ("pwd_requires_special_chars", True),
    "--disable-pwd-special-chars-validation": ("pwd_requires_special_chars", False),
    "--pwd-change-timeout 12h": ("pwd_change_timeout", "12h"),
    "--pwd-expiration-timeout 1Y": ("pwd_expiration_timeout", "1Y"),
    "--tmp-pwd-expiration-timeout 2w": ("tmp_pwd_expiration_timeout", "2w"),
    "--max-failed-login-attempts 3": ("max_failed_login_attempts", 3),
    "--pwd-history-no-reuse-count 24": ("pwd_history_no_reuse_count", 24),
    "--enable-pwd-change-timeout": ("pwd_change_timeout_enabled", True),
    "--disable-pwd-change-timeout": ("pwd_change_timeout_enabled", False),
    "--enable-pwd-expiration-timeout": ("pwd_expiration_timeout_enabled", True),
    "--disable-pwd-expiration-timeout": ("pwd_expiration_timeout_enabled", False),
    "--enable-max-failed-login-attempts": ("max_failed_login_attempts_enabled", True),
    "--disable-max-failed-login-attempts": ("max_failed_login_attempts_enabled", False),
    "--enable-pwd-history-no-reuse-count": ("pwd_history_no_reuse_count_enabled", True),
    "--disable-pwd-history-no-reuse-count": ("pwd_history_no_reuse_count_enabled", False),
}


def test_modify_pwd_settings_has_vclis_options_and_no_others() -> None:
    command = REGISTRY.find("vms modify_pwd_settings")
    assert command is not None
    spellings = [spelling for parameter in command.parameters for spelling in parameter.spellings]
    assert sorted(spellings) == sorted(["--id", *(option.split()[0] for option in OPTIONS)])
    assert len(spellings) == 23


@pytest.mark.parametrize(("option", "field", "value"), [(option, *wanted) for option, wanted in OPTIONS.items()])
def test_each_option_sets_its_field(local: Shell, option: str, field: str, value: object) -> None:
    opposite = option.replace("--disable", "--enable")
    if opposite != option:
        local.type(f"vms modify_pwd_settings {opposite}")
    before = local.rows("vms get_pwd_settings")
    assert local.type(f"vms modify_pwd_settings {option}") == "The password settings have been modified\n"
    after = local.rows("vms get_pwd_settings")
    assert before[field] != after[field]
    assert after == {**before, field: value}


@pytest.mark.parametrize(
    "line",
    [
        "vms modify",
        "vms modify --access-token-lifetime soon",
        "vms modify_pwd_settings",
        "vms modify_pwd_settings --id 1",
        "vms modify_pwd_settings --min-pwd-length 0",
        "vms modify_pwd_settings --pwd-expiration-timeout 1y",
        "vms modify_pwd_settings --enable-pwd-change-timeout --disable-pwd-change-timeout",
        "vms set_max_api_tokens_per_user",
        "vms set_max_api_tokens_per_user --max-api-tokens-per-user -1",
    ],
)
def test_a_wrong_line_is_never_sent(local: Shell, line: str) -> None:
    with pytest.raises(Mistake):
        local.type(line)
    assert local.wire.asked == []
