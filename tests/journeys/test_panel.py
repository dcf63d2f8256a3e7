"""The "web UI admin panel" of Vigo's "vigocli auth" in a real Chromium: by mouse, by keyboard, without script.

Quoted sentences are the seed's.
"""

from __future__ import annotations

import contextlib
import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from selenium.webdriver.common.keys import Keys

from tests import browser as strangers
from tests import chromium, processes
from tests.chromium import DESK, PHONE, Chromium
from tests.journeys import people
from tests.journeys.people import PASSWORD
from tests.processes import Server


@pytest.fixture(scope="module")
def panel(shared_server: Server) -> Server:
    """A server with dan, who has no role, and alice, an administrator."""
    hire(shared_server, "dan")
    hire(shared_server, "alice", roles=["administrators"])
    shared_server.call("PATCH", "/vms/1/", {"login_banner": "Authorised use only."})
    shared_server.call("PATCH", "/vms/1/set_max_api_tokens_per_user/", {"max_api_tokens_per_user": 100})
    for name in ("ci-automation", "monitoring", "backup of the northern archive"):
        shared_server.create(owner="dan", name=name, expiry_date="30D")
    gone = shared_server.create(owner="alice", name="gone")
    shared_server.call("PATCH", f"/apitokens/{gone['id']}/revoke/")
    return shared_server


def hire(server: Server, name: str, **wish: Any) -> None:
    made = server.call("POST", "/managers/", {"username": name, "password": PASSWORD, **wish})
    assert made.status_code == 201, made.text


def sign_in(browser: Chromium, server: Server, name: str, path: str = "/") -> None:
    """Sign in on the way to a page."""
    browser.open(server.url + path)
    browser.fill_in(Name=name, Password=PASSWORD)
    browser.press("Sign in")
    assert f"Signed in as {name}" in browser.text.replace("\n", " ")


def count(server: Server, owner: str) -> int:
    """Return how many tokens somebody has."""
    return len(server.call("GET", f"/apitokens/?owner={owner}&archived=true").json())


def accepts(server: Server, token: str) -> bool:
    return server.call("GET", "/login/", token=token).status_code == 200


def test_generate_a_token_from_the_web_ui_admin_panel(panel: Server, tmp_path: Path) -> None:
    """ "Generate a token from the web UI admin panel or via local CLI", then "vigocli auth set-token"."""
    with chromium.browsing() as browser:
        sign_in(browser, panel, "dan")
        browser.press("New token")
        browser.fill_in(Name="laptop", Ends_after="720h")
        browser.press("Create the token")
        # "The plaintext token is shown once and cannot be retrieved again."
        token = browser.labelled("Token").get_attribute("value") or ""
        assert "It is shown once and cannot be shown again." in browser.text
        dan = people.Person(tmp_path, ("--server", panel.url), name="dan")
        dan.did("auth", "set-token", "--file", "-", stdin=token + "\n")
        assert "laptop" in dan.did("auth", "list-tokens")
        # "The token belongs to a web user and inherits that user's role and permissions when used."
        assert panel.call("GET", "/login/", token=token).json()["username"] == "dan"
        browser.driver.back()
        assert token not in browser.driver.page_source
        browser.open(f"{panel.url}/tokens/{token[:8]}")
        assert token not in browser.driver.page_source
        # "Revoke an API token by ID. The token is immediately invalidated."
        browser.press("Revoke")
        browser.press("Revoke the token")
        assert "This token is revoked." in browser.text
        assert not accepts(panel, token)


def test_a_reload_creates_nothing_and_shows_nothing_again(panel: Server) -> None:
    with chromium.browsing() as browser:
        sign_in(browser, panel, "dan", "/tokens/new")
        browser.fill_in(Name="reloaded")
        browser.press("Create the token")
        token, before = browser.labelled("Token").get_attribute("value") or "", count(panel, "dan")
        browser.driver.refresh()
        with contextlib.suppress(Exception):
            browser.driver.switch_to.alert.accept()
        assert "This token has been created already" in browser.text
        assert token not in browser.driver.page_source
        assert (count(panel, "dan"), accepts(panel, token)) == (before, True)


def test_everything_is_reached_by_keyboard_in_the_order_that_is_read(panel: Server) -> None:
    with chromium.browsing(scripts=False) as browser:
        browser.open(panel.url)
        assert browser.focused.accessible_name == "Name"
        browser.enter("dan", Keys.TAB, PASSWORD)
        assert browser.path == "/"
        browser.keys(Keys.TAB)
        assert browser.focused.accessible_name == "Skip to the content"
        order = []
        for _ in range(9):
            browser.keys(Keys.TAB)
            order.append(browser.focused.accessible_name)
        assert order[:6] == ["vshell", "Tokens", "New token", "Password", "Sign out", "New token"]
        assert order[6:8] == ["Name", "State"]
        browser.open(panel.url + "/tokens/new")
        assert browser.focused.accessible_name.startswith("Name")
        browser.enter("by keyboard", Keys.TAB, "1y")
        assert browser.focused.get_attribute("role") == "alert"
        assert '"1y" is not a duration.' in browser.focused.text
        field = browser.labelled("Ends after")
        assert field.get_attribute("value") == "1y"
        field.send_keys(Keys.CONTROL, "a")
        browser.enter("1Y")
        assert browser.focused.accessible_name == "Token"
        browser.enter(Keys.TAB)
        assert browser.path == "/"
        assert "by keyboard" in browser.text


