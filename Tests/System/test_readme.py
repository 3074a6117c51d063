"""README is true: its settings are the program's, its commands work as printed, and its paths exist."""
import re
import shlex
import subprocess

import pytest

from conftest import new_stack
from site_client import ROOT

README = (ROOT / "README.md").read_text()
PORT = 8080
LEFT_OUT = "…"


def test_the_table_of_settings_is_the_programs(shared_site):
    help = subprocess.run([shared_site.program(), "--help"], capture_output=True, text=True, check=True).stdout
    declared = dict(re.findall(r"^\s+(SELLER_CENTER_\w+) \((.*?)\): ", help, re.MULTILINE))
    table = re.findall(r"^\| `(SELLER_CENTER_\w+)` \| `?(.*?)`? \|", README, re.MULTILINE)
    assert [name for name, _ in table] and {name for name, _ in table} == declared.keys()
    for name, initial in table:
        assert declared[name] in (initial, "empty"), name


def test_each_migration_is_told():
    told = re.findall(r"^\| `(\d+_\w+\.sql)` \|", README, re.MULTILINE)
    assert told == sorted(path.name for path in (ROOT / "sql").glob("*.sql"))


def test_each_path_is_there():
    named = re.findall(r"`((?:[A-Z]\w+|nginx|sql)/[\w./+-]*)`", README)
    assert len(named) > 15
    for path in named:
        # In "The life of one request", README names files without the folder Sources and the ending .swift.
        found = [ROOT / path, ROOT / "Sources" / path, ROOT / f"Sources/{path}.swift"]
        assert any(each.exists() for each in found), path


# The walks


def walk(title):
    """The commands of a section's `console` block, each with the answer that README shows."""
    [section] = re.findall(rf"^## {title}$(.*?)^## ", README, re.MULTILINE | re.DOTALL)
    [block] = re.findall(r"^```console\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    steps = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append([line[2:], []])
        elif is_open(steps[-1][0]):
            steps[-1][0] += "\n" + line
        else:
            steps[-1][1].append(line)
    return [(command, "\n".join(answer)) for command, answer in steps]


def is_open(command):
    """Whether the command continues on the next line."""
    if command.endswith(("\\", "|")):
        return True
    try:
        shlex.split(command)
        return False
    except ValueError:
        return True


def pattern(shown):
    """README's answer as a regular expression: any text may stand where README leaves some out."""
    parts = [re.escape(part.strip("\n")) for part in shown.split(LEFT_OUT)]
    return re.compile(".*".join(parts), re.DOTALL)


@pytest.fixture(scope="module")
def demo_shop():
    """The stack that README starts, but on another port."""
    with new_stack() as stack:
        stack.start()
        yield stack


@pytest.mark.parametrize("title", ["A shop's walk: REST", "An ERP's walk: SOAP"])
def test_a_walk_works_as_printed(demo_shop, title):
    steps = walk(title)
    assert sum(len(f"{command}\n{answer}".strip().splitlines()) for command, answer in steps) <= 25
    mark = "--- the end of a command ---"
    script = "".join(f"{command}\necho; echo '{mark}'\n" for command, _ in steps)
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail"], input=here(demo_shop, script), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    answers = done.stdout.split(mark)
    assert len(answers) == len(steps) + 1
    for (command, shown), answer in zip(steps, answers):
        assert pattern(here(demo_shop, shown)).fullmatch(answer.strip("\n")), f"{command}\n\n{shown}\n\n{answer}"


def here(stack, text):
    return text.replace(f"localhost:{PORT}", f"localhost:{stack.port}")
