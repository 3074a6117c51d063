"""The key directory: its keys are made once, belong to one user, and are never shown."""
import base64
import os
import re
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

KEY = re.compile(r"(secrets|tokens)-(\d{8}T\d{6})\.(key|pem)")
SECRET = base64.b64encode(bytes(range(32))) + b"\n"


class Keys:
    """The command on a directory of its own."""

    def __init__(self, program, directory):
        self.program, self.directory = program, directory

    def __call__(self, *arguments):
        environment = {"PATH": "/usr/bin:/bin", "SELLER_CENTER_KEY_DIRECTORY": str(self.directory)}
        return subprocess.run(
            [self.program, "keys", *arguments], env=environment, capture_output=True, text=True, timeout=60)

    def done(self, *arguments):
        """The lines that the command prints when it does its work."""
        done = self(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout.splitlines()

    def refused(self, *arguments):
        """Why the command does nothing."""
        before = self.files()
        done = self(*arguments)
        assert (done.returncode, done.stdout) == (1, "") and self.files() == before, done
        assert done.stderr.startswith("keys: ") and done.stderr.endswith("\n")
        return done.stderr[len("keys: "):-1]

    def files(self):
        return {path.name: path.read_bytes() for path in self.directory.iterdir()} if self.directory.is_dir() else {}

    def put(self, name, content, mode=0o600):
        path = self.directory / name
        path.write_bytes(content)
        path.chmod(mode)


@pytest.fixture
def keys(shared_site, tmp_path):
    return Keys(shared_site.program(), tmp_path / "keys")


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], capture_output=True, check=True).stdout


def test_the_first_two_keys(keys):
    made = keys.done("create")
    assert len(made) == 2 and sorted(made) == sorted(f"made {keys.directory}/{name}" for name in keys.files())
    found = {KEY.fullmatch(name)[1]: content for name, content in keys.files().items()}
    assert len(base64.b64decode(found["secrets"], validate=False)) == 32 and found["secrets"].endswith(b"=\n")
    assert stat.S_IMODE(keys.directory.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in keys.directory.iterdir())
    (tokens,) = keys.directory.glob("tokens-*")
    assert b"Private-Key: (2048 bit, 2 primes)" in openssl("pkey", "-in", str(tokens), "-noout", "-text")
    listed = keys.done("list")
    assert [line.split()[1:] for line in listed] == [["secrets"], ["tokens", "RS256"]]
    for content in found.values():
        assert not any(line in "".join(made + listed) for line in content.decode().splitlines() if line)
    assert keys.refused("create") == f"{keys.directory} has its keys. keys rotate makes further ones."


def test_what_is_missing_is_made(keys):
    keys.done("create")
    (secrets,) = keys.directory.glob("secrets-*")
    secrets.unlink()
    others = keys.files()
    assert [KEY.search(line)[1] for line in keys.done("create")] == ["secrets"]
    assert others.items() < keys.files().items() and len(keys.files()) == 2


def test_further_keys_leave_the_older_ones(keys):
    keys.directory.mkdir(0o700)
    keys.put("secrets-20250101T000000.key", SECRET)
    keys.put("tokens-20250101T000000.pem", openssl("genpkey", "-algorithm", "ED25519"))
    before = keys.files()
    assert KEY.search(*keys.done("rotate"))[1] == "secrets"
    assert KEY.search(*keys.done("rotate", "--tokens"))[1] == "tokens"
    assert before.items() < keys.files().items() and len(keys.files()) == 4
    assert [line.split()[1:] for line in keys.done("list")][:2] == [["secrets"], ["tokens", "EdDSA"]]


def test_the_keys_algorithm_follows_the_key(keys):
    keys.directory.mkdir(0o700)
    kinds = {
        "RS256": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
        "ES256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        "EdDSA": ["-algorithm", "ED25519"],
    }
    for number, options in enumerate(kinds.values()):
        keys.put(f"tokens-20250101T00000{number}.pem", openssl("genpkey", *options))
    assert [line.split()[2] for line in keys.done("list")] == list(kinds)


@pytest.mark.parametrize("options", [
    ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    ["-algorithm", "X25519"], ["-algorithm", "ED25519", "-aes-128-cbc", "-pass", "pass:x"],
], ids=["short RSA", "P-384", "X25519", "encrypted"])
def test_other_keys_are_none(keys, options):
    keys.directory.mkdir(0o700)
    keys.put("tokens-20250101T000000.pem", openssl("genpkey", *options))
    assert keys.refused("list") == (
        f"{keys.directory}/tokens-20250101T000000.pem holds no key of RSA from 2048 bits, EC P-256 or Ed25519.")


