#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The bench: how fast and in how much memory a feed goes through everything.

usage: bench.py [--bytes 256M] [--seed 1] [--rounds 5] [--memory] [--json FILE]
                [--least MB/s] [--programs FOLDER] [--lists FOLDER] [-- TIDEWAITER OPTIONS]

Generates a lawful feed, then runs in turn tidewaiter with one thread, with two,
and a bare Hyperscan scan of the same bytes, and prints the medians: MB/s per
CPU-second (user and system time of the process), MB/s of the clock,
consignments/s and peak memory; the ratio to the bare scan; the speed-up of two
threads; and the stage table of one further run with stats.stages=yes.

--memory also compares the peak memory of 1 GB with that of 64 MB, as many
messages and as one, with ledger and state held small and as they are. --least makes the bench fail below that many MB/s per
CPU-second with one thread. A MB is 1,000,000 bytes. $TIDEWAITER is the program
(default ./tidewaiter); generate and hyperscan_bare are looked for in --programs
(default ./tests/bench).
"""
import argparse
import glob
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Run:
    """One finished process: its times, its peak memory and what it said."""

    def __init__(self, command, output=subprocess.DEVNULL):
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as errors:
            start = time.monotonic()
            stdout = said if output is None else output
            child = subprocess.Popen(command, stdout=stdout, stderr=errors)
            _, status, usage = os.wait4(child.pid, 0)
            self.seconds = time.monotonic() - start
            child.returncode = self.status = os.waitstatus_to_exitcode(status)
            self.cpu = usage.ru_utime + usage.ru_stime
            self.peak = usage.ru_maxrss * 1024
            said.seek(0)
            errors.seek(0)
            self.said = said.read().decode("utf-8", "replace")
            self.errors = errors.read().decode("utf-8", "replace")
        if self.status not in (0, 3) or self.status < 0:
            sys.exit("%s: exit status %d\n%s" % (" ".join(command), self.status, self.errors[-2000:]))


class Bench:
    """The programs, and what is asked of them."""

    def __init__(self, options):
        self.options = options
        self.tidewaiter = os.environ.get("TIDEWAITER", "./tidewaiter")
        self.generate = os.path.join(options.programs, "generate")
        self.bare = os.path.join(options.programs, "hyperscan_bare")
        self.lists = sorted(glob.glob(os.path.join(options.lists, "*.tsv")))

    def feed(self, path, size, one_message=False):
        command = [self.generate, "--bytes", size, "--seed", str(self.options.seed)]
        with open(path, "wb") as file:
            run = Run(command + (["--one-message"] if one_message else []), file)
        return run.errors.strip()

    def inspect(self, path, threads, folder=None, more=()):
        command = [self.tidewaiter, "-j", str(threads), *more] + self.options.rest
        command += ["--set", "stats.stages=yes", "-l", folder] if folder else ["-o", os.devnull]
        return Run(command + [path])

    def bare_rate(self, path):
        run = Run([self.bare, path] + self.lists, None)
        return float(re.search(r"([0-9.]+) MB/s", run.said).group(1))


def last_stats(folder):
    """The last stats event that a run left in its log folder, or {}."""
    last = {}
    try:
        with open(os.path.join(folder, "stats.json"), encoding="utf-8") as file:
            for line in file:
                event = json.loads(line)
                if event.get("event_type") == "stats":
                    last = event.get("stats", event)
    except OSError:
        pass
    return last


def print_stages(stats, size):
    stages = stats.get("stages") or stats.get("stage_seconds") or {}
    whole = sum(stages.values())
    if not whole:
        print("no stage table: the stats event has none")
        return
    print("%-12s %10s %8s %10s" % ("stage", "seconds", "share", "MB/s"))
    for name, seconds in stages.items():
        rate = "%10.0f" % (size / 1e6 / seconds) if seconds > 1e-6 else "%10s" % "-"
        print("%-12s %10.3f %7.1f%% %s" % (name, seconds, 100 * seconds / whole, rate))


def measure(bench, path, rounds):
    """Alternates the contenders, so that a slow minute of the machine meets all of them."""
    runs = {1: [], 2: []}
    bare = []
    for number in range(rounds):
        for threads, list_of in runs.items():
            list_of.append(bench.inspect(path, threads))
        bare.append(bench.bare_rate(path))
        print("  round %d: -j1 %.2f s CPU, -j2 %.2f s, bare scan %.0f MB/s" % (
            number + 1, runs[1][-1].cpu, runs[2][-1].seconds, bare[-1]), file=sys.stderr)
    return runs, bare


def report(bench, path, said):
    size = os.path.getsize(path)
    consignments = int(re.search(r"(\d+) consignments", said).group(1))
    runs, bare = measure(bench, path, bench.options.rounds)
    result = {"bytes": size, "consignments": consignments, "bare": statistics.median(bare)}
    print("%-8s %14s %12s %16s %12s" % ("", "MB/s per CPU-s", "MB/s clock", "consignments/s", "peak MiB"))
    for threads, several in runs.items():
        cpu = statistics.median(run.cpu for run in several)
        clock = statistics.median(run.seconds for run in several)
        peak = max(run.peak for run in several)
        result["j%d" % threads] = {"cpu": size / 1e6 / cpu, "clock": size / 1e6 / clock, "peak": peak}
        print("%-8s %14.1f %12.1f %16.0f %12.1f" % ("-j %d" % threads, size / 1e6 / cpu, size / 1e6 / clock,
                                                  consignments / clock, peak / 2**20))
    print("%-8s %14.1f" % ("bare", result["bare"]))
    print("ratio to the bare scan %.2f; two threads are %.2f times one" % (
        result["j1"]["cpu"] / result["bare"], result["j2"]["clock"] / result["j1"]["clock"]))
    statuses = {run.status for several in runs.values() for run in several}
    if statuses != {0}:
        print("exit status %s: something is incomplete" % ", ".join(map(str, sorted(statuses))))
    with tempfile.TemporaryDirectory(dir=os.path.dirname(path)) as folder:
        bench.inspect(path, 1, folder)
        result["stats"] = last_stats(folder)
    print_stages(result["stats"], size)
    return result


# Ledger and state have caps of their own; with these they are full in either feed.
CAPPED = ["--set", "limits.shipments=500", "--set", "limits.state_keys=500", "--set", "limits.aliases_memory=16KiB"]


def memory(bench, folder):
    """Peak memory of 1 GB against 64 MB; at most 1.1 times as much is allowed."""
    good, peaks = True, {}
    for one_message in (False, True):
        for size in ("64M", "1G"):
            path = os.path.join(folder, "memory.edi")
            bench.feed(path, size, one_message)
            peaks[size] = [bench.inspect(path, 2, more=more).peak for more in (CAPPED, [])]
            os.unlink(path)
        for which, what in enumerate(("beside ledger and state", "with them")):
            small, large = peaks["64M"][which], peaks["1G"][which]
            good = good and large <= 1.1 * small
            print("peak memory %s, %s: 64 MB %.1f MiB, 1 GB %.1f MiB, %.2f times" % (
                "of one message" if one_message else "of many messages", what, small / 2**20, large / 2**20,
                large / small))
    return good


def main(arguments):
    rest = []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, rest = arguments[:at], arguments[at + 1:]
    parser = argparse.ArgumentParser(description="the bench; options after -- go to tidewaiter")
    parser.add_argument("--bytes", default="256M")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--least", type=float, default=0)
    parser.add_argument("--json", help="file for the figures")
    parser.add_argument("--programs", default="tests/bench")
    parser.add_argument("--lists", default=os.path.join(HERE, "..", "..", "rules", "lists"))
    options = parser.parse_args(arguments)
    options.rest = rest
    bench = Bench(options)
    good = True
    with tempfile.TemporaryDirectory(prefix="tidewaiter-bench-") as folder:
        path = os.path.join(folder, "feed.edi")
        said = bench.feed(path, options.bytes)
        print(said)
        result = report(bench, path, said)
        os.unlink(path)
        if options.memory:
            good = memory(bench, folder)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
    if result["j1"]["cpu"] < options.least:
        print("below %.0f MB/s per CPU-second" % options.least)
        good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
