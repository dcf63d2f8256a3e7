"""Tokens through Vault's door: what is asked, what is given, what is refused and in which words."""

from typing import Any

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, SECOND
from server_stub.web.vault import tokens
from server_stub.web.vault.tokens import NO_ACCESSOR
from tests.server_stub.conftest import Service
from tests.server_stub.web.vault.conftest import DENIED, LISTED_DENIED, Holder, holder

MILLISECOND = SECOND // 1_000
UNKNOWN = "ZZZZZZZZ"


def accessor(who: Holder) -> str:
    """Return a token's accessor."""
    return str(who.data()["accessor"])


@pytest.mark.parametrize("way", ["lookup/{token}", "/auth/token/lookup/{token}", "lookup", "query"])
def test_every_way_to_look_up_tells_the_same(root: Holder, way: str) -> None:
    token = root.create(ttl="1h", meta={"a": "b"})["client_token"]
    if way == "query":
        answer = root.ask("GET", "auth/token/lookup", query={"token": token})
    elif way == "lookup":
        answer = root.ask("PUT", "auth/token/lookup", {"token": token})
    else:
        path = way.format(token=token)
        answer = root.ask("GET", path if path.startswith("/") else f"auth/token/{path}")
    assert answer.status == 200
    assert answer.json["data"] == root.data(token)
    assert answer.json["data"]["id"] == token


def test_a_lookup_has_every_key_and_no_more(root: Holder) -> None:
    data = root.made(ttl="1h").data()
    assert list(data) == sorted(data)
    assert set(data) == {
        "accessor",
        "creation_time",
        "creation_ttl",
        "display_name",
        "entity_id",
        "expire_time",
        "explicit_max_ttl",
        "id",
        "issue_time",
        "meta",
        "num_uses",
        "orphan",
        "path",
        "policies",
        "renewable",
        "ttl",
        "type",
    }
    assert data["issue_time"].endswith("Z")
    assert data["type"] == "service"


def test_the_local_admin_looks_itself_up(root: Holder) -> None:
    data = root.data()
    assert (data["policies"], data["path"], data["id"]) == (["root"], "auth/token/root", root.token)
    assert root.data(root.token) == data
    answer = root.ask("POST", "auth/token/lookup-accessor", {"accessor": data["accessor"]})
    assert answer.json["data"] == {**data, "id": ""}


def test_an_accessor_tells_all_but_the_token(root: Holder) -> None:
    made = root.create(ttl="1h")
    answer = root.ask("POST", "auth/token/lookup-accessor", {"accessor": made["accessor"]})
    assert answer.json["data"] == {**root.data(made["client_token"]), "id": ""}


@pytest.mark.parametrize(
    ("deed", "status", "message"),
    [
        ("lookup", 403, "bad token"),
        ("renew", 400, "token not found"),
        ("revoke-orphan", 400, "token to revoke not found"),
    ],
)
@pytest.mark.parametrize("text", ["nosuch", "never.been", f"{UNKNOWN}.{'x' * 32}", "\ufffd", "a" * 3_000])
def test_a_token_that_is_not_there(root: Holder, deed: str, status: int, message: str, text: str) -> None:
    assert root.refused(status, "POST", f"auth/token/{deed}", {"token": text}) == message


@pytest.mark.parametrize("state", ["revoked", "expired", "spent"])
def test_a_dead_token_is_as_none(site: Service, root: Holder, state: str) -> None:
    dead = root.made(ttl="1h", num_uses=1)
    name = root.data(dead.token)["accessor"]
    if state == "revoked":
        assert root.ask("PUT", "auth/token/revoke", {"token": dead.token}).status == 204
    elif state == "expired":
        site.clock.advance(HOUR)
    else:
        assert dead.works
    assert dead.refused(403, "GET", "auth/token/lookup-self") == DENIED
    assert root.refused(403, "POST", "auth/token/lookup", {"token": dead.token}) == "bad token"
    assert root.refused(400, "POST", "auth/token/renew", {"token": dead.token}) == "token not found"
    message = root.refused(400, "POST", "auth/token/lookup-accessor", {"accessor": name})
    assert message == "1 error occurred:\n\t* invalid accessor\n\n"
    assert root.ask("POST", "auth/token/revoke", {"token": dead.token}).status == 204


