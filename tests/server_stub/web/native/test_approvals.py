"""What was approved in one's name of late: told to who signs in, in the shell and above the panel's list."""

from __future__ import annotations

from server_stub.domain.base.timestamps import DAY, SECOND
from server_stub.domain.devices import device_flow
from tests.server_stub.conftest import PASSWORD, Service
from tests.server_stub.web.pages.conftest import Browser, signed_in
from tests.server_stub.web.pages.conftest import dan as dan
from tests.server_stub.web.pages.conftest import panel as panel
from tests.server_stub.web.pages.conftest import scheme as scheme
from tests.server_stub.web.waiting_terminal import decide, started


def given(panel: Service, browser: Browser, host: str) -> str:
    """Return the id of a token that somebody approved for a stranger's terminal."""
    terminal = started(panel, host=host)
    decide(browser, terminal.code)
    return str(terminal.fetch()["token_id"])


def told(panel: Service, username: str) -> list[str]:
    """Return the ids that somebody is told when they sign in."""
    return [str(row["id"]) for row in panel.by_session(username).get("/login/approved/")]


def test_who_signs_in_is_told_for_a_week_whatever_signs_in_before(panel: Service, dan: Browser) -> None:
    panel.manager("eve", password=PASSWORD)
    first = given(panel, dan, "build-7")
    panel.clock.advance(SECOND)
    second = given(panel, dan, "build-8")
    panel.local.post("/apitokens/", owner="dan")
    for _ in range(3):
        assert told(panel, "dan") == [second, first]
    assert told(panel, "eve") == []
    assert panel.local.get("/login/approved/") == []
    panel.local.patch(f"/apitokens/{second}/revoke/")
    assert told(panel, "dan") == [first]
    panel.clock.advance(device_flow.TOLD_FOR - DAY)
    assert told(panel, "dan") == [first]
    panel.clock.advance(DAY)
    assert told(panel, "dan") == []


def test_the_panel_says_so_above_its_list(panel: Service, dan: Browser) -> None:
    token = given(panel, dan, "build-7")
    page = signed_in(panel, "dan").get("/")
    assert "Terminals got these tokens of yours within the last 7 days" in page.text
    assert f'href="/tokens/{token}"' in page.html
    panel.clock.advance(device_flow.TOLD_FOR + 1)
    assert "Terminals got" not in signed_in(panel, "dan").get("/").text


def test_a_narrowed_token_is_told_nothing(panel: Service, dan: Browser) -> None:
    given(panel, dan, "build-7")
    uuid = panel.local.post("/nodes/", path="/shop")["uuid"]
    narrow = panel.local.post("/apitokens/", owner="dan", scopes=[f"node:{uuid}:r"])["token"]
    assert panel.by_bearer(narrow).get("/login/approved/") == []
