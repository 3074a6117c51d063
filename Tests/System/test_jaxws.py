"""JAX-WS: the code that its wsimport generates from the WSDLs, compiled and run in both SOAP versions."""
import json
import os
import pathlib
import re
import subprocess

import pytest

import product_story
from product_story import *  # noqa: F403 - the tests of the story
from site_client import DOMAINS

PROGRAM = pathlib.Path(__file__).parent / "toolkits/JaxwsClient.java"
LIBRARIES = "/usr/share/jaxws/lib/*"
# The programs run for a second, so that optimising them would cost more than it saves.
SHORT_LIVED = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]


def run(*command):
    environment = os.environ | {"WSIMPORT_OPTS": " ".join(SHORT_LIVED)}
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("jaxws")


def generate(site, domain, folder):
    """Generates the Java sources of a service; without -extension wsimport ignores a port of SOAP 1.2."""
    sources = folder / "messo" / domain
    if sources.exists():
        return sources
    run("wsimport", "-quiet", "-extension", "-keep", "-Xnocompile", "-encoding", "UTF-8", "-s", folder,
        "-p", f"messo.{domain}", product_story.wsdl(site, domain))
    return sources


@pytest.fixture(scope="module")
def program(shared_site, folder):
    sources = generate(shared_site, "products", folder)
    # javac does not find package-info, which has the namespace, by itself, since no class refers to it.
    run("javac", *("-J" + option for option in SHORT_LIVED), "-nowarn", "-proc:none", "-encoding", "UTF-8",
        "-cp", LIBRARIES, "-sourcepath", folder, "-d", folder, sources / "package-info.java", PROGRAM)
    return ["java", *SHORT_LIVED, "-cp", f"{folder}:{LIBRARIES}", "JaxwsClient"]


@pytest.fixture(scope="module", params=[11, 12], ids=["soap11", "soap12"])
def story(shared_site, program, request):
    product_story.prepare(shared_site)
    return json.loads(run(*program, product_story.wsdl(shared_site, "products"), str(request.param)))


@pytest.mark.parametrize("domain", DOMAINS)
def test_wsimport_makes_a_method_of_each_operation_and_both_ports(shared_site, folder, domain):
    sources = generate(shared_site, domain, folder)
    [port_type] = sources.glob("*ServicePortType.java")
    methods = re.findall(r'@WebMethod\(operationName = "(\w+)"', port_type.read_text())
    assert sorted(methods) == sorted(product_story.declared_operations(shared_site, domain))
    service = sources / port_type.name.replace("PortType", "")
    assert set(re.findall(r"get\w+(Soap1\dPort)\(\)", service.read_text())) == {"Soap11Port", "Soap12Port"}
    # Unwrapped methods have the fields as parameters; a wrapper as a parameter would mean that wsimport did not unwrap.
    assert "getServiceInfo()" in port_type.read_text()
