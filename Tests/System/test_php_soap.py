"""PHP's own SOAP extension, in both SOAP versions."""
import json
import pathlib
import subprocess

import pytest

import product_story
from product_story import *  # noqa: F403 - the tests of the story
from site_client import DOMAINS

PROGRAM = pathlib.Path(__file__).parent / "toolkits/php_soap.php"


@pytest.fixture(scope="module", params=[11, 12], ids=["soap11", "soap12"])
def told(shared_site, request):
    product_story.prepare(shared_site)
    done = subprocess.run(
        ["php", "-d", "display_errors=stderr", "-d", "error_reporting=-1", PROGRAM, shared_site.url,
         str(request.param)],
        capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def story(told):
    return told["story"]


@pytest.mark.parametrize("domain", DOMAINS)
def test_each_wsdl_is_read_with_all_operations_at_both_ports(shared_site, told, domain):
    found = told["operations"][domain]
    assert set(found["once"]) == product_story.declared_operations(shared_site, domain)
    # PHP lists an operation once for each port.
    assert found["count"] == 2 * len(found["once"])
