"""One measurement: wrk for some seconds, and the CPU and memory that the processes used meanwhile."""
import dataclasses
import json
import os
import pathlib
import subprocess
import time

DIR = pathlib.Path(__file__).resolve().parent
COUNTERS = {
    "statements": ("Questions", "Com_stmt_prepare"),
    "rows": ("Handler_read_first", "Handler_read_key", "Handler_read_last", "Handler_read_next", "Handler_read_prev",
             "Handler_read_rnd", "Handler_read_rnd_next"),
    "disk_tables": ("Created_tmp_disk_tables",),
}


@dataclasses.dataclass
class Target:
    """A server to measure: the port of its nginx, and the pids whose CPU is counted, by part."""
    name: str
    port: int
    parts: dict[str, list[int]]


def family(pid):
    """A process and its children."""
    pids = [pid]
    for task in os.listdir(f"/proc/{pid}/task"):
        pids += map(int, pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    return pids


def cpu(pids):
    """The nanoseconds for which each thread of the processes has run."""
    used = {}
    for pid in pids:
        for task in os.listdir(f"/proc/{pid}/task"):
            try:
                used[task] = int(pathlib.Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                pass  # The thread has ended.
    return used


def growth(before, after):
    return sum(used - before.get(task, 0) for task, used in after.items())


def memory(pids):
    """The proportional set size in KB, which counts shared memory once."""
    lines = [line for pid in pids for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def counters(sql):
    """MariaDB's counters, summed up as they are reported."""
    counts = {name: int(value) for name, value in sql(
        "SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Com_stmt_prepare', 'Created_tmp_disk_tables') "
        "OR Variable_name LIKE 'Handler\\_read%'")}
    return {what: sum(counts[name] for name in names) for what, names in COUNTERS.items()}


class WrongLoad(Exception):
    pass


def wrk(target, requests, connections, seconds, seed):
    """Runs wrk over a file of templates."""
    done = subprocess.run(
        ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "30s",
         "--script", DIR / "requests.lua", f"http://127.0.0.1:{target.port}", "--", requests, str(seed)],
        capture_output=True, text=True)
    if done.returncode:
        raise WrongLoad(f"wrk: {done.stdout}{done.stderr}")
    figures = json.loads(done.stdout.splitlines()[-1])
    if figures["refused"] or figures["broken"] or not figures["requests"]:
        raise WrongLoad(f"{target.name} did not answer all of {requests.name}: {figures}")
    return figures


def measure(target, requests, connections, seconds, seed, sql=None):
    """Requests per second, latencies in ms, and per request: µs of CPU of each part, and MariaDB's counters."""
    before = {part: cpu(pids) for part, pids in target.parts.items()}
    counted = counters(sql) if sql else {}
    figures = wrk(target, requests, connections, seconds, seed)
    settle(target, sql)
    # When its time is over, wrk leaves one request on every connection, which the server still answers.
    worked = figures["requests"] + connections
    result = {
        "requests_per_second": figures["requests"] * 1e6 / figures["microseconds"], "p50": figures["p50"] / 1000,
        "p99": figures["p99"] / 1000, "bytes": figures["bytes"] / figures["requests"],
        "cpu": {part: growth(before[part], cpu(pids)) / 1000 / worked for part, pids in target.parts.items()}}
    if sql:
        result |= {what: (count - counted[what]) / worked for what, count in counters(sql).items()}
    return result


RUNNING = ("SELECT COUNT(*) FROM information_schema.processlist "
           "WHERE command IN ('Query', 'Execute') AND id <> CONNECTION_ID()")


def settle(target, sql=None, quiet=3, seconds=60):
    """Waits until the program and MariaDB have been idle for several looks in a row."""
    pids = [pid for part in ("app", "nginx") for pid in target.parts.get(part, [])]
    deadline = time.monotonic() + seconds
    used, looks = cpu(pids), 0
    while looks < quiet and time.monotonic() < deadline:
        time.sleep(0.05)
        now = cpu(pids)
        is_quiet = growth(used, now) < 500_000 and not (sql and int(sql(RUNNING)[0][0]))
        looks = looks + 1 if is_quiet else 0
        used = now