@pytest.mark.parametrize("deed", ["lookup", "renew", "revoke", "revoke-orphan"])
def test_a_token_has_to_be_named(root: Holder, deed: str) -> None:
    assert root.refused(400, "POST", f"auth/token/{deed}", {}) == "missing token ID"


@pytest.mark.parametrize("deed", ["lookup-accessor", "renew-accessor", "revoke-accessor"])
def test_an_accessor_has_to_be_named(root: Holder, deed: str) -> None:
    assert "missing accessor" in root.refused(400, "POST", f"auth/token/{deed}", {})


@pytest.mark.parametrize("deed", ["lookup", "renew", "revoke", "revoke-orphan"])
def test_who_may_not_ask_learns_nothing(site: Service, root: Holder, plain: Holder, deed: str) -> None:
    foreign = holder(site, "bob")
    answers = [
        plain.ask("POST", f"auth/token/{deed}", {"token": token}) for token in (foreign.token, "no such token at all")
    ]
    assert answers[0].status == answers[1].status == (400 if deed == "revoke-orphan" else 403)
    assert answers[0].json == answers[1].json
    assert foreign.works


@pytest.mark.parametrize("deed", ["lookup-accessor", "renew-accessor", "revoke-accessor"])
def test_who_may_not_ask_by_accessor_learns_nothing(site: Service, plain: Holder, deed: str) -> None:
    foreign = accessor(holder(site, "bob"))
    for name in (foreign, UNKNOWN, "x" * 40):
        assert plain.refused(403, "POST", f"auth/token/{deed}", {"accessor": name}) == LISTED_DENIED


def test_ones_own_tokens_are_ones_own(site: Service, plain: Holder) -> None:
    other = Holder(site, site.local.post("/apitokens/", owner="nora", expiry_date="2h")["token"])
    assert plain.data(other.token)["display_name"] == "nora_api_token"
    assert plain.ask("POST", "auth/token/renew", {"token": other.token, "increment": 60}).status == 200
    assert plain.ask("POST", "auth/token/revoke", {"token": other.token}).status == 204
    assert not other.works


def test_a_renewal_counts_from_now_and_may_shorten(site: Service, root: Holder) -> None:
    token = root.made(ttl="1h")
    site.clock.advance(HOUR // 2)
    renewed = token.ask("PUT", "auth/token/renew-self", {"increment": 0}).json["auth"]
    assert (renewed["lease_duration"], renewed["client_token"]) == (3_600, token.token)
    for increment in (30, "30", "30s", "0.5m"):
        answer = token.ask("POST", "auth/token/renew-self", {"increment": increment})
        assert answer.json["auth"]["lease_duration"] == 30
    assert token.ask("PUT", "auth/token/renew-self", {"increment": None}).json["auth"]["lease_duration"] == 30
    data = token.data()
    assert (data["creation_ttl"], data["ttl"]) == (3_600, 30)
    assert data["last_renewal_time"] == site.clock.now // SECOND


def test_by_accessor_no_token_is_told(root: Holder) -> None:
    made = root.create(ttl="1h")
    answer = root.ask("POST", "auth/token/renew-accessor", {"accessor": made["accessor"], "increment": "2h"})
    assert (answer.json["auth"]["client_token"], answer.json["auth"]["lease_duration"]) == ("", 7_200)


@pytest.mark.parametrize("sent", [{}, {"ttl": "1h", "renewable": False}])
def test_what_cannot_be_renewed(admin: Holder, root: Holder, sent: dict[str, object]) -> None:
    token = admin.made(**sent)
    assert token.refused(400, "PUT", "auth/token/renew-self", {}) == "lease is not renewable"
    assert admin.refused(400, "PUT", "auth/token/renew", {"token": token.token}) == "lease is not renewable"
    assert root.refused(400, "PUT", "auth/token/renew-self", {}) == "lease is not renewable"


LIMITS: dict[str, tuple[dict[str, object], int]] = {
    "its explicit maximum": ({"ttl": "1h", "explicit_max_ttl": "3h"}, 3 * HOUR),
    "the maximum of all": ({"ttl": "1h"}, 4 * HOUR),
    "its parent's end": ({"ttl": "1h"}, 2 * HOUR),
    "the password timeout": ({"ttl": "1h"}, 4 * HOUR),
}


@pytest.mark.parametrize("offset", [-1_000, -1, 0, 1, 1_000])
@pytest.mark.parametrize("limit", list(LIMITS))
def test_renewals_around_each_limit(site: Service, admin: Holder, limit: str, offset: int) -> None:
    """Asked for `offset` milliseconds more than the limit allows, a token gets the limit, and then dies."""
    sent, life = LIMITS[limit]
    maker = admin
    if limit == "the maximum of all":
        site.local.patch("/vms/1/", max_lease_ttl="4h")
    elif limit == "its parent's end":
        maker = admin.made(ttl="2h")
    elif limit == "the password timeout":
        site.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout="4H", pwd_expiration_timeout_enabled=True)
    end = site.clock.now + life
    token = maker.made(**sent)
    site.clock.advance(HOUR - SECOND)
    wished = end - site.clock.now + offset * MILLISECOND
    answer = token.ask("PUT", "auth/token/renew-self", {"increment": f"{wished // MILLISECOND}ms"})
    assert answer.status == 200, answer
    granted = answer.json["auth"]["lease_duration"] * SECOND
    assert granted == min(wished, end - site.clock.now) // SECOND * SECOND
    assert bool(answer.json["warnings"]) == (offset > 0)
    last = min(end, site.clock.now + wished)
    for moment, works in ((last - 1, True), (last, False), (last + SECOND, False)):
        site.clock.advance(moment - site.clock.now)
        assert token.works == works


