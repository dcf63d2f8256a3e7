"""Live names come from the server without anybody waiting for it."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.processes import Server
from tests.vshell.waiting import eventually
from tests.vshell.web import Asked, Reply, Web, serving
from vshell.client.client import Target
from vshell.completion import name_files, shell_tab
from vshell.completion.cache import BEGINNING_ROWS
from vshell.completion.live_names import RETRY_SECONDS, LiveNames, State, WaitBudget, connect
from vshell.completion.resources import HELD_ROWS, NOUNS
from vshell.errors import Failed, Unreachable
from vshell.state.identity import Credential

ADMIN = Credential("the test", token="t0")


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Fleet:
    """What a server holds: answers lists as ours does, by page and key, and counts what it is asked."""

    def __init__(self) -> None:
        self.who = "admin"
        self.managers = [{"id": 1, "username": "bob", "full_name": "Bob B."}]
        self.tokens = [{"id": "L7k8ljIC", "name": "AWS", "owner": "bob", "revoked": False, "token": "never"}]
        self.failing: Reply | None = None
        self.asked: list[str] = []

    def __call__(self, asked: Asked) -> Reply:
        parts = urlsplit(asked.path)
        noun = parts.path.removeprefix("/api/latest").strip("/")
        self.asked.append(noun)
        if self.failing is not None:
            return self.failing
        if noun == "login":
            return Reply(body={"id": 1, "username": self.who})
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        rows = {"managers": self.managers, "apitokens": self.tokens}.get(noun, [])
        if "owner" in query:
            rows = [row for row in rows if row["owner"] == query["owner"]]
        size = int(query.get("page_size", HELD_ROWS))
        if "prefix" in query:
            key = NOUNS[noun].key
            return Reply(body=[row for row in rows if str(row[key]).startswith(query["prefix"])][:size])
        following = "/more" if len(rows) > size else None
        return Reply(body={"count": len(rows), "next": following, "previous": None, "results": rows[:size]})


@contextmanager
def started(web: Web, clock: Clock | None = None, credential: Credential | None = ADMIN) -> Iterator[LiveNames]:
    names = LiveNames(lambda: Target(web.url, credential), clock=clock or time.monotonic)
    names.start()
    try:
        yield names
    finally:
        names.close()


def settled(names: LiveNames) -> None:
    eventually(lambda: names.state.kind in ("fresh", "failed"), "the end of loading")


def test_names_are_got_once_at_the_start() -> None:
    fleet = Fleet()
    with serving(fleet) as web, started(web) as names:
        settled(names)
        assert names.who == "admin"
        assert names.url == web.url
        assert [row["username"] for row in names.rows("managers")] == ["bob"]
        assert names.rows("apitokens") == ({"id": "L7k8ljIC", "name": "AWS", "owner": "bob", "revoked": False},)
        assert names.rows("dragons") == ()
        assert names.state == State("fresh")
        assert sorted(fleet.asked) == sorted(noun.path.strip("/") for noun in NOUNS.values())
        assert web.asked[0].headers["Authorization"] == "Bearer t0"


def test_each_arrival_is_told() -> None:
    told = threading.Event()
    with serving(Fleet()) as web:
        names = LiveNames(lambda: Target(web.url, ADMIN))
        names.on_change = told.set
        names.start()
        assert told.wait(10)
        names.close()


def test_what_is_fresh_is_not_asked_for_and_what_is_old_is() -> None:
    clock, fleet = Clock(), Fleet()
    with serving(fleet) as web, started(web, clock) as names:
        settled(names)
        asked = len(fleet.asked)
        names.rows("managers")
        names.refresh()
        fleet.managers.append({"id": 2, "username": "carol"})
        clock.now += 1_000
        assert [row["username"] for row in names.rows("managers")] == ["bob"], "the old ones at once"
        eventually(lambda: len(names.rows("managers")) == 2)
        assert fleet.asked[asked] == "managers"


def test_a_change_makes_everything_old() -> None:
    fleet = Fleet()
    with serving(fleet) as web, started(web) as names:
        settled(names)
        fleet.tokens.append({"id": "NEW", "owner": "bob"})
        names.invalidate()
        eventually(lambda: len(names.rows("apitokens")) == 2)


def test_what_a_command_printed_is_known_at_once() -> None:
    with serving(Fleet()) as web, started(web) as names:
        settled(names)
        names.learn("apitokens", [{"id": "Z", "owner": "eve", "token": "Z.secret"}])
        assert names.rows("apitokens")[-1] == {"id": "Z", "owner": "eve"}
        names.forget("apitokens", "id", "Z")
        assert len(names.rows("apitokens")) == 1


def many(fleet: Fleet) -> None:
    fleet.tokens = [{"id": f"{n:08}", "name": "", "owner": "bob" if n % 2 else "eve"} for n in range(3 * HELD_ROWS)]


def test_a_long_list_is_searched_by_what_is_typed() -> None:
    fleet = Fleet()
    many(fleet)
    with serving(fleet) as web, started(web) as names:
        settled(names)
        assert len(names.rows("apitokens")) == BEGINNING_ROWS

        def found(prefix: str, owner: str | None = None) -> list[object]:
            rows = names.narrow(prefix, owner).rows("apitokens")
            return [row["id"] for row in rows if str(row["id"]).startswith(prefix)]

        assert found("000029") == []
        eventually(lambda: len(found("000029")) == 50)
        eventually(lambda: found("0000290", "bob") == [f"{n:08}" for n in range(2901, 2910, 2)][:5])
        eventually(lambda: "00002999" in ids(names.narrow("x,00002999").rows("apitokens")), "a list's last item")


def test_who_types_waits_a_moment_for_a_search_once_one_was_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vshell.completion.live_names.WaitBudget", partial(WaitBudget, seconds=10.0))
    fleet = Fleet()
    many(fleet)
    with serving(fleet) as web, started(web) as names:
        settled(names)
        assert not names.wait_briefly(), "nothing is searched for"
        names.narrow("00002").rows("apitokens")
        eventually(names.wait_briefly)
        for prefix in ("000029", "0000299"):
            names.narrow(prefix).rows("apitokens")
            assert names.wait_briefly()
            assert prefix.ljust(8, "0") in ids(names.narrow(prefix).rows("apitokens"))
        names.narrow("00001").rows("apitokens")
        names.drop_searches()
        assert not names.wait_briefly(), "nobody wants to know"


def ids(rows: Sequence[Mapping[str, object]]) -> list[object]:
    return [row["id"] for row in rows]


def test_an_owners_tokens_are_searched_for_before_anything_is_typed() -> None:
    fleet = Fleet()
    many(fleet)
    fleet.tokens.append({"id": "99999999", "name": "", "owner": "zoe"})
    with serving(fleet) as web, started(web) as names:
        settled(names)
        eventually(lambda: "99999999" in ids(names.narrow("", "zoe").rows("apitokens")))
        asked = len(fleet.asked)
        names.narrow("").rows("apitokens")
        names.narrow("9", "zoe").rows("apitokens")
        assert names.state == State("fresh"), "the beginning is held, and zoe has no more"
        assert len(fleet.asked) == asked


def test_many_managers_are_searched_too() -> None:
    fleet = Fleet()
    fleet.managers = [{"id": n, "username": f"u{n:05}"} for n in range(2 * HELD_ROWS)]
    with serving(fleet) as web, started(web) as names:
        settled(names)
        eventually(lambda: any(row["username"] == "u01999" for row in names.narrow("u0199").rows("managers")))


def test_a_search_goes_first_and_a_line_that_moves_on_drops_it() -> None:
    fleet, clock = Fleet(), Clock()
    many(fleet)
    slow, arrived = threading.Event(), threading.Event()

    def answer(asked: Asked) -> Reply:
        if clock.now > 1_000.0:
            arrived.set()
            slow.wait(10)
        return fleet(asked)

    with serving(answer) as web, started(web, clock) as names:
        settled(names)
        before = len(web.asked)
        clock.now += 1_000
        names.refresh()
        assert arrived.wait(10)
        names.narrow("00002").rows("apitokens")
        names.narrow("u").rows("managers")
        names.narrow("000").rows("apitokens")
        names.drop_searches()
        names.narrow("00003").rows("apitokens")
        slow.set()
        settled(names)
        searched = [n for n, each in enumerate(web.asked[before:]) if "prefix=0" in each.path]
        assert searched == [1], "behind the one that had begun, before the other lists"
        assert "prefix=00003" in web.asked[before + 1].path


def test_a_whole_list_is_not_searched() -> None:
    fleet = Fleet()
    with serving(fleet) as web, started(web) as names:
        settled(names)
        asked = len(fleet.asked)
        names.narrow("L7").rows("apitokens")
        names.narrow("b").rows("managers")
        assert len(fleet.asked) == asked


def test_a_newer_search_replaces_one_that_has_not_begun() -> None:
    fleet = Fleet()
    many(fleet)
    slow, arrived = threading.Event(), threading.Event()

    def answer(asked: Asked) -> Reply:
        if "prefix=0" in asked.path:
            arrived.set()
            slow.wait(10)
        return fleet(asked)

    with serving(answer) as web, started(web) as names:
        settled(names)
        names.narrow("0").rows("apitokens")
        assert arrived.wait(10)
        for prefix in ("00", "000", "0000", "00001"):
            names.narrow(prefix).rows("apitokens")
        slow.set()
        settled(names)
        searched = [parse_qs(urlsplit(each.path).query)["prefix"] for each in web.asked if "prefix=0" in each.path]
        assert searched == [["0"], ["00001"]]


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (Reply(status=500, body={"detail": "broken"}), "broken"),
        (Reply(status=429, body={"detail": "slow"}), "the server asks for fewer requests"),
        (Reply(body="surprise"), "the server's answer is not understood"),
        (Reply(raw=b"\xff\xfe", headers={"Content-Type": "application/json"}), "is not a vshell server"),
        (Reply(drop=True), "the server does not answer"),
    ],
)
def test_a_failure_is_a_state(reply: Reply, sentence: str) -> None:
    clock, fleet = Clock(), Fleet()
    fleet.failing = reply
    with serving(fleet) as web, started(web, clock) as names:
        eventually(lambda: names.state.kind == "failed")
        if reply.body != "surprise":  # a login of any shape is no list
            assert sentence in names.state.sentence
        assert names.rows("managers") == ()


def test_a_failed_server_is_left_alone_for_a_while_and_then_asked_again() -> None:
    clock, fleet = Clock(), Fleet()
    fleet.failing = Reply(status=500, body={"detail": "broken"})
    with serving(fleet) as web, started(web, clock) as names:
        eventually(lambda: names.state.kind == "failed")
        asked = len(fleet.asked)
        names.rows("managers")
        names.refresh()
        fleet.failing = None
        names.rows("managers")
        assert len(fleet.asked) == asked
        assert names.state.kind == "failed"
        clock.now += RETRY_SECONDS
        names.refresh()
        eventually(lambda: names.state.kind == "fresh")
        assert [row["username"] for row in names.rows("managers")] == ["bob"]


def test_what_we_may_not_see_is_empty_and_no_trouble() -> None:
    fleet = Fleet()

    def answer(asked: Asked) -> Reply:
        return Reply(status=403, body={"detail": "no"}) if "managers" in asked.path else fleet(asked)

    with serving(answer) as web, started(web) as names:
        settled(names)
        assert names.state == State("fresh")
        assert names.rows("managers") == ()
        assert len(names.rows("apitokens")) == 1


def test_nobody_is_told_so() -> None:
    fleet = Fleet()
    fleet.failing = Reply(status=401, body={"detail": "who?"})
    with serving(fleet) as web, started(web, credential=None) as names:
        eventually(lambda: names.state == State("failed", "not signed in"))
        eventually(lambda: len(fleet.asked) == len(NOUNS))
        assert names.state == State("failed", "not signed in")
        assert names.who == ""


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Unreachable("No server is chosen."), "the server does not answer"),
        (Failed("The settings file is broken."), "The settings file is broken."),
        (RuntimeError("boom"), "the server's answer is not understood"),
    ],
)
def test_trouble_before_the_server_is_a_state_too(error: Exception, sentence: str) -> None:
    def link() -> Target:
        raise error

    names = LiveNames(link)
    names.start()
    eventually(lambda: names.state.kind == "failed")
    assert names.state.sentence == sentence
    names.close()


def test_somebody_else_knows_nothing_of_before() -> None:
    clock, fleet = Clock(), Fleet()
    links = ["t0"]
    with serving(fleet) as web:
        names = LiveNames(lambda: Target(web.url, Credential("the test", token=links[-1])), clock=clock)
        names.start()
        settled(names)
        names.learn("apitokens", [{"id": "OLD"}])
        links.append("t1")
        fleet.who, fleet.tokens = "eve", []
        names.invalidate()
        names.refresh()
        eventually(lambda: names.who == "eve")
        eventually(lambda: names.rows("apitokens") == ())
        assert web.asked[-1].headers["Authorization"] == "Bearer t1"
        names.close()


def test_a_list_that_arrives_behind_a_sign_out_is_not_written_down() -> None:
    fleet, release, arrived = Fleet(), threading.Event(), threading.Event()
    bob = Credential("the session", "bob", token="t0")

    def answer(asked: Asked) -> Reply:
        if "managers" in asked.path:
            arrived.set()
            release.wait(10)
        return fleet(asked)

    with serving(answer) as web:
        names = LiveNames(lambda: Target(web.url, bob), write=name_files.write_names_for)
        names.start()
        assert arrived.wait(10)
        name_files.forget_names(Target(web.url, bob))
        release.set()
        settled(names)
        names.close()
        written = shell_tab.sections(shell_tab.read(shell_tab.file_of(name_files.name_of_file(Target(web.url, bob)))))
        assert "managers" not in written


def test_our_connection_neither_ends_nor_renews_anothers_session() -> None:
    fleet = Fleet()
    fleet.failing = Reply(status=401, body={"detail": "expired"})
    credential = Credential("sign-in", "bob", token="a", refresh="r", passing=True)
    with serving(fleet) as web:
        connection = connect(Target(web.url, credential))
        with pytest.raises(Exception, match="expired"):
            connection.request("GET", "/login/")
        connection.close()
        assert [each.method for each in web.asked] == ["GET"]


def test_our_connection_is_for_the_project_of_the_other() -> None:
    """Else a token that is limited to it would be refused its names."""
    with serving(Fleet()) as web:
        connection = connect(Target(web.url, ADMIN, project="webshop"))
        connection.request("GET", "/login/")
        connection.close()
        assert web.asked[0].headers["X-Vshell-Project"] == "webshop"
        assert web.asked[0].headers["Authorization"] == "Bearer t0"


def test_asking_never_waits_for_a_server_that_hangs() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        link = Target(f"http://127.0.0.1:{silent.getsockname()[1]}", ADMIN)
        names = LiveNames(lambda: link)
        names.start()
        silent.settimeout(10)
        connection, _ = silent.accept()
        with closing(connection):
            # The request is on its way and will not be answered: all of this comes back at once.
            assert names.rows("managers") == ()
            assert names.narrow("b", "bob").rows("apitokens") == ()
            names.learn("managers", [{"username": "zoe"}])
            names.invalidate()
            names.refresh()
            assert [row["username"] for row in names.rows("managers")] == ["zoe"]
            assert names.state == State("loading")
            names.close()


def test_only_the_background_thread_opens_a_socket() -> None:
    threads = set()

    def link() -> Target:
        threads.add(threading.current_thread().name)
        raise Unreachable("not here")

    names = LiveNames(link)
    names.rows("managers")
    names.narrow("x").rows("roles")
    names.refresh()
    assert threads == set()
    names.start()
    eventually(lambda: threads)
    assert threads == {"vshell-names"}
    names.close()


def test_lists_of_this_machine_need_no_server() -> None:
    def broken() -> list[dict[str, object]]:
        raise Failed("The settings file is broken.")

    link = Target("http://127.0.0.1:1")
    assert LiveNames(lambda: link, local={"servers": lambda: [{"name": "lab"}]}).rows("servers") == [{"name": "lab"}]
    assert LiveNames(lambda: link, local={"servers": broken}).rows("servers") == ()


def test_the_real_server_is_understood(server: Server, tmp_path: Path) -> None:
    made = server.create(owner="admin", name="mine")
    link = Target(server.url, Credential("the test", token=server.local_admin))
    names = LiveNames(lambda: link)
    names.start()
    settled(names)
    assert names.state == State("fresh")
    assert names.who == "local-admin"
    assert [row["id"] for row in names.rows("apitokens")] == [made["id"]]
    assert {"root", "admin", "support"} <= {row["username"] for row in names.rows("managers")}
    assert "security" in {row["name"] for row in names.rows("realms")}
    assert "administrators" in {row["name"] for row in names.rows("roles")}
    assert "create_security" in {row["codename"] for row in names.rows("permissions")}
    assert made["token"] not in repr(list(names.rows("apitokens")))
    names.close()


LONG = 20.0


def asked_before(took: float, seconds: float) -> WaitBudget:
    """Return a budget whose last question took so many seconds."""
    clock = Clock()
    budget = WaitBudget(clock, seconds)
    budget.begin("before")
    clock.now += took
    budget.end("before")
    assert budget.wait()
    return budget


def test_nobody_is_waited_for_before_they_answered_quickly() -> None:
    budget = WaitBudget(seconds=LONG)
    budget.begin("a")
    assert not budget.wait()


def test_who_was_quick_is_waited_for_until_the_answer() -> None:
    budget = asked_before(LONG, LONG)
    budget.begin("a")
    threading.Timer(0, budget.end, ["a"]).start()
    assert budget.wait()


def test_who_does_not_answer_is_waited_for_once() -> None:
    budget = asked_before(0, 0.001)
    budget.begin("a")
    assert not budget.wait()
    budget._seconds = LONG
    assert not budget.wait()


def test_a_slow_answer_is_no_reason_to_wait() -> None:
    budget = asked_before(LONG + 1, LONG)
    budget.begin("a")
    assert not budget.wait()


def test_an_answer_is_told_once() -> None:
    budget = asked_before(0, LONG)
    assert not budget.wait()


def test_another_questions_answer_is_none() -> None:
    budget = asked_before(LONG + 1, LONG)
    budget.begin("a")
    budget.end("before")
    assert not budget.wait()


def test_nothing_is_waited_for_once_nobody_wants_to_know() -> None:
    budget = asked_before(0, LONG)
    budget.begin("a")
    budget.drop()
    assert not budget.wait()
    budget.begin("b")
    threading.Timer(0, budget.end, ["b"]).start()
    assert budget.wait()  # It was not the server that was slow.
