"""The report as a browser shows it: quickly, asking nobody, and so that everybody can read it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jobmarket.foundation.checks import CheckResult
from jobmarket.report.page import render_report

from tests.support.report_facts import answers, facts
from tests.support.ui_browser import CHROMEDRIVER, CHROMIUM, browsing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

AXE = Path(
    os.environ.get("JOBMARKET_AXE", Path(__file__).parents[2] / ".venv" / "axe-core" / "axe.min.js")
)
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and CHROMEDRIVER),
    reason="no chromium and chromedriver on this machine: scripts/browser.sh installs them (Debian, root)",
)
needs_axe = pytest.mark.skipif(
    not AXE.exists(), reason=f"no axe-core at {AXE}: scripts/axe.sh fetches it (npm)"
)
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browsing(tmp_path_factory.mktemp("report-browser")) as chrome:
        yield chrome


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a report with everything in it: news, an absent feed, checks, a gap."""
    check = CheckResult(
        name="day_volume", verdict="warned", sentence="", observed=12, warn_below=20_000
    )
    run = facts(
        checks=[check],
        drift={"salaire.devise": 3},
        certificate={"certified": False, "collected": 39_997, "gap": 3, "doubts": ["No proof."]},
    )
    moved = answers(
        run,
        counts={
            "rome": {"M1805": (600, 1_400), "K1304": (300, 900), "J1501": (100, 150)},
            "partner": {"JOBATOUT": (0, 20_000)},
        },
    )
    path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_bytes(render_report(moved)["index.html"])
    return path.as_uri()


def show(browser: Chrome, page: str, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "phone"}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    feature = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)
    browser.get(page)


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_axe_finds_nothing(browser: Chrome, page: str, size: str, scheme: str) -> None:
    show(browser, page, size, scheme)
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    # not only what the law asks for: best practices, too
    found: dict[str, Any] = browser.execute_async_script(
        "const done = arguments[arguments.length - 1]; axe.run(document).then(done)"
    )
    told = [
        f"{violation['id']}: {violation['help']}: {node['target']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert told == []
    assert len(found["passes"]) > 20


@pytest.mark.parametrize("size", list(SIZES))
def test_nothing_is_wider_than_the_screen(browser: Chrome, page: str, size: str) -> None:
    show(browser, page, size, "light")
    inner, outer = browser.execute_script(
        "const page = document.documentElement; return [page.scrollWidth, page.clientWidth]"
    )
    assert inner == outer


def test_no_request_leaves_the_page(browser: Chrome, page: str) -> None:
    show(browser, page, "desktop", "light")
    asked = browser.execute_script(
        "return performance.getEntriesByType('resource').map(one => one.name)"
    )
    assert [name for name in asked if not name.startswith("data:")] == []
    # and the policy of the page refuses what somebody might add
    browser.execute_script(
        "window.refused = []; document.addEventListener('securitypolicyviolation', one => "
        "refused.push(one.effectiveDirective)); const image = new Image(); "
        "image.src = 'http://127.0.0.1:9/x.png'; document.body.append(image)"
    )
    browser.execute_async_script("setTimeout(arguments[arguments.length - 1], 100)")
    assert browser.execute_script("return refused") == ["img-src"]


def test_first_view_takes_less_than_a_second(browser: Chrome, page: str) -> None:
    show(browser, page, "desktop", "light")
    shown_ms = browser.execute_script(
        "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime "
        "?? performance.getEntriesByType('navigation')[0].loadEventEnd"
    )
    assert shown_ms < 1_000


def test_the_variant_of_a_figure_fits_the_screen_and_the_scheme(browser: Chrome, page: str) -> None:
    shown = set()
    for size in SIZES:
        for scheme in ("light", "dark"):
            show(browser, page, size, scheme)
            shown.add(
                browser.execute_script("return document.querySelector('figure img').currentSrc")
            )
    assert len(shown) == 4
