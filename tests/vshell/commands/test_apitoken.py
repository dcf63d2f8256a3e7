"""The apitoken commands against a real HTTP server: what they send, and what is shown of the answer."""

import io
import re
from collections.abc import Iterator

import pytest

from server_stub.domain.base.timestamps import DAY
from tests.vshell.commands.conftest import Service, Shell, holding
from tests.vshell.small import Streams
from tests.vshell.web import Reply, Web, serving
from vshell.client.client import HttpClient
from vshell.commands.apitoken import revoke
from vshell.errors import Conflict, Failed, Mistake
from vshell.language.grammar import parse
from vshell.output import Output
from vshell.run.run_line import run
from vshell.session import Session
from vshell.state.settings import Settings
from vshell.terminal import screen

TOKEN = {
    "id": "c6UmISHU",
    "name": "example_api_token",
    "owner": "admin",
    "created": "2025-03-18T11:59:00.000000Z",
    "expiry_date": "2025-06-18T11:59:00.000000Z",
    "last_used": None,
    "revoked": False,
    "revocation_time": None,
}
OTHER = TOKEN | {
    "id": "RWDLagfI",
    "name": "example2_api_token",
    "owner": "admin2",
    "expiry_date": "2025-05-19T12:00:00.000000Z",
    "last_used": "2025-02-19T11:30:04.123456Z",
}
REVOKED = TOKEN | {
    "id": "0MivGn7o",
    "name": "admin_api_token",
    "expiry_date": "2024-10-15T12:40:42.000000Z",
    "last_used": "2024-10-12T18:34:19.000000Z",
    "revoked": True,
    "revocation_time": "2024-10-14T16:00:20.000000Z",
}


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as running:
        yield running


def typed(line: str, web: Web) -> str:
    """Run a line as typed, and return what is printed."""
    session = Session(HttpClient.at(web.url), Output(out := io.StringIO(), io.StringIO()), Settings())
    run(parse(line), session)
    session.client.close()
    return out.getvalue()


def sent(web: Web) -> tuple[str, str, object]:
    """Return method, path and body of the one request."""
    (asked,) = web.asked
    return asked.method, asked.path.removeprefix("/api/latest"), asked.json if asked.body else None


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("apitoken create", {}),
        (
            "apitoken create --name AWS_TOKEN --expiry-date 1D --owner adminjb",
            {"name": "AWS_TOKEN", "expiry_date": "1D", "owner": "adminjb"},
        ),
        ("apitoken create --name ''", {"name": ""}),
        (
            "apitoken create --auto 10m --hard-end 30D --scopes node:0d6b2f0e-0000-4000-8000-000000000001:r "
            "--policies a,b --num-uses 3 --meta team=web --meta 'why=a, b' --orphan --parent L7k8ljIC",
            {
                "sliding_window": "10m",
                "hard_end": "30D",
                "scopes": ["node:0d6b2f0e-0000-4000-8000-000000000001:r"],
                "policies": ["a", "b"],
                "num_uses": 3,
                "meta": {"team": "web", "why": "a, b"},
                "orphan": True,
                "parent": "L7k8ljIC",
            },
        ),
        ("vcli: admin> apitoken create --expiry-date 180D", {"expiry_date": "180D"}),
    ],
)
def test_create_says_it_as_vcli_does(web: Web, line: str, body: object) -> None:
    token = "L7k8ljIC.jm1P5Y0ONaJfUJhslJbAjRAyr9jcy89X"
    web.answer = lambda asked: Reply(201, {"id": "L7k8ljIC", "token": token})
    printed = f"ApiToken with id: L7k8ljIC has been created, your token is: {token} please keep it safe\n"
    assert typed(line, web) == printed
    assert sent(web) == ("POST", "/apitokens/", body)


def test_create_gives_programs_the_fields(web: Web) -> None:
    web.answer = lambda asked: Reply(201, {"id": "L7k8ljIC", "token": "x"})
    assert typed("apitoken create --output jsonl", web) == '{"id":"L7k8ljIC","token":"x"}\n'
    assert typed("apitoken create --output ids", web) == "L7k8ljIC\n"


