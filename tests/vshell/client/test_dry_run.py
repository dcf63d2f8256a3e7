"""The server that is only read, and the one that rehearses a script."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.vshell.web import Asked, Reply, Web, serving
from vshell.client import dry_run
from vshell.client.client import HttpClient
from vshell.client.dry_run import DryRunClient, NotTried, PutOff, RehearsalClient, WouldSend
from vshell.errors import Conflict, Failed


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(lambda asked: Reply(200, {"id": 1})) as running:
        yield running


def test_a_question_is_passed_on(web: Web) -> None:
    api = DryRunClient(HttpClient.at(web.url))
    assert api.request("GET", "/vms/1/", query={"page": 1}) == {"id": 1}
    assert [asked.path for asked in web.asked] == ["/api/latest/vms/1/?page=1"]


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_a_change_stops_before_it_is_sent(web: Web, method: str) -> None:
    with pytest.raises(WouldSend, match=f"^{method} /managers/ would be sent") as stopped:
        DryRunClient(HttpClient.at(web.url)).request(method, "/managers/", {"password": "hunter2"})
    assert "hunter2" not in str(stopped.value)
    assert web.asked == []


def test_what_only_looks_is_passed_on_although_something_is_sent(web: Web) -> None:
    assert DryRunClient(HttpClient.at(web.url)).request("POST", "/apitokens/verify/", {"token": "x"}) == {"id": 1}
    assert [asked.method for asked in web.asked] == ["POST"]


def outcome(request: dict[str, Any]) -> dict[str, Any]:
    """Say how the server would answer one request."""
    body = request["body"] or {}
    if body.get("name") == "taken":
        return {"status": 409, "body": {"detail": "it is taken", "code": "conflict", "hint": None}}
    if body.get("name") == "untried":
        return {"status": 202, "body": None}
    return {"status": 201, "body": {"id": request["seed"].split("-")[1], "path": request["path"]}}


def answer(asked: Asked) -> Reply:
    """Rehearse, or answer a look."""
    if asked.path == "/api/latest/rehearsals/":
        return Reply(200, {"at": 7, "outcomes": [outcome(request) for request in asked.json["requests"]]})
    return Reply(200, {"looked": asked.path})


@pytest.fixture
def rehearsing() -> Iterator[Web]:
    """A server that rehearses."""
    with serving(answer) as running:
        yield running


def names(asked: Asked) -> list[str]:
    """Return the names of what a rehearsal was asked about."""
    return [request["body"]["name"] if request["body"] else request["method"] for request in asked.json["requests"]]


def test_looks_are_real_until_something_would_be_changed(rehearsing: Web) -> None:
    api = RehearsalClient(HttpClient.at(rehearsing.url))
    assert api.request("GET", "/roles/", query={"name": "ci", "page": None}) == {"looked": "/api/latest/roles/?name=ci"}
    api.request("POST", "/roles/", {"name": "ci"})
    seen = api.request("GET", "/roles/", query={"name": "ci"})
    assert isinstance(seen, dict)
    assert seen["path"] == "/api/roles/?name=ci"
    assert names(rehearsing.asked[2]) == ["ci", "GET"], "with what came before it"


def test_the_moment_and_the_seeds_stay_so_that_ids_do(rehearsing: Web) -> None:
    api = RehearsalClient(HttpClient.at(rehearsing.url))
    first = api.request("POST", "/roles/", {"name": "a"})
    second = api.request("POST", "/roles/", {"name": "b"})
    assert first != second
    assert [asked.json.get("at") for asked in rehearsing.asked] == [None, 7]
    assert rehearsing.asked[0].json["requests"][0] == rehearsing.asked[1].json["requests"][0]


def test_a_refused_change_raises_and_is_not_sent_along(rehearsing: Web) -> None:
    api = RehearsalClient(HttpClient.at(rehearsing.url))
    with pytest.raises(Conflict, match="it is taken"):
        api.request("POST", "/roles/", {"name": "taken"})
    api.request("POST", "/roles/", {"name": "b"})
    assert names(rehearsing.asked[1]) == ["b"]


def test_what_the_server_does_not_try_is_told(rehearsing: Web) -> None:
    api = RehearsalClient(HttpClient.at(rehearsing.url))
    with pytest.raises(NotTried, match=r"^POST /api/roles/$"):
        api.request("POST", "/roles/", {"name": "untried"})
    with pytest.raises(NotTried):
        api.request("POST", "/token/", {"username": "bob", "password": "x"}, signed=False)
    assert len(rehearsing.asked) == 1, "a sign-in is not even asked about"


def test_changes_that_nobody_waits_for_are_asked_about_at_once(rehearsing: Web) -> None:
    api = RehearsalClient(HttpClient.at(rehearsing.url))
    api.putting_off = True
    changes = []
    for name in ("a", "taken", "untried", "b"):
        with pytest.raises(PutOff) as put_off:
            api.request("POST", "/roles/", {"name": name})
        changes.append(put_off.value.change)
    assert rehearsing.asked == []
    api.settle()
    api.settle()
    assert [names(asked) for asked in rehearsing.asked] == [["a", "taken", "untried", "b"]]
    assert [change.error is not None for change in changes] == [False, True, False, False]
    assert [change.tried for change in changes] == [True, True, False, True]
    api.putting_off = False
    api.request("GET", "/roles/")
    assert names(rehearsing.asked[1]) == ["a", "b", "GET"]


def test_of_too_many_the_oldest_are_left_out_and_counted(rehearsing: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_run, "MOST_REQUESTS", 3)
    api = RehearsalClient(HttpClient.at(rehearsing.url))
    for name in "abcde":
        api.request("POST", "/roles/", {"name": name})
    assert [names(asked) for asked in rehearsing.asked[2:]] == [["a", "b", "c"], ["b", "c", "d"], ["c", "d", "e"]]
    assert api.forgotten == 2


def test_too_much_text_is_left_out_too(rehearsing: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_run, "MOST_CHARACTERS", 500)
    api = RehearsalClient(HttpClient.at(rehearsing.url))
    for name in ("a" * 200, "b" * 200, "c"):
        api.request("POST", "/roles/", {"name": name})
    assert names(rehearsing.asked[2])[-1] == "c"
    assert api.forgotten == 1


def test_a_server_that_cannot_rehearse_is_named_as_that() -> None:
    with serving(lambda asked: Reply(200, {})) as web, pytest.raises(Failed, match="cannot rehearse"):
        RehearsalClient(HttpClient.at(web.url)).request("POST", "/roles/", {"name": "a"})


def test_no_body_is_in_what_is_told_of_a_change(rehearsing: Web) -> None:
    api = RehearsalClient(HttpClient.at(rehearsing.url))
    api.putting_off = True
    with pytest.raises(PutOff) as put_off:
        api.request("POST", "/managers/", {"password": "hunter2"})
    assert "hunter2" not in f"{put_off.value.change} {put_off.value.change!r} {put_off.value}"
