"""Every documented list, filter and order uses an index: the server's statements are recorded and explained."""
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

# Searches for a part of a text, which cannot use an index. No other statement may read rows that it does not need.
SEARCHES = (
    "/products/api/products/search/ q=", "/products/api/products/search/ category=", "list_products search",
    "list_products category", "search_products search", "search_products category",
)
PART_OF_A_TEXT = re.compile(r" COLLATE \w+ LIKE '%")
COUNT = "SELECT COUNT(*)"
# The most rows of a page, and the most keys in a request.
PAGE = 1000


@dataclasses.dataclass
class Step:
    """A line of MariaDB's ANALYZE: the plan for one table and its outcome."""
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
        """Whether the step reads a table, and not the rows of an earlier step or nothing."""
        return self.table is not None and not self.table.startswith("<")

    @property
    def discards(self):
        return self.really_kept is not None and float(self.really_kept) < 100


@dataclasses.dataclass
class Statement:
    sql: str
    request: str
    steps: list = dataclasses.field(default_factory=list)
    # The sum of MariaDB's Handler_read counters.
    rows_read: int = 0
    count: int = 0

    @property
    def is_count(self):
        return self.sql.startswith(COUNT)

    @property
    def is_search(self):
        return PART_OF_A_TEXT.search(self.sql) and self.request.startswith(SEARCHES)

    @property
    def changes(self):
        """The tables and the times, if the statement asks for rows changed since a time: a product changes with its
        stock as well."""
        return re.findall(r" FROM (\w+) WHERE (?:(?! FROM ).)*?\bchanged_at >= '([^']+)'", self.sql)

    @property
    def page(self):
        """The number of rows that the statement skips, and the number that it may show; None without a LIMIT."""
        found = re.search(r" LIMIT (\d+) OFFSET (\d+)", self.sql)
        return found and (int(found[2]), int(found[1]))

    def told(self):
        sql = re.sub(r"IN \((.{60}).*?(, \d+|, '[^']*')\)", r"IN (\1…\2)", self.sql)
        return "\n".join(["", self.request, "  " + sql, *[f"  {dataclasses.astuple(step)}" for step in self.steps]])


def as_root(site, text):
    """Runs statements that only the administrator of the database may run; returns their rows."""
    return site.sql(text)


def renew_workers(site):
    """Replaces the workers: the log shows a statement with its values only if it was prepared while the log is on."""
    old = set(site.workers())
    os.kill(site.pid("seller-center"), signal.SIGHUP)
    wait_until(lambda: len(site.workers()) == len(old) and not old & set(site.workers()), what="a new worker")


def sent_statements(site):
    """Makes every documented request; returns each different SELECT that the server sent."""
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
    """Runs each statement again, and notes its plan and the number of rows that it reads."""
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
    """Reading along an index ends when the page is full. With a condition, any number of rows may lie between two that
    match; without one, at most the rows of the earlier pages are skipped."""
    none_of([
        statement for statement in statements if not statement.is_search
        and any(step.type == "index" and step.is_of_a_table and "Using where" in step.extra
                for step in statement.steps)])


def test_no_more_than_a_page_is_sorted(statements):
    """A page's ids are found first, and its rows are sorted once more when they are read; rows with the keys of a
    request, or of one parent, are few as well. Rows changed since some time are an exception: an index by time is not
    sorted by id, and since each page is counted, the same part of the index is read anyway. Their ids alone are sorted,
    straight from that index."""
    def is_allowed(statement, step):
        rows = step.rows if step.is_of_a_table else step.real_rows
        return float(rows) <= PAGE or statement.changes and step.key == "by_change" and "Using index;" in step.extra

    none_of([
        statement for statement in statements if not statement.is_search
        and any(("filesort" in step.extra or "temporary" in step.extra) and not is_allowed(statement, step)
                for step in statement.steps)])


def changed(statement, site):
    """How many rows may be read to find those that have changed since the statement's time. Rows of two tables are also
    read where they are put together and where they are sorted, and then looked up."""
    times = 4 if len(statement.changes) > 1 else 1
    return times * sum(
        int(site.sql(f"SELECT COUNT(*) FROM {table} WHERE changed_at >= '{since}'")[0][0])
        for table, since in statement.changes)


def test_a_page_reads_what_it_passes_over_and_a_few_times_what_it_shows(statements, shared_site):
    """All changed rows are read once, and so are the rows with the keys of a request."""
    def limit(statement):
        passed, shown = statement.page
        keys = statement.sql.count(", '") + 1 if " IN (" in statement.sql else 0
        return passed + 6 * shown + keys + changed(statement, shared_site) + 10

    none_of([
        statement for statement in statements
        if statement.page and not statement.is_search and statement.rows_read > limit(statement)])


def test_a_count_goes_by_an_index_and_reads_what_it_counts(statements, shared_site):
    """With a second condition, changed rows that do not match it are read as well."""
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
