"""Checks that zeep reads FOLDER/service.wsdl strictly and finds those of FOLDER/operations.txt at each port."""
import sys

import zeep

folder = sys.argv[1]
with open(folder + "operations.txt", encoding="utf-8") as file:
    expected = file.read().split()
client = zeep.Client(folder + "service.wsdl", settings=zeep.Settings(strict=True, xml_huge_tree=False))
[service] = client.wsdl.services.values()
assert service.ports
for port in service.ports.values():
    found = list(port.binding.all())
    assert sorted(found) == sorted(expected), f"{port.name}: {found}"
    for operation in port.binding.all().values():
        operation.input.signature(as_output=False)
        operation.output.signature(as_output=True)