def test_list_is_vclis_table(web: Web) -> None:
    web.answer = lambda asked: Reply(200, [TOKEN, OTHER])
    table = """\
+----------+--------------------+--------+---------------------+---------------------+---------+-----------------+
| ID       | Name               | Owner  | Expiry-date         | Last-used           | Revoked | Revocation-time |
+----------+--------------------+--------+---------------------+---------------------+---------+-----------------+
| c6UmISHU | example_api_token  | admin  | 2025-06-18 11:59:00 | None                | False   | None            |
| RWDLagfI | example2_api_token | admin2 | 2025-05-19 12:00:00 | 2025-02-19 11:30:04 | False   | None            |
+----------+--------------------+--------+---------------------+---------------------+---------+-----------------+
"""
    assert typed("apitoken list", web) == table
    assert sent(web) == ("GET", "/apitokens/?prefix=&page_size=1000", None)


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("apitoken list --archived", "?archived=True"),
        ("apitoken list --owner bob --name 'a b'", "?owner=bob&name=a+b"),
        (
            "apitoken list --expiring-in 7D --unused-for 90D --parent L7k8ljIC --policy web",
            "?expiring_in=7D&unused_for=90D&parent=L7k8ljIC&policy=web",
        ),
    ],
)
def test_list_asks_for_some(web: Web, line: str, query: str) -> None:
    web.answer = lambda asked: Reply(200, [])
    typed(line, web)
    assert sent(web) == ("GET", f"/apitokens/{query}&prefix=&page_size=1000", None)


def test_list_can_show_when_a_token_was_created(web: Web) -> None:
    web.answer = lambda asked: Reply(200, [TOKEN])
    assert typed("apitoken list --columns id,created --output csv", web).split() == [
        "id,created",
        "c6UmISHU,2025-03-18T11:59:00.000000Z",
    ]


def test_show_is_vclis_vertical_table(web: Web) -> None:
    web.answer = lambda asked: Reply(200, REVOKED)
    table = """\
+-----------------+---------------------+
| ID              | 0MivGn7o            |
| Name            | admin_api_token     |
| Owner           | admin               |
| Expiry-date     | 2024-10-15 12:40:42 |
| Last-used       | 2024-10-12 18:34:19 |
| Revoked         | True                |
| Revocation-time | 2024-10-14 16:00:20 |
+-----------------+---------------------+
"""
    assert typed("apitoken show --id 0MivGn7o", web) == table
    assert sent(web) == ("GET", "/apitokens/0MivGn7o/", None)


def test_modify_sends_what_changes(web: Web) -> None:
    web.answer = lambda asked: Reply(200, "apitoken updated")
    line = "apitoken modify --id SwpND4dt --name manager1token2 --expiry-date 24M"
    assert typed(line, web) == "ApiToken with id: SwpND4dt has been modified\n"
    assert sent(web) == ("PATCH", "/apitokens/SwpND4dt/", {"name": "manager1token2", "expiry_date": "24M"})


def test_modify_needs_a_change(web: Web) -> None:
    with pytest.raises(Mistake, match="nothing to modify"):
        typed("apitoken modify --id SwpND4dt", web)
    assert web.asked == []


def test_revoke_asks_the_server_once(web: Web) -> None:
    web.answer = lambda asked: Reply(200, "apitoken revoked")
    assert typed("apitoken revoke --id L7k8ljIC", web) == "ApiToken with id: L7k8ljIC has been revoked\n"
    assert sent(web) == ("PATCH", "/apitokens/L7k8ljIC/revoke/", None)


