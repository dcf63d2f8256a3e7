"""The server that is only read."""

from collections.abc import Iterator

import pytest

from tests.vshell.web import Reply, Web, serving
from vshell.client.client import HttpClient
from vshell.client.dry_run import DryRunClient, WouldSend


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(lambda asked: Reply(200, {"id": 1})) as running:
        yield running


def test_a_question_is_passed_on(web: Web) -> None:
    api = DryRunClient(HttpClient(web.url))
    assert api.request("GET", "/vms/1/", query={"page": 1}) == {"id": 1}
    assert [asked.path for asked in web.asked] == ["/api/latest/vms/1/?page=1"]


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_a_change_stops_before_it_is_sent(web: Web, method: str) -> None:
    with pytest.raises(WouldSend, match=f"^{method} /managers/ would be sent") as stopped:
        DryRunClient(HttpClient(web.url)).request(method, "/managers/", {"password": "hunter2"})
    assert "hunter2" not in str(stopped.value)
    assert web.asked == []


def test_what_only_looks_is_passed_on_although_something_is_sent(web: Web) -> None:
    assert DryRunClient(HttpClient(web.url)).request("POST", "/apitokens/verify/", {"token": "x"}) == {"id": 1}
    assert [asked.method for asked in web.asked] == ["POST"]