def test_the_skip_link_leads_to_the_content(panel: Server) -> None:
    with chromium.browsing() as browser:
        sign_in(browser, panel, "dan")
        browser.keys(Keys.TAB, Keys.ENTER)
        assert browser.focused.get_attribute("id") == "content"


def test_without_script_all_works_and_none_runs(panel: Server) -> None:
    with chromium.browsing(scripts=False) as browser:
        browser.open("data:text/html,<script>document.title='ran'</script>")
        assert browser.driver.title != "ran"
        sign_in(browser, panel, "alice", "/?owner=dan")
        assert "ci-automation" in browser.text
        assert "gone" not in browser.text
        browser.fill_in(Owner="alice")
        browser.labelled("State").send_keys("revoked")
        browser.press("Show")
        assert "gone" in browser.text
        browser.press("Sign out")
        assert "You are signed out." in browser.text
        browser.open(panel.url)
        assert browser.path == "/sign-in"


def walk(browser: Chromium, server: Server) -> Iterator[str]:
    """Go through every page there is, and name each."""
    browser.open(server.url + "/sign-in")
    yield "sign-in"
    browser.fill_in(Name="nobody", Password="wrong")
    browser.press("Sign in")
    yield "sign-in-refused"
    browser.open(server.url + "/password?username=alice")
    yield "password"
    sign_in(browser, server, "alice")
    browser.open(server.url + "/?state=all")
    yield "panel"
    browser.open(server.url + "/?name=nothing-has-this-name")
    yield "panel-empty"
    browser.open(server.url + "/tokens/new")
    yield "new"
    browser.fill_in(Name="looked at", Ends_after="1y")
    browser.press("Create the token")
    yield "new-refused"
    browser.fill_in(Ends_after="180D")
    browser.press("Create the token")
    yield "created"
    token_id = (browser.labelled("Token").get_attribute("value") or "")[:8]
    browser.open(f"{server.url}/tokens/{token_id}/revoke")
    yield "revoke"
    browser.press("Revoke the token")
    yield "token"
    browser.open(server.url + "/tokens/zzzzzzzz")
    yield "problem"


@pytest.mark.parametrize(("size", "dark"), [(DESK, False), (DESK, True), (PHONE, False)], ids=["desk", "dark", "phone"])
def test_every_page_is_fit_for_everybody(panel: Server, size: tuple[int, int], dark: bool, tmp_path: Path) -> None:
    """Contrast, names, landmarks, order (axe-core's rules for WCAG 2.1 AA); nothing wider than the screen."""
    with chromium.browsing(size, dark) as browser:
        for name in walk(browser, panel):
            browser.screenshot(tmp_path / f"{name}.png")
            assert browser.violations() == [], name
            assert browser.run("return document.documentElement.scrollWidth") <= size[0], name
            ground = browser.run("return getComputedStyle(document.body).backgroundColor")
            assert ground == ("rgb(18, 22, 28)" if dark else "rgb(244, 246, 249)")
        told = [each for each in browser.driver.get_log("browser") if "Failed to load resource" not in each["message"]]
        assert told == []


def test_a_finger_hits_what_can_be_pressed(panel: Server) -> None:
    with chromium.browsing(PHONE) as browser:
        sign_in(browser, panel, "alice")
        heights = browser.run(
            "return [...document.querySelectorAll('main button, main input, select, header a, header button')]"
            ".map(each => each.getBoundingClientRect().height)"
        )
        assert min(heights) >= 36


def test_what_a_stranger_named_a_token_does_nothing_on_the_page(panel: Server) -> None:
    hostile = "<img src=x onerror=document.title='ran'><script>document.title='ran'</script>"
    panel.create(owner="dan", name=hostile)
    with chromium.browsing() as browser:
        sign_in(browser, panel, "dan")
        assert hostile in browser.text
        assert "ran" not in browser.driver.title
        assert browser.run("return document.images.length + document.scripts.length") == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.test"], ids=["same site, other port", "other site"])