def test_a_dry_run_of_revoke_draws_what_would_die(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    child = OTHER | {"parent_id": TOKEN["id"], "expiry_date": None}
    web.answer = lambda asked: Reply(200, [TOKEN, child])
    drawn = typed("apitoken revoke --id c6UmISHU --dry-run", web).splitlines()
    assert drawn == [
        "c6UmISHU  example_api_token  admin  2025-06-18 11:59:00",
        "└── RWDLagfI  example2_api_token  admin2",
    ]
    assert sent(web) == ("GET", "/apitokens/c6UmISHU/tree/", None)


def test_a_dry_run_with_orphans_draws_the_one(web: Web) -> None:
    web.answer = lambda asked: Reply(200, [TOKEN, OTHER | {"parent_id": TOKEN["id"]}])
    assert len(typed("apitoken revoke --id c6UmISHU --orphan-children --dry-run", web).splitlines()) == 1


def test_revoke_can_free_the_children(web: Web) -> None:
    web.answer = lambda asked: Reply(200, {"revoked": 1})
    typed("apitoken revoke --id L7k8ljIC --orphan-children", web)
    assert sent(web) == ("PATCH", "/apitokens/L7k8ljIC/free/", None)


def test_revoke_by_a_prefix_shows_who_died(web: Web) -> None:
    web.answer = lambda asked: Reply(200, [TOKEN, OTHER] if asked.method == "GET" else {"revoked": 2})
    assert typed("apitoken revoke --prefix auth/token/create --output ids", web) == "c6UmISHU\nRWDLagfI\n"
    assert [asked.path.removeprefix("/api/latest") for asked in web.asked] == [
        "/apitokens/made-at/?prefix=auth%2Ftoken%2Fcreate",
        "/apitokens/revoke-prefix/",
    ]
    assert web.asked[1].json == {"prefix": "auth/token/create"}


def test_a_prefix_has_no_children_to_free(web: Web) -> None:
    with pytest.raises(Mistake, match="goes with --id only"):
        typed("apitoken revoke --prefix x --orphan-children", web)
    assert web.asked == []


@pytest.mark.parametrize("period", ["1y", "0D", "-1D", "1.5D", "1DD", "99999999999999Y", "''"])
def test_a_wrong_period_is_never_sent(web: Web, period: str) -> None:
    for line in (f"apitoken create --expiry-date {period}", f"apitoken modify --id x --expiry-date={period}"):
        with pytest.raises(Mistake) as mistake:
            typed(line, web)
        assert mistake.value.column is not None
        assert line[mistake.value.column :] == period
    assert web.asked == []


def test_a_revocation_of_many_says_what_is_waited_for() -> None:
    rows = [{"id": "a"}, {"id": "b"}]
    session = Streams({("GET", "/apitokens/made-at/"): rows, ("PATCH", "/apitokens/revoke-prefix/"): None})
    assert revoke(session, prefix="oauth") == rows
    (sent,) = [each for each in session.client.sent if each.method == "PATCH"]
    assert screen.wait_text(sent.notice_subject, 3, changes=True) == (
        "Waiting for 2 API tokens to be revoked, all at once, 3 s so far; Ctrl-C stops waiting, not what was sent."
    )


def made(shell: Shell, options: str = "") -> dict[str, str]:
    """Create a token of bob's and return its id and secret."""
    result: dict[str, str] = shell.rows(f"apitoken create --owner bob {options}")
    return result


def names_in(drawing: str) -> list[str]:
    """Return the names in a drawing, line by line."""
    return re.findall(r"[0-9A-Za-z]{8}  (\w+)  bob", drawing)


def test_renew_says_until_when(local: Shell) -> None:
    token = made(local, "--expiry-date 1D --name web")
    printed = local.type(f"apitoken renew --id {token['id']} --increment 7D")
    assert printed.startswith(f"ApiToken with id: {token['id']} has been renewed until 2026-")
    before = local.rows(f"apitoken show --id {token['id']}")["expiry_date"]
    local.type(f"apitoken renew --id {token['id']}")
    assert local.rows(f"apitoken show --id {token['id']}")["expiry_date"] == before


def test_a_hard_end_holds_against_renewal(local: Shell) -> None:
    token = made(local, "--auto 1D --hard-end 2D")
    row = local.rows(f"apitoken show --id {token['id']}")
    assert row["sliding_window"] == "1D"
    assert row["expiry_date"] < row["max_expires_at"]
    local.server.clock.advance(DAY // 2)
    local.type(f"apitoken renew --id {token['id']} --increment 9D")
    assert local.rows(f"apitoken show --id {token['id']}")["expiry_date"] < row["max_expires_at"]
    local.server.clock.advance(2 * DAY)
    with pytest.raises(Conflict, match="expired and cannot be renewed"):
        local.type(f"apitoken renew --id {token['id']}")


def test_rotate_shows_the_new_secret_and_keeps_the_id(local: Shell, service: Service) -> None:
    token = made(local)
    printed = local.type(f"apitoken rotate --id {token['id']} --grace 1h")
    assert printed.startswith(f"ApiToken with id: {token['id']} has a new secret, your token is: {token['id']}.")
    assert token["token"] not in printed
    assert service.by_bearer(token["token"]).ask("GET", "/login/").status == 200, "the old one lives through the grace"
    local.type(f"apitoken rotate --id {token['id']}")
    assert service.by_bearer(token["token"]).ask("GET", "/login/").status == 401


def test_the_tree_shows_what_descends(local: Shell, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    root = made(local, "--name root")
    bob = Shell(service, holding(service.by_bearer(root["token"])))
    first = bob.rows("apitoken create --name first")
    Shell(service, holding(service.by_bearer(first["token"]))).rows("apitoken create --name grand")
    bob.rows("apitoken create --name second")
    assert names_in(bob.type(f"apitoken tree --id {root['id']}"))[0] == "root"
    assert set(names_in(bob.type(f"apitoken tree --id {root['id']}"))) == {"root", "first", "second", "grand"}
    assert {row["name"] for row in bob.rows("apitoken tree")} == {"root", "first", "second", "grand"}
    assert {row["name"] for row in local.rows("apitoken tree")} == {"root", "first", "second", "grand"}
    dry = local.type(f"apitoken revoke --id {first['id']} --dry-run")
    assert names_in(dry) == ["first", "grand"]
    local.type(f"apitoken revoke --id {first['id']}")
    assert [row["name"] for row in local.rows("apitoken list --owner bob --sort name")] == ["root", "second"]


def test_orphaned_children_live_on(local: Shell, service: Service) -> None:
    root = made(local)
    child = Shell(service, holding(service.by_bearer(root["token"]))).rows("apitoken create")
    local.type(f"apitoken revoke --id {root['id']} --orphan-children")
    row = local.rows(f"apitoken show --id {child['id']}")
    assert (row["revoked"], row["parent_id"]) == (False, None)


def test_verify_reads_a_line_or_asks(local: Shell, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    token = made(local, "--name web --num-uses 1 --expiry-date 1D")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{token['token']}\n"))
    row = local.rows("apitoken verify")
    assert (row["user"], row["id"], row["name"], row["uses_left"]) == ("bob", token["id"], "web", 1)
    asked = Shell(service, holding(service.local), interactive=True, secret=token["token"])
    assert "bob" in asked.type("apitoken verify")
    assert asked.asked == ["Token: "]
    assert token["token"] not in asked.out.getvalue()


@pytest.mark.parametrize("text", ["JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6sMqesu", "hello"])
def test_a_token_that_is_not_live_fails(local: Shell, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    with pytest.raises(Failed, match="not live"):
        local.type("apitoken verify")


def test_verify_needs_a_token(local: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    with pytest.raises(Mistake, match="token is needed"):
        local.type("apitoken verify")


def test_list_filters(local: Shell) -> None:
    soon, late = made(local, "--expiry-date 1D"), made(local)
    assert [row["id"] for row in local.rows("apitoken list --expiring-in 7D")] == [soon["id"]]
    assert local.rows("apitoken list --unused-for 90D") == []
    local.server.clock.advance(91 * DAY)
    assert {row["id"] for row in local.rows("apitoken list --unused-for 90D")} == {soon["id"], late["id"]}
    child = local.rows(f"apitoken create --owner bob --parent {late['id']} --meta team=web")
    assert [row["id"] for row in local.rows(f"apitoken list --parent {late['id']}")] == [child["id"]]
    assert local.rows(f"apitoken show --id {child['id']}")["meta"] == {"team": "web"}
