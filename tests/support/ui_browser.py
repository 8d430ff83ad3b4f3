"""A browser, and what a person does at it."""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1600,1000",
)


@contextmanager
def browsing(directory: Path) -> Iterator[Chrome]:
    """Start a browser with a profile of its own; what it downloads lands in ``directory``."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for option in (*OPTIONS, f"--user-data-dir={directory / 'profile'}"):
        options.add_argument(option)
    downloads = directory / "downloads"
    downloads.mkdir(parents=True)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    browser = Chrome(options=options, service=ChromeService(CHROMEDRIVER))
    try:
        yield browser
    finally:
        browser.quit()


class Eyes:
    """What a person at a browser does, and waits for."""

    def __init__(self, browser: Chrome, url: str, downloads: Path) -> None:
        self.browser, self.url, self.downloads = browser, url, downloads

    def wait_for(self, look: Callable[[], Any], what: str) -> Any:
        """Return the first thing seen that is something."""
        from selenium.common.exceptions import WebDriverException

        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if seen := look():
                    return seen
            except WebDriverException:  # the page was drawn anew while we looked
                pass
            time.sleep(0.05)
        raise AssertionError(f"never seen: {what}, on {self.browser.current_url}")

    def open(self, path: str) -> None:
        self.browser.switch_to.default_content()
        self.browser.get(f"{self.url}/{path}")

    def log_in(self, name: str, password: str) -> None:
        """Fill in the page that asks for it."""
        asked = self.wait_for(lambda: self.browser.find_elements("name", "username"), "the login")
        asked[0].send_keys(name)
        self.browser.find_element("name", "password").send_keys(f"{password}\n")
        self.wait_for(lambda: "/auth/" not in self.browser.current_url, "the end of the login")

    def click(self, text: str, address: str = "") -> None:
        """Click the link with this text whose address ends so."""

        def clicked() -> bool:
            for link in self.browser.find_elements("link text", text):
                if (link.get_attribute("href") or "").endswith(address):
                    link.click()
                    return True
            return False

        self.wait_for(clicked, f"link {text!r} to …{address}")

    def is_seen(self, element: Any) -> bool:
        """Tell whether an element lies within the window, whole."""
        script = """
            const box = arguments[0].getBoundingClientRect();
            return box.height > 0 && box.top >= 0 && box.left >= 0
                && box.bottom <= window.innerHeight && box.right <= window.innerWidth;
        """
        return bool(self.browser.execute_script(script, element))

    def enter(self) -> None:
        """Look into the frame of the page."""
        frame = self.wait_for(lambda: self.browser.find_elements("tag name", "iframe"), "a frame")
        self.browser.switch_to.frame(frame[0])

    def read(self, text: str) -> None:
        """Wait until the page, or the frame looked into, says this in its title."""
        self.wait_for(
            lambda: text in self.browser.find_element("tag name", "h1").text, f"title {text!r}"
        )

    def read_report(self) -> None:
        """Wait for the report of the day, below its line."""
        self.read("Mercredi 18 novembre 2026")
        self.enter()
        self.read("18 novembre 2026")
        assert "certifiée" in self.browser.find_element("css selector", "body").text.lower()
        self.browser.switch_to.default_content()
