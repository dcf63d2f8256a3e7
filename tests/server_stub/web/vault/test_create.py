"""Tokens made through Vault's door: what is asked, what is given, what is refused and in which words."""

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, SECOND
from server_stub.web.vault import create
from tests.server_stub.conftest import Service
from tests.server_stub.web.vault.conftest import Holder, holder

EVERYTHING = {
    "id": "myroot",
    "policies": ["read_only", "csi"],
    "meta": {"user": "armon"},
    "no_parent": True,
    "ttl": "1h",
    "display_name": "Jane Doe/x y!",
    "num_uses": 7,
    "renewable": False,
}


def test_everything_that_is_asked_is_there(admin: Holder) -> None:
    made = admin.create(**EVERYTHING)
    assert made["client_token"] == "myroot"
    assert made["policies"] == made["token_policies"] == ["csi", "default", "read_only"]
    assert (made["metadata"], made["lease_duration"], made["renewable"]) == ({"user": "armon"}, 3_600, False)
    assert (made["orphan"], made["num_uses"], made["token_type"]) == (True, 7, "service")
    assert made["warnings"] == [create.NAMED]
    data = admin.data("myroot")
    assert data["display_name"] == "token-Jane-Doe-x-y"
    assert (data["path"], data["accessor"]) == ("auth/token/create", made["accessor"])


def test_nothing_asked_is_the_maker_again_as_its_child(admin: Holder) -> None:
    made = admin.create()
    assert (made["policies"], made["lease_duration"], made["renewable"]) == (["root"], 0, False)
    assert (made["orphan"], made["metadata"], made["num_uses"], made["warnings"]) == (False, None, 0, None)
    narrowed = admin.made(policies=["csi"])
    child = narrowed.create()
    assert (child["policies"], child["lease_duration"]) == (["csi", "default"], 768 * 3_600)


def test_what_local_admin_makes_belongs_to_the_built_in_manager_root(site: Service, root: Holder) -> None:
    made = root.create(policies=["read_only"])
    shown = site.local.get(f"/apitokens/{made['accessor']}/")
    assert (shown["owner"], shown["path"], shown["parent_id"]) == ("root", "auth/token/create", None)


def test_root_has_no_quota_and_others_have(site: Service, root: Holder, plain: Holder) -> None:
    for _ in range(7):
        root.create()
    for _ in range(4):
        plain.create()
    assert "has 5 live tokens and may have 5" in plain.refused(400, "POST", "auth/token/create", {})


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"id": "abcd"}, "root or sudo privileges required to specify token id"),
        ({"no_parent": True}, "root or sudo privileges required to create orphan token"),
        ({"period": "1h"}, "root or sudo privileges required to create periodic token"),
        ({"policies": ["read_only"]}, "child policies must be subset of parent"),
        ({"policies": ["root"]}, "child policies must be subset of parent"),
        ({"policies": ["nowhere"]}, "child policies must be subset of parent"),
        ({"policies": ["response-wrapping"]}, 'cannot assign policy "response-wrapping"'),
    ],
)
def test_what_takes_every_right(plain: Holder, sent: dict[str, object], message: str) -> None:
    assert plain.refused(400, "POST", "auth/token/create", sent) == message


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"id": "s.xyz"}, "custom token ID cannot have the 's.' prefix"),
        ({"id": "x.y.z"}, "custom token ID cannot have a '.' in the value"),
        ({"type": "batch"}, "batch tokens are not supported by this server. "),
        ({"type": "x"}, "invalid 'token_type' value"),
        ({"num_uses": -1}, "number of uses cannot be negative"),
        ({"ttl": "xyz"}, 'time: invalid duration "xyz"'),
        ({"ttl": "-1h"}, "ttl must be positive"),
        ({"period": -5}, "period must be positive"),
        ({"explicit_max_ttl": "-1"}, "explicit_max_ttl must be positive"),
        ({"num_uses": "abc"}, 'Field validation failed: error converting input for field "num_uses": '),
        ({"meta": "x"}, 'Field validation failed: error converting input for field "meta": '),
        ({"meta": {"a": {"b": "c"}}}, 'Field validation failed: error converting input for field "meta": '),
        ({"policies": [{"a": 1}]}, 'Field validation failed: error converting input for field "policies": '),
        ({"entity_alias": "x"}, "entity aliases are not supported"),
        ({"display_name": "x" * 513}, "display_name has at most"),
    ],
)
def test_what_nobody_gets(admin: Holder, sent: dict[str, object], message: str) -> None:
    assert admin.refused(400, "POST", "auth/token/create", sent).startswith(message)


