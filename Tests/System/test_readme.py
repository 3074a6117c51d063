"""What the README says of settings is what the program says of them."""
import re
import subprocess

from site_client import ROOT


def test_the_table_of_settings_is_the_programs():
    program = next((ROOT / ".build").glob("*/release/seller-center"))
    help = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    declared = dict(re.findall(r"^\s+(SELLER_CENTER_\w+) \((.*?)\): ", help, re.MULTILINE))
    table = re.findall(r"^\| `(SELLER_CENTER_\w+)` \| `?(.*?)`? \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert [name for name, _ in table] and {name for name, _ in table} == declared.keys()
    for name, initial in table:
        assert declared[name] in (initial, "empty"), name
