"""The documentation in a real browser: it renders, a request tried on it gets an answer, and it asks no other host."""
import pathlib

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from site_client import DOMAINS, ROOT

SCREENSHOTS = ROOT / ".build-tests/screenshots"


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,1600"]:
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


def screenshot(browser, name):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    file = pathlib.Path(SCREENSHOTS / f"{name}.png")
    assert browser.save_screenshot(str(file))
    # The screenshot of a page that rendered nothing would compress to almost nothing.
    assert file.stat().st_size > 20_000


def loaded(browser):
    """The addresses of everything that the page loaded."""
    return browser.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")


def wait_for(browser, selector):
    return WebDriverWait(browser, 20).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, selector))


def test_rest_is_read_and_tried_in_the_browser(site, browser):
    site.product("TRIED", name="Tried in the browser")
    browser.get(site.url + "/docs/")
    shown = wait_for(browser, ".opblock")
    document = site.rest("GET", "/openapi.json").json()
    assert len(shown) == sum(len(methods) for methods in document["paths"].values())
    screenshot(browser, "rest")

    block = browser.find_element(By.CSS_SELECTOR, "[id$=list_products]")
    block.find_element(By.CSS_SELECTOR, ".opblock-summary-control").click()
    for button in [".try-out__btn", ".execute"]:
        wait_for(browser, f"[id$=list_products] {button}")[0].click()
    answer = wait_for(browser, "[id$=list_products] .live-responses-table .response")[0]
    assert answer.text.startswith("200") and "Tried in the browser" in answer.text
    screenshot(browser, "rest-tried")
    for address in loaded(browser):
        assert address.startswith((site.url, f"http://localhost:{site.port}", "data:")), address


@pytest.mark.parametrize("domain", DOMAINS)
def test_each_service_has_a_page_with_every_operation(site, browser, domain):
    browser.get(f"{site.url}/docs/")
    browser.find_element(By.CSS_SELECTOR, f"a[href='/docs/soap/{domain}/']").click()
    headings = [heading.get_attribute("id") for heading in wait_for(browser, "h3[id]")]
    wsdl = site.rest("GET", f"/{domain}/soap/?wsdl").text
    operations = [name for name in headings if not name.startswith("type-")]
    assert operations and all(f'<wsdl:operation name="{name}">' in wsdl for name in operations)
    assert wsdl.count("<wsdl:operation name=") == 3 * len(operations)
    screenshot(browser, f"soap-{domain}")
    assert all(address.startswith(site.url) for address in loaded(browser))
    for link in browser.find_elements(By.CSS_SELECTOR, "a[href*=wsdl]"):
        path = link.get_attribute("href").split("/", 3)[3]
        assert site.rest("GET", "/" + path).headers["Content-Type"] == "text/xml; charset=utf-8"
