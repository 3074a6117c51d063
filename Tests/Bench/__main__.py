"""Measures the system side by side with ceilings and peers; `Tests/bench --help` says how."""
import argparse
import itertools
import json
import random
import signal
import sys
import time

import data
import load
import peers
import report
import variants
import workloads
from stack import Stack

# More than any target deletes; the bench ends if they are not enough.
DELETED_PER_SECOND = 10_000


def read_arguments():
    names = [workload.name for workload in workloads.all_workloads(data.SMALLEST, data.SMALLEST)]
    parser = argparse.ArgumentParser(prog="Tests/bench", description=(
        "Starts a stack of its own with a generated data set and measures each kind of request with wrk, in "
        "interleaved rounds with what bounds it: nginx with a static file of the same bytes, an empty FastCGI answer, "
        "the same program with nothing kept or with a cache far smaller than the data, and peers that other "
        "programmers would write. The rows, pages and words are drawn anew for each request, from all of them. "
        "Answers of every target are checked first. Rates vary with what else runs; the CPU per answer of the program "
        "and MariaDB, its ratio to others in the same rounds, and the statements are what counts."))
    parser.add_argument("--products", type=int, default=10_000, metavar="N", help="10000; up to 1000000")
    parser.add_argument("--orders", type=int, default=20_000, metavar="N", help="20000; up to 1000000")
    parser.add_argument(
        "--buffer-pool", type=int, default=256, metavar="N",
        help="megabytes of MariaDB's buffer pool: 256; 4096 holds a million products and orders")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often everything is measured: 3")
    parser.add_argument("--seconds", type=int, default=4, metavar="N", help="of each measurement, whole ones: 4")
    parser.add_argument(
        "--warm-up", type=int, default=4, metavar="N",
        help="seconds before each measurement of a target with a cache, to fill it: 4")
    parser.add_argument("--connections", type=int, nargs="+", default=[16, 64], metavar="N", help="16 64")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument(
        "--peers", nargs="?", const=",".join(workloads.PEERS), default="", metavar="NAMES",
        help="C, PHP-FPM and Go beside it, or some of c,php,go; installs their packages")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the drawn numbers: 1")
    parser.add_argument("--json", metavar="FILE", help="keep the figures")
    parser.add_argument("--compare", metavar="FILE", help="show what changed from kept figures")
    parser.add_argument("--quick", action="store_true", help="small and short, only to see that it works")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.products = arguments.orders = 400
        arguments.rounds = arguments.seconds = 1
        arguments.warm_up = 0
        arguments.connections = [4]
    arguments.peers = arguments.peers.split(",") if arguments.peers else []
    if not set(arguments.peers) <= set(workloads.PEERS):
        parser.error(f"--peers must be some of {','.join(workloads.PEERS)}")
    for name in ("products", "orders"):
        if not data.SMALLEST <= getattr(arguments, name) <= 1_000_000:
            parser.error(f"--{name} must be from {data.SMALLEST} to 1000000")
    if min(arguments.rounds, arguments.seconds, *arguments.connections) < 1:
        parser.error("--rounds, --seconds and --connections must be 1 or more")
    if arguments.buffer_pool < 8:
        parser.error("--buffer-pool must be 8 or more")
    if arguments.warm_up < 0:
        parser.error("--warm-up must be 0 or more")
    return arguments


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Bench:
    """The targets of one run, and the rounds in which they were measured."""

    def __init__(self, stack, arguments):
        self.stack = stack
        self.arguments = arguments
        every = workloads.all_workloads(arguments.products, arguments.orders)
        self.workloads = [workloads.EMPTY] + [
            workload for workload in every if not arguments.only or workload.name in arguments.only]
        for workload in [workloads.EMPTY, *every]:
            self.write(workload.name, workload.requests)
        self.site = load.Target("site", stack.port, {
            "app": load.family(stack.pid("seller-center")), "nginx": load.family(stack.pid("nginx")),
            "MariaDB": [stack.pid("mariadb")]})
        self.peers = peers.start_peers(stack, arguments.peers) if arguments.peers else {}
        self.others = variants.start_variants(stack) | self.peers
        (stack.dir / "static/files").mkdir(parents=True)
        port, pid = stack.static_nginx()
        self.static = load.Target("static file", port, {"nginx": load.family(pid)})
        self.seed = arguments.seed
        self.rounds = {}
        self.memory = {}

    def targets(self, workload):
        return [self.site] + [self.others[name] for name in workload.others if name in self.others]

    def check(self):
        """Measures nothing that does not answer correctly; correct answers become the static files."""
        chance = random.Random(self.seed)
        for workload in self.workloads:
            if workload.deletes:
                data.load_more(self.stack.sql, self.arguments.products, 100)
            answer, numbers = b"", itertools.count()
            for request in workload.samples(chance):
                for target in self.targets(workload):
                    who = report.TITLES.get(target.name, target.name)
                    content = request.check(target.port, who, chance, numbers)
                    answer = answer or content
            if workload.has_static:
                (self.stack.dir / "static/files" / workload.name).write_bytes(answer)
                self.write(f"{workload.name}-static", [workloads.Request(f"/files/{workload.name}", None)])
            self.tidy_up(workload)

    def write(self, name, requests):
        self.file(name).write_bytes(b"\0".join(request.bytes() for request in requests))

    def file(self, name):
        return self.stack.dir / f"{name}.requests"

    def warm_up(self, workload, connections, target):
        """Fills the cache of a target that has one, so that the figures tell how it is while it runs for long."""
        if target.name in ("site", "small") and workload.warmed_by and self.arguments.warm_up:
            load.wrk(target, self.file(workload.warmed_by), connections, self.arguments.warm_up, -self.seed)
            load.settle(target)
            self.tidy_up(workload)

    def tidy_up(self, workload):
        if workload.writes:
            self.stack.forget_created(self.arguments.products)

    def run(self):
        """Measures in rounds: first all that only reads, since changed rows would have to be read anew."""
        for writes in (False, True):
            for number in range(self.arguments.rounds):
                for connections in self.arguments.connections:
                    for workload in self.workloads:
                        if workload.writes == writes:
                            say(f"round {number + 1} of {self.arguments.rounds}, {connections} connections: "
                                f"{workload.title}")
                            self.measure(workload, connections, number)
                self.remember_memory()

    def measure(self, workload, connections, number):
        """Measures one workload on all its targets in turn, with the same numbers; every other round goes through them
        in reverse order."""
        seconds = self.arguments.seconds
        self.seed += 1
        targets = self.targets(workload)
        if number % 2:
            targets.reverse()
        for target in targets:
            self.warm_up(workload, connections, target)
            if workload.deletes:
                data.load_more(self.stack.sql, self.arguments.products, seconds * DELETED_PER_SECOND)
            self.keep(workload, connections, target, load.measure(
                target, self.file(workload.name), connections, seconds, self.seed,
                self.stack.sql if workload != workloads.EMPTY else None))
            self.tidy_up(workload)
        if workload.has_static:
            self.keep(workload, connections, self.static, load.measure(
                self.static, self.file(f"{workload.name}-static"), connections, max(1, seconds // 4), self.seed))
        self.stack.empty_logs()

    def keep(self, workload, connections, target, figures):
        level = self.rounds.setdefault(str(connections), {})
        level.setdefault(workload.name, {}).setdefault(target.name, []).append(figures)

    def remember_memory(self):
        used = self.site.parts | {peers.TITLES[name]: peer.parts["app"] for name, peer in self.peers.items()}
        for part, pids in used.items():
            self.memory[part] = max(self.memory.get(part, 0), load.memory(pids))

    def results(self):
        names = ("products", "orders", "buffer_pool", "rounds", "seconds", "warm_up", "seed", "peers")
        connections = {
            level: {name: {target: report.summarize(rounds) for target, rounds in targets.items()}
                    for name, targets in named.items()}
            for level, named in self.rounds.items()}
        for level in connections:
            report.add_ratios(connections, level)
        return {
            "settings": {name: getattr(self.arguments, name) for name in names}, "connections": connections,
            "memory": self.memory}


def main():
    arguments = read_arguments()
    before = None
    if arguments.compare:
        with open(arguments.compare) as file:
            before = json.load(file)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Stack() as stack:
        say("starting the stack")
        stack.serve()
        start = time.monotonic()
        data.load(stack.sql, arguments.products, arguments.orders)
        say(f"{arguments.products} products and {arguments.orders} orders, in {time.monotonic() - start:.1f} s")
        stack.resize_buffer_pool(arguments.buffer_pool)
        bench = Bench(stack, arguments)
        try:
            bench.check()
            say("every answer is right")
            bench.run()
        except (workloads.WrongAnswer, load.WrongLoad) as problem:
            raise SystemExit(f"bench: {problem}\n{stack.last_log_lines()}") from None
        results = bench.results()
    titles = {workload.name: workload.title for workload in bench.workloads}
    print(report.table(results, titles))
    if before:
        print(report.changes(results, before, titles))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
