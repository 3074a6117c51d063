"""The key directory: its keys are made once, belong to one user, and are never shown."""
import base64
import os
import re
import stat
import subprocess
import threading

import pytest

KEY = re.compile(r"(secrets|tokens)-(\d{8}T\d{6})\.(key|pem)")


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
    assert [line.split()[1:] for line in listed] == [["secrets", "HMAC"], ["tokens", "RS256"]]
    for content in found.values():
        assert not any(line in "".join(made + listed) for line in content.decode().splitlines() if line)
    assert keys.refused("create") == f"{keys.directory} has its keys. keys rotate makes further ones."


def test_what_is_missing_is_made(keys):
    keys.done("create")
    (secrets,) = keys.directory.glob("secrets-*")
    secrets.unlink()
    assert [KEY.search(line)[1] for line in keys.done("create")] == ["secrets"]


def test_further_keys_leave_the_older_ones(keys):
    keys.directory.mkdir(0o700)
    keys.put("secrets-20250101T000000.key", b"old\n")
    keys.put("tokens-20250101T000000.pem", openssl("genpkey", "-algorithm", "ED25519"))
    before = keys.files()
    assert KEY.search(*keys.done("rotate"))[1] == "secrets"
    assert KEY.search(*keys.done("rotate", "--tokens"))[1] == "tokens"
    assert before.items() < keys.files().items() and len(keys.files()) == 4
    assert [line.split()[1:] for line in keys.done("list")][:2] == [["secrets", "HMAC"], ["tokens", "EdDSA"]]


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
    assert keys.refused("create") == f"{keys.directory} is not a directory."


def test_two_at_once_never_overwrite_a_key(keys):
    keys.directory.mkdir(0o700)
    keys.put("secrets-20250101T000000.key", b"old\n")
    done = []
    threads = [threading.Thread(target=lambda: done.append(keys("rotate"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [each.stdout.split("/")[-1].strip() for each in done if each.returncode == 0]
    assert made and len(set(made)) == len(made)
    for each in done:
        assert each.returncode == 0 or "was made in this second by somebody else" in each.stderr, each
    assert not [name for name in keys.files() if name.startswith(".")]
