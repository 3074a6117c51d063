"""One worker process under valgrind's callgrind, and the cost of its requests: instructions and allocations."""
import os
import re
import socket
import subprocess

from fastcgi import Connection
from site_client import ENVELOPE_11, ROOT, wait_until

# A pattern for the function of get_service_info: the names of Swift's functions contain their types and modules.
MARK = "*Endpoint*serviceInfo*Reading*U_TA"
ALLOCATORS = {"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "memalign"}


END = f'<e:Envelope xmlns:e="{ENVELOPE_11}"><e:Body><get_service_info/></e:Body></e:Envelope>'.encode()


class CountedWorker:
    """`seller-center worker` with one thread, on a socket of its own and the database of a running stack.

    Only one operation calls the function MARK. Whenever MARK is called, callgrind writes down its counts and begins new
    ones, so that this operation ends one count and begins the next, always at the same instruction.
    """

    def __init__(self, stack, name, **settings):
        # The worker gets a directory of its own, since its desk has a socket as well.
        (dir := stack.dir / name).mkdir()
        self.counts = dir / "counts"
        self.log = (dir / "log").open("w")
        path = dir / "fastcgi.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()
            # Debian 12's valgrind cannot read DWARF 5. Debug information is removed, and the symbols stay.
            program = dir / "program"
            built = next((ROOT / ".build").glob("*/release/seller-center"))
            subprocess.run(["strip", "--strip-debug", "-o", program, built], check=True)
            values = {
                "DATABASE_SOCKET": stack.dir / "mariadb.sock", "SOCKET": path, "THREADS": 1, "RECEIVE_SECONDS": 300,
            } | settings
            environment = {f"SELLER_CENTER_{key}": str(value) for key, value in values.items()}
            # Without this, the order of dictionaries, and so the cost of searching them, differs in each process.
            environment["SWIFT_DETERMINISTIC_HASHING"] = "1"
            self.process = subprocess.Popen(
                ["valgrind", "--tool=callgrind", f"--dump-before={MARK}", f"--callgrind-out-file={self.counts}",
                 program, "worker"],
                stdin=listener, stderr=self.log, env={"PATH": os.environ["PATH"]} | environment)
        # The worker takes seconds to start under valgrind; a request that waited for that long would be refused.
        wait_until(lambda: "worker is ready" in (dir / "log").read_text(), 60, "the worker")
        self.connection = Connection(path)
        self.ended = 0

    def close(self):
        self.connection.close()
        self.process.terminate()
        assert self.process.wait(60) == 0
        self.log.close()

    def per_request(self, ask, few=2, many=6):
        """The cost of one call of `ask`, which sends a request: the difference between many calls and few."""
        # The first call is not counted, since it prepares statements and fills caches.
        ask()
        one, other = self._count(ask, few), self._count(ask, many)
        return {what: round((other[what] - one[what]) / (many - few)) for what in one}

    def _count(self, ask, times):
        self._end_count()
        for _ in range(times):
            ask()
        return read_counts(self._end_count())

    def _end_count(self):
        status, _ = self.connection.request("POST", "/products/soap/", END, "text/xml")
        assert status == 200
        self.ended += 1
        return self.counts.with_name(f"{self.counts.name}.{self.ended}")


def read_counts(path):
    """All instructions and calls of allocators in a file of callgrind, see "Callgrind Format Specification"."""
    names = {}
    caller = callee = None
    instructions = allocations = 0
    with path.open() as lines:
        for line in lines:
            kind, _, rest = line.partition("=")
            if kind in ("fn", "cfn"):
                # The file has each name once, and later only its number.
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
    """Whether the caller is itself an allocator, so that the call must not be counted again."""
    return caller in ALLOCATORS or caller.startswith("_mid_memalign")
