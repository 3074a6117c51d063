"""The time limits are ordered: whoever waits for a step has a longer limit than the step itself."""
import re
import subprocess
import time

from faults import is_unavailable, proxied
from site_client import ROOT, frozen


def initial(stack, setting):
    help = subprocess.run([stack.program, "--help"], capture_output=True, text=True, check=True).stdout
    return int(re.search(rf"SELLER_CENTER_{setting} \((\d+)\)", help).group(1))


def seconds_of(send):
    start = time.monotonic()
    assert is_unavailable(send())
    return time.monotonic() - start


def test_each_limit_is_below_that_of_who_waits_for_it(file_stack):
    site, settings = file_stack.site, []
    with proxied(file_stack) as proxy:
        product = site.product("A")
        proxy.decide = lambda text: settings.append(text) if text.startswith("SET ") else (
            "lose" if text == "START TRANSACTION" and not settings else None)
        assert site.rest("PATCH", f"/products/api/products/{product['id']}/", {"brand": "B"}).status_code == 200
    [text] = set(settings)
    row = int(re.search(r"innodb_lock_wait_timeout = (\d+)", text).group(1))
    statement = float(re.search(r"max_statement_time = ([\d.]+)", text).group(1))
    file_stack.serve(PROCESSES=1, THREADS=1)
    with frozen(site.pid("mariadb")):
        # The first request finds a session that falls silent, the second one cannot open a session.
        read, connect = [seconds_of(lambda: site.rest("GET", "/products/api/products/")) for _ in range(2)]
    request, drain = initial(file_stack, "REQUEST_SECONDS"), initial(file_stack, "DRAIN_SECONDS")
    nginx = int(re.search(r"fastcgi_read_timeout (\d+)s", (ROOT / "nginx/nginx.conf").read_text()).group(1))
    assert round(connect) == 2 and 9 <= read < 10
    assert (row, statement, request, drain, nginx) == (3, 8, 20, 25, 30)
    assert row < statement < read < request < drain < nginx
