"""api: what is typed is what is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.vshell.commands.typing import Typist
from tests.vshell.web import Reply, Web, serving
from vshell.client.client import HttpClient
from vshell.errors import Mistake, NotFound


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as running:
        yield running


def test_method_path_and_body_go_as_typed(web: Web) -> None:
    web.answer = lambda asked: Reply(201, {"id": "L7k8ljIC"})
    typist = Typist(HttpClient.at(web.url))
    shown = typist.type("""api post '/apitokens/?x=1&y=a b' '{"owner": "bob", "n": [1, null]}'""")
    assert shown == "+----+----------+\n| ID | L7k8ljIC |\n+----+----------+\n"
    assert (web.asked[0].method, web.asked[0].path) == ("POST", "/api/latest/apitokens/?x=1&y=a%20b")
    assert web.asked[0].json == {"owner": "bob", "n": [1, None]}
    typist.session.client.close()


def test_an_answer_is_shown_as_it_is(web: Web) -> None:
    web.answer = lambda asked: Reply(200, [{"id": 1, "new": "2026-11-21T22:00:00Z"}])
    typist = Typist(HttpClient.at(web.url))
    assert json.loads(typist.type("api GET /api/v5/x/ --output json")) == [{"id": 1, "new": "2026-11-21T22:00:00Z"}]
    assert web.asked[0].path == "/api/v5/x/"
    web.answer = lambda asked: Reply(200)
    assert typist.type("api DELETE /x/") == ""
    web.answer = lambda asked: Reply(404, {"detail": "Not found."})
    with pytest.raises(NotFound):
        typist.type("api PATCH /x/")
    typist.session.client.close()


@pytest.mark.parametrize("line", ["api", "api GET", "api FETCH /x/", "api GET /x/ {", "api GET /x/ 1 2"])
def test_what_is_no_request_is_a_mistake(web: Web, line: str) -> None:
    with pytest.raises(Mistake):
        Typist(HttpClient.at(web.url)).type(line)
    assert web.asked == []
