"""The settings from the environment: problems are reported together, without secrets; every command has help."""
import re
import subprocess

import pytest

COMMANDS = ["serve", "worker", "migrate", "keys", "check-settings"]


@pytest.fixture
def run(shared_site):
    program = shared_site.program()

    def run(*arguments, **settings):
        environment = {"PATH": "/usr/bin:/bin"} | {f"SELLER_CENTER_{k}": str(v) for k, v in settings.items()}
        return subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, timeout=20)

    return run


def test_no_settings_at_all_are_in_order(run):
    done = run("check-settings")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("settings", [
    {"PROCESSES": 1, "THREADS": 64}, {"PROCESSES": 64, "THREADS": 1}, {"PUBLIC_URL": "https://shop.example/hub/"},
    {"BODY_LIMIT": 1024}, {"BODY_LIMIT": 64 * 1024 * 1024}, {"DRAIN_SECONDS": 40, "RECEIVE_SECONDS": 1},
    {"DRAIN_SECONDS": 3, "REQUEST_SECONDS": 2}, {"REQUEST_SECONDS": 24}, {"QUEUE_SECONDS": 60}, {"LOCK_SECONDS": 10},
    {"QUEUE_SECONDS": 1, "LOCK_SECONDS": 1},
    {"LOG_LEVEL": "trace"}, {"SOCKET": "/" + "x" * 106}, {"DATABASE_PASSWORD_FILE": "/dev/null"},
], ids=lambda settings: "-".join(settings))
def test_values_at_their_limits_are_in_order(run, settings):
    done = run("check-settings", **settings)
    assert done.returncode == 0, done.stderr


WRONG = {
    "PROCESSES": ["0", "65", "two", "", "1.5", "-1", "99999999999999999999"],
    "THREADS": ["0", "65", " 4", "4x"],
    "BODY_LIMIT": ["1023", "67108865", "4m"],
    "QUEUE_SECONDS": ["0", "61"],
    "REQUEST_SECONDS": ["1", "25", "20.5"],
    "LOCK_SECONDS": ["0", "11"],
    # The last value would cut requests off.
    "DRAIN_SECONDS": ["2", "41", "20"],
    "RECEIVE_SECONDS": ["0", "301", "10s"],
    "PUBLIC_URL": ["", "localhost", "ftp://example.com", "http://", "https://"],
    "LOG_LEVEL": ["loud", "INFO", ""],
    "DATABASE_NAME": [""],
    "KEY_DIRECTORY": [""],
    "DATABASE_SOCKET": ["", "/" + "x" * 107],
    "SOCKET": ["", "/" + "x" * 107],
    "DATABASE_PASSWORD_FILE": ["/nowhere/password"],
    "PROCESSSES": ["2"],
}
CASES = [(name, value) for name, values in WRONG.items() for value in values]


@pytest.mark.parametrize("name, value", CASES, ids=[f"{name}={value[:24]}" for name, value in CASES])
def test_a_wrong_value_is_named_and_exits_with_2(run, name, value):
    done = run("check-settings", **{name: value})
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 1 and f"SELLER_CENTER_{name}" in lines[0]
    assert done.stdout == ""


def test_all_problems_are_reported_at_once(run):
    settings = {name: values[0] for name, values in WRONG.items()}
    done = run("check-settings", **settings)
    assert done.returncode == 2
    for name in settings:
        assert sum(f"SELLER_CENTER_{name} " in line for line in done.stderr.splitlines()) == 1, name
    assert len(done.stderr.splitlines()) == len(settings)


@pytest.mark.parametrize("arguments", [
    ["serve"], ["worker"], ["migrate"], ["keys", "create"], ["keys", "rotate"], ["keys", "list"]], ids="-".join)
def test_every_command_refuses_wrong_settings_before_it_does_anything(run, arguments, tmp_path):
    done = run(*arguments, PROCESSES="many", LOG_LEVEL="loud", KEY_DIRECTORY=tmp_path / "keys")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    assert not list(tmp_path.iterdir())


def test_no_secret_is_printed(run, tmp_path):
    password = tmp_path / "password"
    password.write_text("correct-horse\n")
    done = run("check-settings", DATABASE_PASSWORD_FILE=password, THREADS="none", DATABASE_PASSWORD="battery-staple",
               PUBLIC_URL="shop:key-in-url@example.com")
    assert done.returncode == 2
    for secret in ("correct-horse", "battery-staple", "key-in-url"):
        assert secret not in done.stdout + done.stderr


def test_a_refused_password_does_not_reach_the_output(run, tmp_path, shared_site):
    password = tmp_path / "password"
    password.write_text("correct-horse\n")
    done = run("migrate", "--directory", "sql", DATABASE_PASSWORD_FILE=password, DATABASE_USER="nobody-at-all",
               DATABASE_SOCKET=shared_site.dir / "mariadb.sock")
    assert done.returncode != 0
    assert "correct-horse" not in done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run, command):
    for arguments in ([command, "--help"], ["help", command]):
        done = run(*arguments)
        assert done.returncode == 0
        assert f"USAGE: seller-center {command}" in done.stdout
        assert "OVERVIEW: " in done.stdout


def test_the_help_lists_the_commands_and_every_setting_with_its_meaning(run):
    done = run("--help")
    assert done.returncode == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S", done.stdout, re.MULTILINE), command
    for name in [*WRONG, "DATABASE_USER"]:
        if name != "PROCESSSES":
            assert re.search(rf"^ +SELLER_CENTER_{name} \([^)]+\): \S", done.stdout, re.MULTILINE), name


@pytest.mark.parametrize(
    "arguments", [["no-such-command"], ["serve", "--no-such-option"], ["worker", "--descriptor", "x"]], ids=" ".join)
def test_a_wrong_command_line_is_refused_with_the_usage(run, arguments):
    done = run(*arguments)
    assert done.returncode not in (0, 2)
    assert "Usage: seller-center" in done.stderr
