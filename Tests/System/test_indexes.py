"""Every documented list, filter and order is read by an index: the statements that the server sends are explained."""
import bisect
import dataclasses
import os
import re
import signal
import time

import pytest

import documented_reads
import many_rows
from site_client import wait_until

# What looks for a part of a text cannot go by an index. Nothing else reads rows that it does not need.
SEARCHES = (
    "/products/api/products/search/ q=", "/products/api/products/search/ category=", "list_products search",
    "list_products category", "search_products search", "search_products category",
)
PART_OF_A_TEXT = " COLLATE utf8mb4_uca1400_as_ci LIKE '%"
COUNT = "SELECT COUNT(*)"
# The most rows that a page has, and the most keys that a request names.
PAGE = 1000


@dataclasses.dataclass
class Step:
    """A line of MariaDB's ANALYZE: the plan for one table and what came of it."""
    number: str
    kind: str
    table: str
    type: str
    possible_keys: str
    key: str
    key_length: str
    ref: str
    rows: str
    real_rows: str
    kept: str
    really_kept: str
    extra: str

    @property
    def is_of_a_table(self):
        """Neither a page that was found before, which the number of its statement names, nor no table at all."""
        return self.table is not None and not self.table.startswith("<")

    @property
    def discards(self):
        return self.really_kept is not None and float(self.really_kept) < 100


@dataclasses.dataclass
class Statement:
    sql: str
    request: str
    steps: list = dataclasses.field(default_factory=list)
    # MariaDB's Handler_read counters together.
    rows_read: int = 0
    count: int = 0

    @property
    def is_count(self):
        return self.sql.startswith(COUNT)

    @property
    def is_search(self):
        return PART_OF_A_TEXT in self.sql and self.request.startswith(SEARCHES)

    @property
    def changes(self):
        """The table whose changes it wants and the time since when, if it does."""
        found = re.search(r" FROM (\w+) WHERE .*?\bchanged_at >= '([^']+)'", self.sql)
        return found and found.groups()

    @property
    def page(self):
        """How many rows it passes over, and how many it may show; None where it has no pages."""
        found = re.search(r" LIMIT (\d+) OFFSET (\d+)", self.sql)
        return found and (int(found[2]), int(found[1]))

    def told(self):
        sql = re.sub(r"IN \((.{60}).*?(, \d+|, '[^']*')\)", r"IN (\1…\2)", self.sql)
        return "\n".join(["", self.request, "  " + sql, *[f"  {dataclasses.astuple(step)}" for step in self.steps]])


def as_root(site, text):
    """The rows of statements that only the administrator of the database may run."""
    return site.sql(text)


def renew_workers(site):
    """Only statements that are prepared while there is a log stand in it with their values."""
    old = set(site.workers())
    os.kill(site.pid("seller-center"), signal.SIGHUP)
    wait_until(lambda: len(site.workers()) == len(old) and not old & set(site.workers()), what="a new worker")


def sent_statements(site):
    """Makes every documented request, and gives each different SELECT that the server then sent."""
    requests = [(title, "GET", path) for title, path in documented_reads.rest_reads(site)]
    requests += [(title, *call) for title, *call in documented_reads.soap_reads(site)]
    (output, is_on), = as_root(site, "SELECT @@log_output, @@general_log")
    as_root(site, "SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = 1; TRUNCATE mysql.general_log")
    try:
        renew_workers(site)
        times = []
        for _, *call in requests:
            times.append(time.time())
            answer = site.rest(*call) if len(call) == 2 else site.soap(*call)
            assert answer.status_code == 200, (call, answer.text[:500])
    finally:
        as_root(site, f"SET GLOBAL general_log = {is_on}; SET GLOBAL log_output = '{output}'")
    log = as_root(site, f"""
        SELECT UNIX_TIMESTAMP(event_time), REPLACE(argument, '\\n', ' ') FROM mysql.general_log
        WHERE command_type IN ('Query', 'Execute') AND argument LIKE 'SELECT %'
            AND event_time >= FROM_UNIXTIME({times[0]:.6f});
        TRUNCATE mysql.general_log""")
    statements = {}
    titles = set()
    for at, sql in log:
        title = requests[bisect.bisect(times, float(at)) - 1][0]
        titles.add(title)
        statements.setdefault(sql, Statement(sql, title))
    assert titles == {title for title, *_ in requests}, "a request without a statement in the log"
    return list(statements.values())