def test_a_string_is_named_once(root: Holder) -> None:
    assert root.made(id="my own/token").works
    message = root.refused(400, "POST", "auth/token/create", {"id": "my own/token"})
    assert message == "cannot create a token with a duplicate ID"


@pytest.mark.parametrize("text", ["abc", "null", "Undefined", " lead", "trail ", "café", "x" * 257, "a\nb"])
def test_a_string_that_cannot_be_a_token(root: Holder, text: str) -> None:
    assert "cannot be a token's string" in root.refused(400, "POST", "auth/token/create", {"id": text})


def test_a_token_of_limited_uses_makes_none(admin: Holder) -> None:
    message = admin.made(num_uses=3).refused(400, "POST", "auth/token/create", {})
    assert message == "restricted use token cannot generate child tokens"


def test_no_orphan_of_a_token_that_ends_is_endless(admin: Holder) -> None:
    message = admin.made(ttl="1h").refused(400, "POST", "auth/token/create", {"no_parent": True})
    assert message == "expiring root tokens cannot create non-expiring root tokens"
    # Vault gives the two hours; here nothing outlives what made it.
    made = admin.made(ttl="1h").create(no_parent=True, ttl="2h")
    assert made["lease_duration"] == 3_600
    assert made["warnings"] == ['TTL of "2h" exceeded the effective max_ttl of "1h"; TTL value is capped accordingly']


def test_root_is_given_only_by_a_token_that_is_root(site: Service, admin: Holder) -> None:
    assert admin.create(policies=["root", "csi"])["policies"] == ["root"]
    narrowed = admin.made(policies=["administrators"])
    message = narrowed.refused(400, "POST", "auth/token/create", {"policies": ["root"]})
    assert message == "root tokens may not be created without parent token being root"


@pytest.mark.parametrize(
    ("sent", "granted", "warning"),
    [
        (
            {"ttl": "2000h"},
            768,
            'TTL of "2000h" exceeded the effective max_ttl of "768h"; TTL value is capped accordingly',
        ),
        ({"ttl": "768h"}, 768, None),
        ({"lease": "1h"}, 1, None),
        ({"ttl": "2h", "lease": "1h"}, 2, None),
        ({"ttl": 7_200}, 2, None),
        ({"ttl": "7200"}, 2, None),
        ({"ttl": "1d"}, 24, None),
        ({"explicit_max_ttl": "3h"}, 3, None),
        (
            {"ttl": "5h", "explicit_max_ttl": "3h"},
            3,
            'TTL of "5h" exceeded the effective max_ttl of "3h"; TTL value is capped accordingly',
        ),
        ({"explicit_max_ttl": "1000h", "ttl": "1h"}, 1, None),
        (
            {"period": "1000h"},
            768,
            'TTL of "1000h" exceeded the effective max_ttl of "768h"; TTL value is capped accordingly',
        ),
        ({"period": "2h", "ttl": "1h"}, 2, None),
    ],
)
def test_lifetimes_are_capped_with_a_warning(
    root: Holder, sent: dict[str, object], granted: int, warning: str | None
) -> None:
    made = root.create(**sent)
    assert (made["lease_duration"], made["warnings"]) == (granted * 3_600, [warning] if warning else None)
    data = root.data(made["client_token"])
    assert data["creation_ttl"] == data["ttl"] == granted * 3_600
    assert data.get("period", 0) == (int(str(sent["period"])[:-1]) * 3_600 if "period" in sent else 0)
    assert data["explicit_max_ttl"] == int(str(sent.get("explicit_max_ttl", "0h"))[:-1]) * 3_600


