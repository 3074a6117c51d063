"""The report: medians of rates and latencies, minima of CPU, and ratios between targets of the same rounds."""
import statistics

import peers
import variants

TITLES = variants.TITLES | peers.TITLES
PARTS = ("app", "nginx", "MariaDB")
COUNTS = (("statements", 6, 1), ("rows", 8, 0), ("disk_tables", 6, 1))
HEAD = (f"{'':32}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8} |{'app':>8}{'nginx':>7}{'MariaDB':>9}"
        f"{'app+MariaDB':>13} |"
        f"{'stmts':>6}{'rows':>8}{'disk':>6}{'KB':>7} | ratios to others of the CPU of app and MariaDB")


def summarize(rounds):
    """The figures of one target over its rounds."""
    def middle(name):
        return statistics.median(figures[name] for figures in rounds)
    summary = {name: middle(name) for name in ("requests_per_second", "p50", "p99", "bytes")}
    # Other processes on the machine can only increase the CPU of a request, so the minimum is closest to the truth.
    summary["cpu"] = {part: min(figures["cpu"][part] for figures in rounds) for part in rounds[0]["cpu"]}
    summary |= {name: middle(name) for name, _, _ in COUNTS if name in rounds[0]}
    summary["rates"] = [figures["requests_per_second"] for figures in rounds]
    if "MariaDB" in summary["cpu"]:
        summary["costs"] = [cost(figures) for figures in rounds]
    return summary


def cost(figures):
    """The CPU of an answer in the program and MariaDB; nginx does the same for every program."""
    return figures["cpu"]["app"] + figures["cpu"]["MariaDB"]


def ratio(figures, others):
    """How many times as much one target has of something as another, by the rounds in which both were measured."""
    return statistics.median(one / other for one, other in zip(figures, others))


def add_ratios(results, connections):
    """Compares the site with everything that was measured in the same rounds."""
    level = results[str(connections)]
    empty = level["empty"]["site"]
    for name, targets in level.items():
        site = targets["site"]
        site["cpu_ratios"] = {
            other: ratio(site["costs"], figures["costs"])
            for other, figures in targets.items() if other != "site" and "costs" in figures}
        if "static file" in targets:
            site["rate_of_static"] = ratio(site["rates"], targets["static file"]["rates"])
        if name != "empty":
            site["cpu_of_empty"] = front(site) / front(empty)


def front(figures):
    return figures["cpu"]["app"] + figures["cpu"]["nginx"]


def line(title, figures):
    cpu = figures["cpu"]
    parts = "".join(f"{cpu[part]:>{width}.0f}" if part in cpu else " " * (width - 1) + "–"
                    for part, width in zip(PARTS, (8, 7, 9)))
    parts += f"{cost(figures):>13.0f}" if "MariaDB" in cpu else f"{'–':>13}"
    counts = "".join(f"{figures[name]:>{width}.{places}f}" if name in figures else " " * (width - 1) + "–"
                     for name, width, places in COUNTS)
    return (f"{title:32}{figures['requests_per_second']:>8.0f}{figures['p50']:>8.2f}{figures['p99']:>8.2f} |{parts} |"
            f"{counts}{figures['bytes'] / 1000:>7.1f} |")


def table(results, titles):
    """The whole report as text."""
    lines = []
    for connections, level in results["connections"].items():
        lines += [
            "", f"{connections} connections; for each answer: µs of CPU, and MariaDB's statements, rows read and "
            "temporary tables on disk", HEAD]
        for name, targets in level.items():
            site = targets["site"]
            ratios = "".join(f"  {value:.2f}x {TITLES[other]} CPU" for other, value in site["cpu_ratios"].items())
            if "rate_of_static" in site:
                ratios += f"  {site['rate_of_static']:.2f}x static file req/s"
            if "cpu_of_empty" in site:
                ratios += f"  (app + nginx CPU {site['cpu_of_empty']:.1f}x empty)"
            lines.append(line(titles[name], site) + ratios)
            lines += [line(f"    {TITLES.get(other, other)}", figures)
                      for other, figures in targets.items() if other != "site"]
    lines += ["", "memory (proportional set size, the most after a round), MB: " + ", ".join(
        f"{what} {kilobytes / 1024:.1f}" for what, kilobytes in results["memory"].items())]
    return "\n".join(lines)


def changes(results, before, titles):
    """The differences from kept figures. CPU is comparable; rates depend on what else the machine does."""
    lines = ["", "changes from the kept figures"]
    for key in ("products", "orders", "buffer_pool"):
        if results["settings"][key] != before["settings"].get(key):
            lines.append(f"not the same data or memory: {key} were {before['settings'].get(key)}")
    lines.append(f"{'':32}{'con.':>5}{'req/s':>9}{'app':>9}{'nginx':>9}{'MariaDB':>9}{'sum':>9}{'rows':>9}")
    for connections, level in results["connections"].items():
        for name, targets in level.items():
            now, then = targets["site"], before["connections"].get(connections, {}).get(name, {}).get("site")
            if not then:
                continue
            pairs = [
                (now["requests_per_second"], then["requests_per_second"]),
                *((now["cpu"].get(part), then["cpu"].get(part)) for part in PARTS), (cost(now), cost(then)),
                (now.get("rows"), then.get("rows"))]
            lines.append(f"{titles[name]:32}{connections:>5}" + "".join(change(*pair) for pair in pairs))
    return "\n".join(lines)


def change(now, then):
    if not then or now is None:
        return f"{'–':>9}"
    return f"{(now / then - 1) * 100:>+8.0f}%"
