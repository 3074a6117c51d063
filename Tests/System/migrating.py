"""Empty databases with migrations of their own, for the tests of `seller-center migrate`."""
import os
import subprocess
import uuid

import pytest

from site_client import USER


class Schema:
    """An empty database beside the existing ones, with migrations of its own."""

    def __init__(self, server, program, directory):
        self.site, self.program, self.directory = server, program, directory
        self.name = f"migrations_{uuid.uuid4().hex[:8]}"
        server.sql(f"CREATE DATABASE {self.name}", "mysql")

    def start(self, *options, **settings):
        own = {name: value for name, value in os.environ.items() if not name.startswith("SELLER_CENTER_")}
        settings = {"DATABASE_SOCKET": self.site.dir / "mariadb.sock", "DATABASE_NAME": self.name} | settings
        return subprocess.Popen(
            [self.program, "migrate", "--directory", self.directory, *options],
            env=own | {f"SELLER_CENTER_{name}": str(value) for name, value in settings.items()},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def migrate(self, *options, **settings):
        child = self.start(*options, **settings)
        out, err = child.communicate(timeout=60)
        return child.returncode, out.splitlines(), err

    def sql(self, text):
        return self.site.sql(text, self.name)

    def applied(self):
        return [name for [name] in self.sql("SELECT name FROM schema_migrations ORDER BY number")]

    def tables(self):
        return {name for [name] in self.sql("SHOW TABLES")}

    def write(self, name, text):
        (self.directory / name).write_text(text)

    def write_three(self):
        for number, name in enumerate(["a", "b", "c"], 1):
            self.write(f"00{number}_{name}.sql", f"CREATE TABLE IF NOT EXISTS {name} (id INT);")

    def drop(self):
        self.site.sql(f"DROP DATABASE {self.name}", "mysql")


@pytest.fixture
def schema(shared_site, tmp_path):
    schema = Schema(shared_site, shared_site.program(), tmp_path)
    schema.sql(f"GRANT ALL ON {schema.name}.* TO '{USER}'@'localhost'")
    yield schema
    schema.drop()


@pytest.fixture
def three(schema):
    schema.write_three()
    return schema
