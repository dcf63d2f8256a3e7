"""A real Chromium for tests, without a window, driven by Debian's chromium-driver; each is ended by its own driver.

Every host name but loopback addresses leads to 127.0.0.1, as after DNS rebinding, so a test may be any site; nothing
leaves the machine.
"""

import base64
import contextlib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser import PATIENCE_SECONDS, UNGUARDED
from tests.processes import needed

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # it cannot make one for root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * 127.0.0.1",
    f"--disable-features={UNGUARDED}",
)
NO_SCRIPTS = {"profile.managed_default_content_settings.javascript": 2}
PHONE = (390, 844)
DESK = (1280, 900)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")


class Chromium:
    """One browser with its one window."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        """Go to an address and wait until its page is there."""
        self.driver.get(url)

    @property
    def path(self) -> str:
        """The address of the page that is shown, behind the host."""
        return "/" + self.driver.current_url.split("/", 3)[3]

    @property
    def text(self) -> str:
        """All that can be read on the page."""
        return self.find("body").text

    def find(self, selector: str) -> WebElement:
        """Return the first element of a CSS selector; fail when there is none."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def labelled(self, label: str) -> WebElement:
        """Return the field with a label, which is found as a screen reader finds it."""
        for field in self.driver.find_elements(By.CSS_SELECTOR, "input, select, textarea"):
            if field.accessible_name.split(" (")[0] == label:
                return field
        raise AssertionError(f"no field is labelled {label}: {self.text}")

    def fill_in(self, **fields: str) -> None:
        """Type into fields by their labels, with underscores for spaces; what stood there goes."""
        for label, text in fields.items():
            field = self.labelled(label.replace("_", " "))
            field.clear()
            field.send_keys(text)

    def press(self, name: str) -> None:
        """Press the button or follow the link of a name, in the page's main part or its bar, to the next page."""
        for element in self.driver.find_elements(By.CSS_SELECTOR, "main button, main a, header button, header a"):
            if element.accessible_name == name:
                with self._leading_on():
                    element.click()
                return
        raise AssertionError(f"there is nothing named {name}: {self.text}")

    def keys(self, *keys: str) -> None:
        """Press keys, wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def enter(self, *keys: str) -> None:
        """Press keys and then Enter, which leads to the next page."""
        with self._leading_on():
            self.keys(*keys, Keys.ENTER)

    @contextlib.contextmanager
    def _leading_on(self) -> Iterator[None]:
        """Wait until another page is there, whole: each has a moment at which it began."""
        script = "return document.readyState == 'complete' && performance.timeOrigin"
        before = self.run(script)
        yield
        patience = WebDriverWait(self.driver, PATIENCE_SECONDS, 0.02, ignored_exceptions=[WebDriverException])
        patience.until(lambda _: self.run(script) not in (False, None, before))

    @property
    def focused(self) -> WebElement:
        """The element that the keyboard is at."""
        return self.driver.switch_to.active_element

    def run(self, script: str, *values: Any) -> Any:
        """Run a script of the test's own in the page, past its policy, and return what it returns."""
        return self.driver.execute_script(script, *values)

    def violations(self) -> list[str]:
        """Ask axe-core what is wrong with the page for people with disabilities."""
        axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
        self.run(axe)
        found = self.driver.execute_async_script(
            "const done = arguments[1];"
            "axe.run(document, {runOnly: arguments[0]})"
            ".then(found => done(found.violations), error => done([{id: `${error}`}]))",
            list(RULES),
        )
        return [f"{each['id']}: {[node['html'] for node in each.get('nodes', [])]}" for each in found]

    def screenshot(self, path: Path) -> None:
        """Keep a picture of the whole page."""
        told = {"format": "png", "captureBeyondViewport": True}
        path.write_bytes(base64.b64decode(self.driver.execute_cdp_cmd("Page.captureScreenshot", told)["data"]))


@contextlib.contextmanager
def browsing(size: tuple[int, int] = DESK, dark: bool = False, scripts: bool = True) -> Iterator[Chromium]:
    """Run a browser with a profile of its own for the length of a block."""
    options = webdriver.ChromeOptions()
    options.binary_location = needed("chromium", "chromium")
    options.accept_insecure_certs = True
    for argument in ARGUMENTS:
        options.add_argument(argument)
    if not scripts:
        options.add_experimental_option("prefs", NO_SCRIPTS)
    driver = webdriver.Chrome(options=options, service=Service(needed("chromedriver", "chromium-driver")))
    try:
        screen = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        yield Chromium(driver)
    finally:
        driver.quit()