@pytest.mark.parametrize("length", ["2562047h", "86000000h", 2**62])
@pytest.mark.parametrize("name", ["ttl", "lease", "period", "explicit_max_ttl"])
def test_nothing_is_so_long_that_it_is_endless(root: Holder, name: str, length: object) -> None:
    made = root.create(ttl="99999h", **{name: length}) if name != "ttl" else root.create(ttl=length)
    assert made["lease_duration"] == 768 * 3_600
    assert root.data(made["client_token"])["expire_time"] is not None
    assert root.ask("PUT", "auth/token/renew", {"token": made["client_token"], "increment": length}).status == 200


def test_less_than_a_second_is_a_lifetime_too(site: Service, root: Holder) -> None:
    short = root.made(ttl="500ms")
    site.clock.advance(SECOND // 2 - 1)
    assert short.works
    site.clock.advance(1)
    assert not short.works


def test_a_child_never_outlives_its_parent_and_is_told_so(site: Service, admin: Holder) -> None:
    parent = admin.made(ttl="1h")
    made = parent.create(ttl="3h")
    assert (made["lease_duration"], made["warnings"]) == (3_600, ["the token ends with its parent"])
    site.clock.advance(HOUR)
    assert not parent.works
    assert not Holder(site, made["client_token"]).works


def test_the_defaults_are_settings(site: Service, plain: Holder) -> None:
    site.local.patch("/vms/1/", default_lease_ttl="10h", max_lease_ttl="20h")
    assert plain.create()["lease_duration"] == 10 * 3_600
    assert plain.create(ttl="30h")["lease_duration"] == 20 * 3_600
    site.local.refused(400, "PATCH", "/vms/1/", {"max_lease_ttl": "0"})


def test_the_password_timeout_caps_what_vault_makes(site: Service, root: Holder) -> None:
    site.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout="1D", pwd_expiration_timeout_enabled=True)
    made = root.create(ttl="48h")
    assert made["lease_duration"] == DAY // SECOND
    assert made["warnings"] == ["the lifetime 2D is longer than the maximum 1D and was cut to it"]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (None, "token"),
        ("", "token"),
        ("token", "token-token"),
        ("Jane Doe/x y!", "token-Jane-Doe-x-y"),
        ("--x--", "token---x-"),
        ("é\U0001f600", "token--"),
        ("a" * 300, "token-" + "a" * 300),
    ],
)
def test_display_names(sent: str | None, name: str) -> None:
    assert create.format_display_name(sent) == name


def test_an_unknown_role_is_refused(root: Holder) -> None:
    assert root.refused(400, "POST", "auth/token/create/r", {}) == "unknown role r"


def test_a_role_bounds_and_hands_out(site: Service, root: Holder, plain: Holder) -> None:
    sent = {"orphan": True, "renewable": False, "path_suffix": "ci", "token_num_uses": 5, "explicit_max_ttl": "2h"}
    assert root.ask("POST", "auth/token/roles/builder", sent).status == 204
    made = plain.create("create/builder", num_uses=9, ttl="9h", no_parent=False)
    assert (made["orphan"], made["renewable"], made["num_uses"], made["lease_duration"]) == (True, False, 5, 7_200)
    data = Holder(site, made["client_token"]).data()
    assert (data["path"], data["role"]) == ("auth/token/create/builder/ci", "builder")
    message = plain.refused(400, "POST", "auth/token/create/builder", {"id": "mine"})
    assert message == "root or sudo privileges required to specify token id"
    message = plain.refused(400, "POST", "auth/token/create/builder", {"period": "1h"})
    assert message == "root or sudo privileges required to create periodic token"


def test_a_role_that_hands_out_orphans_makes_nobody_root(root: Holder, plain: Holder) -> None:
    assert root.ask("POST", "auth/token/roles/free", {"orphan": True}).status == 204
    assert plain.create("create/free")["lease_duration"] == 768 * 3_600
    plain.refused(400, "POST", "auth/token/create/free", {"policies": ["root"]})