def test_a_strangers_page_does_nothing_in_the_name_of_who_is_signed_in(panel: Server, host: str) -> None:
    """Cookies know no ports: a page of another port on this host sends them, and is still refused."""
    with chromium.browsing() as browser:
        sign_in(browser, panel, "dan", "/tokens/new")
        # The worst case: the stranger has somehow learned what the form holds.
        fields = {
            field.get_attribute("name") or "": field.get_attribute("value") or ""
            for field in (browser.find("main [name=form_key]"), browser.find("[name=ticket]"))
        }
        inputs = "".join(f'<input name="{name}" value="{html.escape(value)}">' for name, value in fields.items())
        forms = f'<form method="post" action="{panel.url}/tokens/new">{inputs}<button>Win a prize</button></form>'
        frame = f'<iframe src="{panel.url}/tokens/new"></iframe>'
        before = count(panel, "dan")
        with strangers.pages() as stranger:
            stranger.pages["/"] = f"<main>{forms}{frame}</main>"
            browser.open(f"http://{host}:{stranger.port}/")
            browser.driver.switch_to.frame(0)
            assert "New token" not in browser.driver.page_source
            browser.driver.switch_to.default_content()
            fetched = browser.driver.execute_async_script(
                "const done = arguments[1];"
                "fetch(arguments[0], {credentials: 'include'}).then(() => done('read'), () => done('kept out'))",
                panel.url + "/",
            )
            assert fetched == "kept out"
            browser.press("Win a prize")
        assert count(panel, "dan") == before
        assert "The form came from another site." in browser.text or browser.path.startswith("/sign-in")


def test_a_foreign_name_for_this_host_finds_nobody_signed_in(panel: Server) -> None:
    """DNS rebinding: the browser takes evil.test for this host, and has no cookie of ours for that name."""
    with chromium.browsing() as browser:
        sign_in(browser, panel, "dan")
        browser.open(f"http://evil.test:{urlsplit(panel.url).port}/")
        assert browser.path == "/sign-in"


def test_under_tls_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    with processes.running(tmp_path / "data", "--tls-self-signed") as server, chromium.browsing() as browser:
        hire(server, "dan")
        sign_in(browser, server, "dan")
        (cookie,) = browser.driver.get_cookies()
        assert cookie["name"] == "__Host-vshell-session"
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")
        assert "expiry" not in cookie
        assert browser.run("return document.cookie") == ""


def test_an_expired_password_is_replaced_on_the_way_in(tmp_path: Path) -> None:
    with processes.running(tmp_path / "data") as server, chromium.browsing() as browser:
        hire(server, "dan")
        wish = {"pwd_expiration_timeout_enabled": True, "pwd_expiration_timeout": "1s"}
        server.call("PATCH", "/vms/1/pwd_settings/", wish)
        browser.open(server.url)
        while "The password has expired." not in browser.text:
            browser.fill_in(Name="dan", Password=PASSWORD)
            browser.press("Sign in")
            if browser.path == "/":
                browser.press("Sign out")
        server.call("PATCH", "/vms/1/pwd_settings/", {"pwd_expiration_timeout": "1D"})
        browser.open(f"{server.url}/password?username=dan")
        browser.fill_in(Present_password=PASSWORD, New_password="Correct horse 2", New_password_again="Correct horse 2")
        browser.press("Set the new password")
        assert "The new password is set." in browser.text
        browser.fill_in(Name="dan", Password="Correct horse 2")
        browser.press("Sign in")
        assert "Your tokens" in browser.text


def form_key(shown: requests.Response) -> str:
    return shown.text.split('name="form_key" value="')[1].split('"')[0]


def test_several_workers_know_a_session_and_its_end(tmp_path: Path) -> None:
    """The session and the form's key are kept nowhere but in the database and the browser."""
    with processes.running(tmp_path / "data", "--workers", "2") as server:
        hire(server, "dan")
        with requests.Session() as session:
            session.headers["Connection"] = "close"  # each request may come to another worker
            key = (
                session.get(f"{server.url}/sign-in", timeout=60).text.split('name="form_key" value="')[1].split('"')[0]
            )
            form = {"form_key": key, "username": "dan", "password": PASSWORD}
            shown = session.post(f"{server.url}/sign-in", form, headers={"Origin": server.url}, timeout=60)
            for _ in range(12):
                shown = session.get(server.url, timeout=60)
                assert "Your tokens" in shown.text
            session.post(
                f"{server.url}/sign-out", {"form_key": form_key(shown)}, headers={"Origin": server.url}, timeout=60
            )
            for _ in range(12):
                assert "Sign in" in session.get(server.url, timeout=60).text


def test_an_address_that_is_trusted_opens_no_page(tmp_path: Path) -> None:
    """ "All API requests are automatically trusted with admin privileges": the API's, by name, and no page's."""
    with processes.running(tmp_path / "data", "--trust", "loopback") as server:
        assert requests.get(f"{server.url}/api/login/", timeout=60).json()["username"] == "local-admin"
        for path in ("/", "/tokens/new"):
            assert "<h1>Sign in</h1>" in requests.get(server.url + path, timeout=60).text
        form = {"name": "ci", "owner": "admin", "form_key": ""}
        sent = requests.post(f"{server.url}/tokens/new", form, allow_redirects=False, timeout=60)
        assert sent.status_code in (303, 403)
        assert server.call("GET", "/apitokens/").json() == []