@pytest.mark.parametrize("content", [b"", b"\n", SECRET[:-5], b"A" + SECRET, base64.b64encode(bytes(31)), b"-" * 44, b"\xff"])
def test_a_damaged_secret_is_none(keys, content):
    keys.directory.mkdir(0o700)
    keys.put("secrets-20250101T000000.key", content)
    assert keys.refused("list").startswith(f"{keys.directory}/secrets-20250101T000000.key ")


def test_a_new_key_is_newer_than_the_others(keys):
    keys.done("create")
    ids = [KEY.search(*keys.done("rotate"))[2] for _ in range(2)]
    (first, *rest) = sorted(KEY.fullmatch(name)[2] for name in keys.files() if name.startswith("secrets"))
    assert rest == ids and first < ids[0] < ids[1]
    keys.put("secrets-29990101T000000.key", SECRET)
    assert keys.refused("rotate") == (
        f"{keys.directory}/secrets-29990101T000000.key is of a time that has not come yet: is the clock right?")


def test_what_a_killed_command_left_is_removed(keys):
    keys.directory.mkdir(0o700)
    keys.put(".new", b"half a key")
    keys.done("create")
    assert all(KEY.fullmatch(name) for name in keys.files())


def test_what_others_can_read_is_refused(keys):
    keys.done("create")
    name = sorted(keys.files())[0]
    (keys.directory / name).chmod(0o640)
    for command in ("list", "create", "rotate"):
        assert keys.refused(command) == f"{keys.directory}/{name} is open to others: chmod 600 {keys.directory}/{name}"
    (keys.directory / name).chmod(0o600)
    keys.directory.chmod(0o750)
    assert keys.refused("list") == f"{keys.directory} is open to others: chmod 700 {keys.directory}"
    keys.directory.chmod(0o700)
    target = keys.directory.parent / "elsewhere"
    (keys.directory / name).rename(target)
    (keys.directory / name).symlink_to(target)
    assert keys.refused("list") == f"{keys.directory}/{name} is not a file."


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_another_users_keys_are_refused(keys):
    keys.done("create")
    name = sorted(keys.files())[0]
    os.chown(keys.directory / name, 12345, -1)
    assert keys.refused("list") == f"{keys.directory}/{name} belongs to another user."


def test_other_names_are_no_keys(keys):
    keys.directory.mkdir(0o700)
    for name in ("tokens-20250101T000000.pem.bak", "tokens-2025.pem", "tokens-20250101T000000.key", ".x", "secrets-.key"):
        keys.put(name, b"x", mode=0o644)
    assert keys.done("list") == []


def test_without_a_directory_or_a_first_key(keys):
    assert keys.refused("list") == f"{keys.directory}: No such file or directory"
    assert keys.refused("rotate") == f"{keys.directory}: No such file or directory"
    keys.directory.mkdir(0o700)
    assert keys.refused("rotate") == f"{keys.directory} has no key for secrets. keys create makes one."
    keys.directory.rmdir()
    keys.directory.write_text("a file")
    assert keys.refused("create") == f"{keys.directory}: Not a directory"
    keys.directory = keys.directory.parent / "nowhere" / "keys"
    assert keys.refused("create") == f"{keys.directory} cannot be made: No such file or directory"


def at_once(keys, *commands):
    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(lambda command: keys(*command), commands))


def test_two_at_once_make_the_first_keys_once(keys):
    done = at_once(keys, *[["create"]] * 4)
    assert sorted(each.returncode for each in done) == [0, 1, 1, 1], done
    assert sorted(KEY.fullmatch(name)[1] for name in keys.files()) == ["secrets", "tokens"]


def test_two_at_once_make_a_key_each(keys):
    keys.directory.mkdir(0o700)
    keys.put("secrets-20250101T000000.key", SECRET)
    before = keys.files()
    done = at_once(keys, ["rotate"], ["rotate"], ["rotate"])
    assert [each.returncode for each in done] == [0, 0, 0], done
    assert len({each.stdout for each in done}) == 3 and before.items() < keys.files().items() and len(keys.files()) == 4