def test_a_role_makes_periodic_tokens_for_anybody(root: Holder, plain: Holder) -> None:
    root.ask("POST", "auth/token/roles/steady", {"period": "1h"})
    assert plain.create("create/steady", ttl="9h")["lease_duration"] == 3_600


def test_a_role_gives_nobody_a_policy_that_they_lack(site: Service, root: Holder, plain: Holder) -> None:
    root.ask("POST", "auth/token/roles/readers", {"allowed_policies": "read_only,csi"})
    assert plain.refused(400, "POST", "auth/token/create/readers", {}) == "child policies must be subset of parent"
    message = root.refused(400, "POST", "auth/token/create/readers", {"policies": ["debug_metrics"]})
    assert message == 'the role does not allow the policy "debug_metrics"'
    assert root.create("create/readers")["policies"] == ["csi", "default", "read_only"]
    rita = holder(site, "rita", ["read_only"])
    assert rita.create("create/readers", policies=["read_only"])["policies"] == ["default", "read_only"]


PASSWORD = "correct horse 9"
LOGIN = "/v1/auth/userpass/login/"


@pytest.fixture
def carol(site: Service) -> Holder:
    """A reader who signed in."""
    site.manager("carol", "read_only", password=PASSWORD)
    answer = site.ask("PUT", f"{LOGIN}CAROL", {"password": PASSWORD})
    assert answer.status == 200, answer
    auth = answer.json["auth"]
    assert (auth["policies"], auth["lease_duration"], auth["renewable"]) == (["default", "read_only"], 3_600, True)
    return Holder(site, auth["client_token"])


def test_a_sign_in_is_a_session_that_can_be_renewed_for_a_day(site: Service, carol: Holder) -> None:
    data = carol.data()
    assert (data["path"], data["explicit_max_ttl"], data["orphan"]) == ("auth/userpass/login/carol", 86_400, True)
    for _ in range(23):
        site.clock.advance(HOUR - 1)
        assert carol.ask("PUT", "auth/token/renew-self", {}).json["auth"]["lease_duration"] == 3_600
    site.clock.advance(HOUR - 1)
    last = carol.ask("PUT", "auth/token/renew-self", {"increment": "9h"}).json
    assert (last["auth"]["lease_duration"], len(last["warnings"])) == (0, 1)
    site.clock.advance(24)
    assert not carol.works


def test_it_makes_tokens_and_counts_for_nothing_itself(site: Service, carol: Holder) -> None:
    for _ in range(5):
        carol.create()
    assert "has 5 live tokens" in carol.refused(400, "POST", "auth/token/create", {})
    assert carol.ask("POST", "auth/token/revoke-self").status == 204
    assert not carol.works


def test_a_new_password_ends_it(site: Service, carol: Holder) -> None:
    [shown] = site.local.get("/managers/", username="carol")
    assert site.local.ask("PATCH", f"/managers/{shown['id']}/password/", {"password": "a better horse"}).status == 204
    assert not carol.works


@pytest.mark.parametrize(
    ("username", "password"),
    [("carol", "wrong"), ("nobody", PASSWORD), ("root", PASSWORD), ("local-admin", "x"), ("%00", "x")],
)
def test_who_is_not_let_in_learns_nothing(site: Service, carol: Holder, username: str, password: str) -> None:
    answer = site.ask("POST", f"{LOGIN}{username}", {"password": password})
    expected = (404, None) if username == "%00" else (400, {"errors": ["invalid username or password"]})
    assert (answer.status, answer.json if answer.status == 400 else None) == expected


def test_a_password_has_to_be_sent(site: Service, carol: Holder) -> None:
    answer = site.ask("POST", f"{LOGIN}carol")
    assert (answer.status, answer.json) == (400, {"errors": ["missing password"]})


def test_guesses_are_slowed_down(site: Service, carol: Holder) -> None:
    statuses = [site.ask("POST", f"{LOGIN}carol", {"password": "wrong"}).status for _ in range(12)]
    assert 429 in statuses
    answer = site.ask("POST", f"{LOGIN}carol", {"password": PASSWORD})
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) > 0