@pytest.mark.parametrize("offset", [-1_000, -1, 0, 1, 1_000])
def test_renewals_around_a_tokens_own_end(site: Service, root: Holder, offset: int) -> None:
    token = root.made(ttl="1h")
    site.clock.advance(HOUR + offset * MILLISECOND)
    assert token.ask("PUT", "auth/token/renew-self", {}).status == (200 if offset < 0 else 403)
    assert root.ask("PUT", "auth/token/renew", {"token": token.token}).status == (200 if offset < 0 else 400)


@pytest.mark.parametrize("increment", [0, 60, "9999h", 2**62, None])
def test_a_periodic_token_gets_its_period_for_ever(site: Service, root: Holder, increment: object) -> None:
    token = root.made(period="24h")
    for _ in range(60):
        site.clock.advance(24 * HOUR - SECOND)
        answer = token.ask("PUT", "auth/token/renew-self", {"increment": increment})
        assert answer.json["auth"]["lease_duration"] == 24 * 3_600
    assert token.data()["expire_time"] is not None
    bounded = root.made(period="24h", explicit_max_ttl="30h")
    site.clock.advance(20 * HOUR)
    assert bounded.ask("PUT", "auth/token/renew-self", {}).json["auth"]["lease_duration"] == 10 * 3_600


def test_a_native_token_is_not_bound_by_vaults_maximum(site: Service, plain: Holder) -> None:
    long = Holder(site, site.local.post("/apitokens/", owner="nora", expiry_date="1Y")["token"])
    assert long.ask("PUT", "auth/token/renew-self", {}).json["auth"]["lease_duration"] == 365 * 86_400


def test_a_parent_that_is_shortened_shortens_its_children(site: Service, admin: Holder) -> None:
    parent = admin.made(ttl="10h")
    child = parent.made(ttl="8h")
    parent.ask("PUT", "auth/token/renew-self", {"increment": "1h"})
    assert child.data()["ttl"] == 3_600


def test_uses_are_counted_down_whatever_comes_of_them(root: Holder) -> None:
    token = root.made(num_uses=6, policies=["web"])
    assert token.data()["num_uses"] == 5
    token.refused(403, "GET", "auth/token/roles/none")
    assert token.refused(400, "POST", "auth/token/renew-self", {"increment": "xyz"}).startswith("time: ")
    assert token.data()["num_uses"] == 3
    assert root.data(token.token)["num_uses"] == 3, "a look by somebody else is none of its uses"
    assert token.ask("GET", "sys/health").status == 200
    assert [token.data()["num_uses"] for _ in range(3)] == [2, 1, -1]
    assert token.refused(403, "GET", "auth/token/lookup-self") == DENIED


