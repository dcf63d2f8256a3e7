"""/auth/check as gateways ask it."""

import pytest

from tests.server_stub.conftest import Answer, Person, Service

NGINX = ("X-Original-URI", "X-Original-Method")
CADDY = ("X-Forwarded-Uri", "X-Forwarded-Method")


def check(
    person: Person, method: str, target: str, family: tuple[str, str] = NGINX, path: str = "/auth/check", **more: str
) -> Answer:
    """Ask the gate as a gateway does; ``more`` are headers of the client's own."""
    headers = {family[0]: target, family[1]: method}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    return person.ask("GET", path, headers=headers)


@pytest.mark.parametrize("family", [NGINX, CADDY])
def test_a_yes_says_who_it_is(site: Service, family: tuple[str, str]) -> None:
    site.manager("rita", "read_only")
    token = site.local.post("/apitokens/", owner="rita")
    answer = check(site.by_bearer(token["token"]), "GET", "/dav/a%20b?x=1", family)
    assert (answer.status, answer.json) == (204, None)
    assert answer.headers["x-vshell-user"] == "rita"
    assert answer.headers["x-vshell-token-id"] == token["id"]
    assert "view_logical" in answer.headers["x-vshell-permissions"].split(",")


def test_nobody_is_told_how_to_say_who_they_are(site: Service) -> None:
    for person in (site.nobody, site.by_bearer("JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6sMqesu")):
        answer = check(person, "GET", "/dav/a")
        assert answer.status == 401
        assert "Basic" in answer.headers["www-authenticate"]


def test_a_refusal_is_403_whatever_its_reason(site: Service, rita: Person) -> None:
    assert check(rita, "PUT", "/dav/a").status == 403
    assert check(rita, "GET", "/dav/../a").status == 403
    assert check(rita, "BREW", "/dav/a").status == 403
    assert check(rita, "COPY", "/dav/a").status == 403
    assert check(rita, "GET", "/dav/a", X_HTTP_Method_Override="PUT").status == 403
    assert check(rita, "GET", "/dav/a", X_Vault_Token="JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6sMqesu").status in (401, 403)
    assert rita.ask("GET", "/auth/check").status == 403


def test_a_client_cannot_choose_what_the_gate_judges(rita: Person) -> None:
    assert check(rita, "PUT", "/dav/a", CADDY, X_Original_Method="GET").status == 403
    assert check(rita, "GET", "/dav/../b", CADDY, X_Original_URI="/dav/a").status == 403
    assert check(rita, "GET", "/dav/a", NGINX, X_Forwarded_Uri="/dav/a").status == 204


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_no_other_method_of_the_question_is_a_yes(site: Service, alice: Person, method: str) -> None:
    """Some gateways ask by the method of their client's request, and take any 2xx for a yes."""
    for person in (site.nobody, alice):
        answer = person.ask(method, "/auth/check", headers={NGINX[0]: "/dav/a", NGINX[1]: method})
        assert answer.status in (404, 405)


def test_what_stands_behind_the_question_mark_is_passed_over(rita: Person) -> None:
    assert (
        rita.ask(
            "GET",
            "/auth/check",
            query={"a": "1"},
            headers={"X-Forwarded-Uri": "/dav/a?a=1", "X-Forwarded-Method": "GET"},
        ).status
        == 204
    )
    assert check(rita, "GET", "/dav/a", path="/auth/check?a=1&a=2").status == 204


def test_a_token_of_another_name_is_401(site: Service) -> None:
    site.manager("rita", "read_only")
    token = site.local.post("/apitokens/", owner="rita")["token"]
    assert check(site.by_password("rita", token), "GET", "/a").status == 204
    for name in ("bob", "local-admin", "", "Rita x"):
        assert check(site.by_password(name, token), "GET", "/a").status == 401


def test_scopes_narrow_by_the_nodes_of_now(site: Service, alice: Person) -> None:
    node = site.local.post("/nodes/", path="/dav/projects/x")["uuid"]
    token = alice.post("/apitokens/", scopes=[f"node:{node}:r"])["token"]
    holder = site.by_bearer(token)
    assert check(holder, "GET", "/dav/projects/x/y").status == 204
    assert check(holder, "GET", "/dav/projects/y").status == 403
    assert check(holder, "PUT", "/dav/projects/x/y").status == 403
    assert site.local.ask("DELETE", f"/nodes/{node}/").status == 204
    assert check(holder, "GET", "/dav/projects/x/y").status == 403


def test_a_revoked_token_is_refused_at_once_and_a_used_up_one_too(site: Service) -> None:
    site.manager("rita", "read_only")
    once = site.local.post("/apitokens/", owner="rita", num_uses=1)["token"]
    assert [check(site.by_bearer(once), "GET", "/a").status for _ in range(2)] == [204, 401]
    token = site.local.post("/apitokens/", owner="rita")
    assert check(site.by_bearer(token["token"]), "GET", "/a").status == 204
    site.local.patch(f"/apitokens/{token['id']}/revoke/")
    assert check(site.by_bearer(token["token"]), "GET", "/a").status == 401


def test_a_refusal_is_recorded_with_its_address_but_no_query(site: Service, rita: Person) -> None:
    assert check(rita, "PUT", "/dav/a?access_token=secret").status == 403
    site.local.post("/nodes/", path="/later")  # written behind the record
    rows = site.database.read(
        lambda tx: tx.rows("SELECT actor, target FROM audit WHERE action = 'gate.check' AND outcome = 'refused'")
    )
    assert rows == [("rita", "PUT /dav/a")]
