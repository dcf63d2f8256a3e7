"""The page of Catalyst's "Working with Tokens" in a real Chromium: by mouse, by keyboard, on a phone, without script.

Quoted sentences are the seed's. The terminal is a client of the RFC's own door.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from selenium.webdriver.common.keys import Keys

from tests import chromium
from tests.chromium import DESK, PHONE, Chromium
from tests.journeys.people import PASSWORD
from tests.processes import Server

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture(scope="module")
def panel(shared_server: Server) -> Server:
    """A server with dan, who has no role, and alice, an administrator."""
    for name, roles in (("dan", []), ("alice", ["administrators"])):
        made = shared_server.call("POST", "/managers/", {"username": name, "password": PASSWORD, "roles": roles})
        assert made.status_code == 201, made.text
    shared_server.call("PATCH", "/vms/1/set_max_api_tokens_per_user/", {"max_api_tokens_per_user": 100})
    return shared_server


def begin(server: Server, **fields: str) -> dict[str, Any]:
    """Begin at a terminal."""
    told = {"client_id": "vshell", "client_name": "vshell 1.0", "host": "build-7", **fields}
    return dict(requests.post(f"{server.url}/oauth/device_authorization", told, timeout=10).json())


def poll(server: Server, told: dict[str, Any]) -> dict[str, Any]:
    """Ask once whether the terminal was approved."""
    sent = {"grant_type": GRANT, "client_id": "vshell", "device_code": told["device_code"]}
    return dict(requests.post(f"{server.url}/oauth/token", sent, timeout=10).json())


def sign_in(browser: Chromium, server: Server, name: str) -> None:
    """Sign in on the way to the page."""
    browser.open(server.url + "/device")
    browser.fill_in(Name=name, Password=PASSWORD)
    browser.press("Sign in")
    assert browser.path == "/device"


def test_enter_the_verification_code_in_the_web_page_of_the_url(panel: Server) -> None:
    """ "Navigate to the URL displayed in the CLI and enter the verification code. Click Verify." """
    told = begin(panel, name="ci")
    assert told["verification_uri"] == panel.url + "/device"
    # "The code will only be valid for five minutes."
    assert told["expires_in"] == 300
    with chromium.browsing() as browser:
        sign_in(browser, panel, "dan")
        browser.fill_in(Code=told["user_code"].lower().replace("-", " "))
        browser.press("Continue")
        for word in (told["user_code"], "vshell 1.0", "build-7", "not verified", "127.0.0.1", "ci", "acts as dan"):
            assert word in browser.text
        browser.press("Approve")
        assert "Approved. The terminal goes on by itself" in browser.text
        # "Once your device's CLI is verified, the token will be generated and displayed in your CLI."
        got = poll(panel, told)
        assert got["approved_by"] == "dan"
        # "The CLI operation will be mapped to the user account that you generated the token for"
        caller = panel.call("GET", "/login/", token=got["access_token"]).json()
        assert caller["username"] == "dan"
        browser.open(panel.url)
        assert "build-7" in browser.text, "the panel says where it was made"
        browser.driver.back()
        browser.driver.back()
        assert got["access_token"] not in browser.driver.page_source


def test_all_of_it_by_keyboard_without_script(panel: Server) -> None:
    first, second = begin(panel), begin(panel)
    with chromium.browsing(scripts=False) as browser:
        browser.open(panel.url + "/device")
        browser.enter("dan", Keys.TAB, PASSWORD)
        assert browser.focused.accessible_name == "Code"
        browser.enter("WDJB-MJH")
        assert browser.focused.get_attribute("role") == "alert"
        assert "This cannot be a code" in browser.focused.text
        browser.labelled("Code").click()
        browser.enter(first["user_code"])
        browser.keys(*[Keys.TAB] * 7)
        names = [browser.focused.accessible_name]
        browser.keys(Keys.TAB)
        names.append(browser.focused.accessible_name)
        assert names == ["Deny", "Approve"]
        browser.enter()
        assert poll(panel, first)["approved_by"] == "dan"
        browser.labelled("Code").click()
        browser.enter(second["user_code"])
        browser.press("Deny")
        assert "Denied. The terminal gets nothing" in browser.text
        assert poll(panel, second)["error"] == "access_denied"


def test_enter_alone_denies(panel: Server) -> None:
    """No key pressed by habit gives anything away: the first button of the form is the one that denies."""
    told = begin(panel)
    with chromium.browsing() as browser:
        sign_in(browser, panel, "dan")
        browser.fill_in(Code=told["user_code"])
        browser.press("Continue")
        assert browser.find("form.decision").find_elements("css selector", "button")[0].text == "Deny"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_fits_and_is_for_everybody(panel: Server, size: tuple[int, int], dark: bool, tmp_path: Path) -> None:
    told = begin(panel, host="a-host-with-a-very-long-name.of-the-northern.data-centre.example.org", project="shop")
    with chromium.browsing(size, dark) as browser:

        def look(name: str) -> None:
            browser.screenshot(tmp_path / f"{name}.png")
            assert browser.violations() == [], name
            assert browser.run("return document.documentElement.scrollWidth") <= size[0], f"{name} is too wide"
            small = browser.run(
                "return [...document.querySelectorAll('main button, main input:not([type=hidden])')]"
                ".filter(each => each.getBoundingClientRect().height < 44).map(each => each.outerHTML)"
            )
            assert small == [], f"{name}: too small for a finger"

        sign_in(browser, panel, "dan")
        look("code")
        browser.fill_in(Code="QQQQ-QQQQ")
        browser.press("Continue")
        assert "No terminal waits with this code" in browser.text
        look("wrong")
        browser.fill_in(Code=told["user_code"])
        browser.press("Continue")
        look("request")
        boxes = [each.size for each in browser.find("form.decision").find_elements("css selector", "button")]
        assert boxes[0] == boxes[1], "both are equal"
        browser.press("Approve")
        look("approved")
        token = poll(panel, told)["token_id"]
        browser.open(f"{panel.url}/tokens/{token}")
        look("token")
        browser.open(panel.url)
        look("panel")