def test_json_that_cannot_be_read_is_no_use(site: Service, root: Holder) -> None:
    token = root.made(num_uses=1)
    answer = site.ask("POST", "/v1/auth/token/renew-self", headers={"X-Vault-Token": token.token}, form="{x")
    assert answer.status == 400
    assert answer.json["errors"][0].startswith("failed to decode JSON input: ")
    assert token.works


def test_the_last_use_renews_nothing_and_revokes(root: Holder) -> None:
    token = root.made(num_uses=1, ttl="1h")
    assert token.refused(400, "PUT", "auth/token/renew-self", {}) == "token not found"
    token = root.made(num_uses=1)
    assert token.ask("PUT", "auth/token/revoke-self").status == 204
    assert root.refused(403, "POST", "auth/token/lookup", {"token": token.token}) == "bad token"


def family(admin: Holder) -> list[Holder]:
    """Make a token, its child and its grandchild."""
    made = [admin.made(policies=["csi"])]
    for _ in range(2):
        made.append(made[-1].made())
    return made


REVOKE = ["revoke", "revoke/{token}", "/auth/token/revoke/{token}", "revoke-accessor", "revoke-self"]


@pytest.mark.parametrize("way", REVOKE)
def test_revoking_takes_the_family(admin: Holder, way: str) -> None:
    eldest, child, grandchild = family(admin)
    body: dict[str, Any] = {"token": child.token} if way == "revoke" else {}
    if way == "revoke-accessor":
        body = {"accessor": accessor(child)}
    path = way.format(token=child.token)
    asks = child if way == "revoke-self" else admin
    answer = asks.ask("PUT", path if path.startswith("/") else f"auth/token/{path}", body)
    assert (answer.status, answer.json) == (204, None)
    assert [who.works for who in (eldest, child, grandchild)] == [True, False, False]


@pytest.mark.parametrize("way", ["revoke-orphan", "revoke-orphan/{token}", "/auth/token/revoke-orphan/{token}"])
def test_revoking_alone_frees_the_children(admin: Holder, way: str) -> None:
    eldest, child, grandchild = family(admin)
    path = way.format(token=child.token)
    path = path if path.startswith("/") else f"auth/token/{path}"
    assert admin.ask("POST", path, {"token": child.token} if way == "revoke-orphan" else None).status == 204
    assert [who.works for who in (eldest, child, grandchild)] == [True, False, True]
    assert grandchild.data()["orphan"] is True
    message = admin.refused(400, "POST", path, {"token": child.token})
    assert message == "token to revoke not found"


def test_revoking_an_unknown_accessor_warns(admin: Holder) -> None:
    answer = admin.ask("POST", "auth/token/revoke-accessor", {"accessor": UNKNOWN})
    assert (answer.status, answer.json["warnings"]) == (200, [NO_ACCESSOR])


def test_the_local_admin_is_not_revoked(root: Holder) -> None:
    for deed in ("revoke", "revoke-self", "revoke-orphan"):
        message = root.refused(400, "POST", f"auth/token/{deed}", {"token": root.token})
        assert "lives as long as the server runs" in message
    assert root.works


PREFIXES = [
    ("sys/leases/revoke-prefix/auth/token/create", [False, False, True]),
    ("sys/leases/revoke-prefix/auth/token/create/", [False, False, True]),
    ("sys/revoke-prefix/auth/token/create", [False, False, True]),
    ("auth/token/revoke-prefix/auth/token/create", [False, False, True]),
    ("/auth/token/revoke-prefix/auth/token/create", [False, False, True]),
    ("sys/leases/revoke-prefix/auth/token/create/r", [True, False, True]),
    ("sys/leases/revoke-prefix/auth/token/create-orphan", [True, True, False]),
    ("sys/leases/revoke-prefix/auth/token/create-or", [True, True, True]),
    ("sys/leases/revoke-prefix/auth", [False, False, False]),
]


@pytest.mark.parametrize(("path", "left"), PREFIXES)
def test_revoking_by_the_path_takes_whole_names(root: Holder, path: str, left: list[bool]) -> None:
    root.ask("POST", "auth/token/roles/r", {})
    made = [root.made(), root.made("create/r"), root.made("create-orphan")]
    assert root.ask("PUT", path, {"sync": False}).status == 204
    assert [who.works for who in made] == left