def explain(site, statements):
    """Runs each statement once more, for its plan and for what it reads."""
    text = ""
    for number, statement in enumerate(statements):
        text += f"SELECT '#', {number}; FLUSH STATUS; ANALYZE {statement.sql}; "
        text += "SELECT '+', SUM(variable_value) FROM information_schema.session_status "
        text += "WHERE variable_name LIKE 'HANDLER\\_READ\\_%';\n"
        if statement.is_count:
            text += statement.sql.replace(COUNT, "SELECT '=', COUNT(*)", 1) + ";\n"
    for row in as_root(site, text):
        if row[0] == "#":
            statement = statements[int(row[1])]
        elif row[0] == "+":
            statement.rows_read = int(float(row[1]))
        elif row[0] == "=":
            statement.count = int(row[1])
        else:
            statement.steps.append(Step(*row))
    return statements


@pytest.fixture(scope="module")
def statements(shared_site):
    shared_site.reset()
    as_root(shared_site, ";\n".join(many_rows.insert_many_rows()))
    yield explain(shared_site, sent_statements(shared_site))
    shared_site.reset()


def none_of(statements):
    assert not statements, f"{len(statements)} statements:" + "".join(each.told() for each in statements)


def test_no_table_is_scanned_but_by_a_search(statements):
    none_of([
        statement for statement in statements if not statement.is_search
        and any(step.type == "ALL" and step.is_of_a_table for step in statement.steps)])


def test_an_index_is_walked_along_only_in_the_order_of_an_unfiltered_list(statements):
    """Such a walk ends with the page. With a condition beside it there may be any number of rows between two that it
    wants; with none it passes over those of the pages before at most."""
    none_of([
        statement for statement in statements if not statement.is_search
        and any(step.type == "index" and step.is_of_a_table and "Using where" in step.extra
                for step in statement.steps)])


def test_no_more_than_a_page_is_sorted(statements):
    """A page is found by its ids first, and its rows are put in order once more when they are read; the rows with the
    keys of a request, or with one parent, are few as well. The exception are the rows that have changed since some
    time: an index that goes by time cannot go by id, and each page is counted anyhow, which reads the same part of the
    same index. They are sorted by their ids alone, straight from it."""
    def is_allowed(statement, step):
        rows = step.rows if step.is_of_a_table else step.real_rows
        return float(rows) <= PAGE or statement.changes and step.key == "by_change" and "Using index;" in step.extra

    none_of([
        statement for statement in statements if not statement.is_search
        and any(("filesort" in step.extra or "temporary" in step.extra) and not is_allowed(statement, step)
                for step in statement.steps)])


def changed(statement, site):
    """How many rows have changed since the time that the statement names."""
    if not statement.changes:
        return 0
    table, since = statement.changes
    return int(site.sql(f"SELECT COUNT(*) FROM {table} WHERE changed_at >= '{since}'")[0][0])


def test_a_page_reads_what_it_passes_over_and_a_few_times_what_it_shows(statements, shared_site):
    """Of what has changed it reads all once, and of the rows with the keys of a request."""
    def limit(statement):
        passed, shown = statement.page
        keys = statement.sql.count(", '") + 1 if " IN (" in statement.sql else 0
        return passed + 6 * shown + keys + changed(statement, shared_site) + 10

    none_of([
        statement for statement in statements
        if statement.page and not statement.is_search and statement.rows_read > limit(statement)])


def test_a_count_goes_by_an_index_and_reads_what_it_counts(statements, shared_site):
    """With a second condition, what has changed and does not meet it is read as well."""
    counts = [each for each in statements if each.is_count and not each.is_search]
    assert len(counts) > 50
    none_of([
        each for each in counts
        if each.rows_read > max(each.count, changed(each, shared_site)) + 10
        or any(step.key is None for step in each.steps if step.is_of_a_table)])


def test_what_is_neither_a_page_nor_a_count_reads_nothing_in_vain(statements):
    none_of([
        statement for statement in statements if not (statement.page or statement.is_count or statement.is_search)
        and any(step.is_of_a_table and step.discards for step in statement.steps)])


def test_every_index_serves_a_list_or_a_row(statements, shared_site):
    used = {(step.table, key) for each in statements for step in each.steps for key in (step.key or "").split(",")}
    indexes = {tuple(row) for row in shared_site.sql(
        "SELECT DISTINCT table_name, index_name FROM information_schema.statistics "
        "WHERE table_schema = 'seller_center' AND non_unique = 1")}
    assert not indexes - used
