"""gSOAP, which is strict about XML: the code that it generates from the WSDLs, run in both SOAP versions."""
import json
import pathlib
import re
import subprocess

import pytest

import product_story
from product_story import *  # noqa: F403 - the tests of the story
from site_client import DOMAINS

PROGRAM = pathlib.Path(__file__).parent / "toolkits/gsoap_client.cpp"


def run(*command):
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def generate(site, domain, folder):
    """Generates the C++ sources of a service."""
    run("wsdl2h", "-o", folder / "service.h", product_story.wsdl(site, domain))
    run("soapcpp2", "-j", "-C", "-x", "-L", "-w", "-I/usr/share/gsoap/import", f"-d{folder}", folder / "service.h")
    return folder


@pytest.fixture(scope="module")
def program(shared_site, tmp_path_factory):
    sources = generate(shared_site, "products", tmp_path_factory.mktemp("gsoap"))
    run("g++", "-std=c++17", "-w", "-O0", f"-I{sources}", "-o", sources / "client", PROGRAM, sources / "soapC.cpp",
        *sources.glob("*Proxy.cpp"), "-lgsoap++")
    return sources / "client"


@pytest.fixture(scope="module", params=[11, 12], ids=["soap11", "soap12"])
def story(shared_site, program, request):
    product_story.prepare(shared_site)
    return json.loads(run(program, str(request.param)))


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_generators_make_a_method_of_each_operation_at_both_ports(shared_site, tmp_path, domain):
    [proxy] = generate(shared_site, domain, tmp_path).glob("soap*Proxy.h")
    # gSOAP writes an underscore as _USCORE, and the methods of the second port end with one more underscore.
    methods = [name.replace("_USCORE", "_") for name in re.findall(r"virtual int send_(\w+)\(", proxy.read_text())]
    declared = product_story.declared_operations(shared_site, domain)
    assert sorted(methods) == sorted(name + end for name in declared for end in ("", "_"))