def test_nobody_cuts_off_the_branch_they_sit_on(admin: Holder) -> None:
    child = admin.made()
    message = child.refused(400, "PUT", "sys/leases/revoke-prefix/auth/token")
    assert "would be revoked too" in message
    assert child.works


@pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")  # the test client knows no LIST
def test_accessors_are_listed_by_both_verbs(site: Service, root: Holder, plain: Holder) -> None:
    made = [root.create()["accessor"] for _ in range(3)]
    dead = root.create()
    root.ask("POST", "auth/token/revoke", {"token": dead["client_token"]})
    listed = root.ask("LIST", "auth/token/accessors").json["data"]["keys"]
    assert listed == root.ask("GET", "/auth/token/accessors", query={"list": "true"}).json["data"]["keys"]
    assert set(listed) == {*made, accessor(root), accessor(plain)}
    assert plain.ask("LIST", "auth/token/accessors").json["data"]["keys"] == [accessor(plain)]
    assert root.refused(405, "GET", "auth/token/accessors") == "1 error occurred:\n\t* unsupported operation\n\n"


def test_there_is_nothing_to_tidy(root: Holder) -> None:
    answer = root.ask("POST", "auth/token/tidy")
    assert answer.status == 202
    assert answer.json["warnings"]


def test_what_is_done_here_stands_in_the_audit_chain_without_a_token(site: Service, admin: Holder) -> None:
    token = admin.made(ttl="1h", id="a token of my own", meta={"job": "7"})
    token.ask("PUT", "auth/token/renew-self", {})
    made = token.create(policies=["csi"])
    admin.ask("POST", f"/auth/token/revoke/{token.token}")
    holder(site, "eve").refused(403, "GET", f"/auth/token/lookup/{admin.token}")
    site.throttle.flush(all_of_them=True)
    site.database.write(lambda tx: None)
    rows = site.database.read(lambda tx: tx.rows("SELECT actor, action, target, detail, outcome FROM audit"))
    whole = repr(rows)
    for secret in (token.token, admin.token, admin.token.partition(".")[2], made["client_token"]):
        assert secret not in whole
    said = [(row[0], row[1], row[4]) for row in rows]
    for deed in ("apitoken.create", "apitoken.renew", "apitoken.revoke"):
        assert ("alice", deed, "done") in said
    assert ("eve", "apitoken.show", "refused") in said
    [target] = [row[2] for row in rows if row[0] == "eve" and row[4] == "refused"]
    assert target == accessor(admin)
    assert '"meta":{"job":"7"}' in whole


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "x", lambda t: t.swapcase(), lambda t: t[:8]])
def test_a_string_finds_its_token_alone(root: Holder, change: object) -> None:
    token = root.made(ttl="1h").token
    assert callable(change)
    assert root.refused(403, "POST", "auth/token/lookup", {"token": change(token)}) == "bad token"
    assert root.data(f"  {token} ")["id"].strip() == token


def test_the_id_of_a_named_string_is_not_enough(root: Holder) -> None:
    made = root.create(id="my own string")
    for text in (made["accessor"], "my own String", "my own"):
        assert root.refused(403, "POST", "auth/token/lookup", {"token": text}) == "bad token"


def test_a_sign_ins_refresh_token_is_nobodys_business(site: Service, root: Holder) -> None:
    site.manager("carol", password="correct horse 9")
    session = site.nobody.post("/token/", username="carol", password="correct horse 9")
    assert root.data(session["access"])["path"] == "auth/userpass/login/carol"
    assert root.refused(403, "POST", "auth/token/lookup", {"token": session["refresh"]}) == "bad token"


def test_the_old_string_of_a_rotation_is_good_through_its_grace(site: Service, root: Holder) -> None:
    made = root.create(ttl="10h")
    fresh = site.local.patch(f"/apitokens/{made['accessor']}/rotate/", grace="1h")["token"]
    assert root.data(made["client_token"])["accessor"] == root.data(fresh)["accessor"]
    site.clock.advance(3_600 * 1_000_000)
    assert root.refused(403, "POST", "auth/token/lookup", {"token": made["client_token"]}) == "bad token"
    assert root.data(fresh)["id"] == fresh


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
    assert made["warnings"] == [tokens.NAMED]
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
    assert tokens.format_display_name(sent) == name


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
