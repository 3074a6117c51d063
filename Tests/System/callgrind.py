"""One worker process under valgrind's callgrind, and what its requests cost: instructions and allocations."""
import os
import re
import socket
import subprocess

from fastcgi import Connection
from site_client import ROOT

ALLOCATORS = {"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "memalign"}


class CountedWorker:
    """`seller-center worker` with one thread, on a socket of its own and the database of a running stack.

    The readiness probe alone calls `mysql_ping`, and callgrind writes down what it counted, and begins anew, whenever
    that is called: so the probe ends one count and begins the next, always at the same instruction.
    """

    def __init__(self, stack, name, **settings):
        self.counts = stack.dir / name
        self.log = (stack.dir / f"{name}.log").open("w")
        path = stack.dir / f"{name}.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()
            # Debian 12's valgrind cannot read DWARF 5 and gives up on it; the symbols stay.
            program = stack.dir / f"{name}-program"
            built = next((ROOT / ".build").glob("*/release/seller-center"))
            subprocess.run(["strip", "--strip-debug", "-o", program, built], check=True)
            values = {
                "DATABASE_SOCKET": stack.dir / "mariadb.sock", "THREADS": 1, "RECEIVE_SECONDS": 300, "DRAIN_SECONDS": 1,
            } | settings
            environment = {f"SELLER_CENTER_{key}": str(value) for key, value in values.items()}
            # Else the order in which dictionaries are searched is another one in each process.
            environment["SWIFT_DETERMINISTIC_HASHING"] = "1"
            self.process = subprocess.Popen(
                ["valgrind", "--tool=callgrind", "--dump-before=mysql_ping", f"--callgrind-out-file={self.counts}",
                 program, "worker"],
                stdin=listener, stderr=self.log, env={"PATH": os.environ["PATH"]} | environment)
        self.connection = Connection(path)
        self.ended = 0

    def close(self):
        self.connection.close()
        self.process.terminate()
        assert self.process.wait(60) == 0
        self.log.close()

    def per_request(self, ask, few=2, many=6):
        """What one call of `ask`, which sends a request, costs: the difference between few and many of them."""
        # What is prepared or kept by the first of them is no cost of the others.
        ask()
        one, other = self._count(ask, few), self._count(ask, many)
        return {what: round((other[what] - one[what]) / (many - few)) for what in one}

    def _count(self, ask, times):
        self._end_count()
        for _ in range(times):
            ask()
        return read_counts(self._end_count())

    def _end_count(self):
        status, _ = self.connection.request("GET", "/health/ready")
        assert status == 200
        self.ended += 1
        return self.counts.with_name(f"{self.counts.name}.{self.ended}")


def read_counts(path):
    """All instructions and calls of allocators in a file of callgrind's, see "Callgrind Format Specification"."""
    names = {}
    caller = callee = None
    instructions = allocations = 0
    with path.open() as lines:
        for line in lines:
            kind, _, rest = line.partition("=")
            if kind in ("fn", "cfn"):
                # A name is written out once, and is its number from then on.
                number, name = re.match(r"\((\d+)\) ?(.*)", rest).groups()
                name = names.setdefault(number, name)
                if kind == "fn":
                    caller = name
                else:
                    callee = name
            elif kind == "calls" and callee in ALLOCATORS and not is_inside_allocator(caller):
                allocations += int(rest.split()[0])
            elif line.startswith("totals:"):
                instructions = int(line.split()[1])
    assert instructions > 0, f"{path} has no totals"
    return {"instructions": instructions, "allocations": allocations}


def is_inside_allocator(caller):
    """Whether a call of an allocator is only a part of another one's work."""
    return caller in ALLOCATORS or caller.startswith("_mid_memalign")
